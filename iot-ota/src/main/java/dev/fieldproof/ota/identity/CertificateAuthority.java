package dev.fieldproof.ota.identity;

import dev.fieldproof.core.key.KeyStore;
import java.io.IOException;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.random.RandomGenerator;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;

/**
 * Signs certificates (RFC 5280) with a key that stays in its store: those of devices, and those of sites that issue on
 * their own while offline. Thread-safe.
 */
public final class CertificateAuthority {
    private static final Duration BACKDATED = Duration.ofMinutes(5);

    private final KeyStore keys;
    private final String keyId;
    private final X500Name issuer;
    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * Makes an authority of a key.
     *
     * @param keys holds the issuing key
     * @param keyId which of its keys
     * @param issuerName the issuer's distinguished name, such as {@code O=Site 7}; devices' names lie below it
     * @param clock for validity
     * @param random for serial numbers; cryptographically strong outside simulations
     * @throws IllegalArgumentException if the name cannot be read
     */
    public CertificateAuthority(
            KeyStore keys, String keyId, String issuerName, InstantSource clock, RandomGenerator random) {
        this.keys = keys;
        this.keyId = keyId;
        this.issuer = new X500Name(issuerName);
        this.clock = clock;
        this.random = random;
    }

    /**
     * Signs the authority's own certificate, for a root.
     *
     * @param validity how long it lasts
     * @return the certificate
     * @throws IOException if the key store fails
     */
    public X509Certificate selfSigned(Duration validity) throws IOException {
        X509v3CertificateBuilder builder = begin(
                issuer, SubjectPublicKeyInfo.getInstance(keys.publicKey(keyId).getEncoded()), validity);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(1));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        return CertificateRequests.parse(sign(builder));
    }

    /**
     * Lets a site issue device certificates on its own for a while: below its name only, and no further authorities
     * (RFC 5280, sections 4.2.1.9 and 4.2.1.10).
     *
     * @param site the site's authority, whose key stays where it is
     * @param validity how long it lasts
     * @return the site's certificate
     * @throws IOException if a key store fails
     */
    public X509Certificate intermediate(CertificateAuthority site, Duration validity) throws IOException {
        X509v3CertificateBuilder builder = begin(
                site.issuer,
                SubjectPublicKeyInfo.getInstance(site.keys.publicKey(site.keyId).getEncoded()),
                validity);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
        builder.addExtension(
                Extension.nameConstraints,
                true,
                new NameConstraints(new GeneralSubtree[] {new GeneralSubtree(new GeneralName(site.issuer))}, null));
        return CertificateRequests.parse(sign(builder));
    }

    /** Signs a device's certificate; its name is the issuer's with a common name below it. */
    String device(SubjectPublicKeyInfo key, String commonName, Duration validity) throws IOException {
        X500Name subject = new X500Name(issuer + ",CN=" + commonName);
        X509v3CertificateBuilder builder = begin(subject, key, validity);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        return sign(builder);
    }

    private X509v3CertificateBuilder begin(X500Name subject, SubjectPublicKeyInfo key, Duration validity) {
        Instant now = clock.instant();
        byte[] serial = new byte[16];
        random.nextBytes(serial);
        return new X509v3CertificateBuilder(
                issuer,
                new BigInteger(1, serial),
                Date.from(now.minus(BACKDATED)),
                Date.from(now.plus(validity)),
                subject,
                key);
    }

    private String sign(X509v3CertificateBuilder builder) throws IOException {
        return CertificateRequests.pem(
                "CERTIFICATE",
                builder.build(CertificateRequests.signer(keys, keyId)).getEncoded());
    }
}
