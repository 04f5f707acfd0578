package dev.fieldproof.ota.identity;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.key.KeyStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.DSADigestSigner;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;

/** Signing requests (PKCS #10) and certificates, with keys that stay in their store. */
final class CertificateRequests {
    static final int MAX_PEM_CHARS = 16 * 1024;

    private CertificateRequests() {}

    static byte[] pem(KeyStore keys, String keyId) throws IOException {
        PKCS10CertificationRequest request = new PKCS10CertificationRequestBuilder(
                        new X500Name("CN=fieldproof device"),
                        SubjectPublicKeyInfo.getInstance(keys.publicKey(keyId).getEncoded()))
                .build(signer(keys, keyId));
        return pem("CERTIFICATE REQUEST", request.getEncoded()).getBytes(StandardCharsets.US_ASCII);
    }

    /** Signs with a key of the store; what cannot be signed surfaces as an unchecked exception of the builder. */
    static ContentSigner signer(KeyStore keys, String keyId) throws IOException {
        ASN1ObjectIdentifier algorithm = keys.publicKey(keyId) instanceof ECPublicKey
                ? X9ObjectIdentifiers.ecdsa_with_SHA256
                : EdECObjectIdentifiers.id_Ed25519;
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        return new ContentSigner() {
            @Override
            public AlgorithmIdentifier getAlgorithmIdentifier() {
                return new AlgorithmIdentifier(algorithm);
            }

            @Override
            public OutputStream getOutputStream() {
                return message;
            }

            @Override
            public byte[] getSignature() {
                try {
                    return keys.sign(keyId, message.toByteArray());
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        };
    }

    static PKCS10CertificationRequest parseRequest(String pem) throws IOException {
        if (pem.length() > MAX_PEM_CHARS) {
            throw new IOException("a signing request of " + pem.length() + " characters");
        }
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            if (parser.readObject() instanceof PKCS10CertificationRequest request) {
                return request;
            }
            throw new IOException("no signing request");
        }
    }

    /** Whether who asks has the key that it asks a certificate for (RFC 2986, section 3). */
    static boolean signedByOwnKey(PKCS10CertificationRequest csr) throws IOException {
        byte[] signed = csr.toASN1Structure().getCertificationRequestInfo().getEncoded(ASN1Encoding.DER);
        return verify(csr.getSubjectPublicKeyInfo(), signed, csr.getSignature());
    }

    /** Verifies an Ed25519 or P-256 signature; Bouncy Castle does so several times faster than the JDK. */
    static boolean verify(SubjectPublicKeyInfo publicKey, byte[] message, byte[] signature) throws IOException {
        AsymmetricKeyParameter key = PublicKeyFactory.createKey(publicKey);
        if (key instanceof Ed25519PublicKeyParameters edwards) {
            Ed25519Signer verifier = new Ed25519Signer();
            verifier.init(false, edwards);
            verifier.update(message, 0, message.length);
            return verifier.verifySignature(signature);
        }
        if (!(key instanceof ECPublicKeyParameters point)
                || !X9ObjectIdentifiers.prime256v1.equals(
                        publicKey.getAlgorithm().getParameters())) {
            return false;
        }
        DSADigestSigner verifier =
                new DSADigestSigner(new ECDSASigner(), new SHA256Digest(), StandardDSAEncoding.INSTANCE);
        verifier.init(false, point);
        verifier.update(message, 0, message.length);
        return verifier.verifySignature(signature);
    }

    static X509Certificate parse(String pem) throws IOException {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
        } catch (CertificateException e) {
            throw new IOException("not a certificate", e);
        }
    }

    static String pem(String type, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
    }

    /** A certificate's id: the SHA-256 of what is between the lines of its PEM form. */
    static String id(String pem) {
        String body = pem.substring(pem.indexOf('\n') + 1, pem.lastIndexOf("-----END"));
        return Digest.sha256(Base64.getMimeDecoder().decode(body)).hex();
    }

    /** A certificate's id: its SHA-256. */
    static String id(X509Certificate certificate) throws IOException {
        try {
            return Digest.sha256(certificate.getEncoded()).hex();
        } catch (CertificateEncodingException e) {
            throw new IOException("a certificate that cannot be encoded", e);
        }
    }
}
