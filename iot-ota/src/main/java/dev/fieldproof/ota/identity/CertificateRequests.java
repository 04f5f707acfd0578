package dev.fieldproof.ota.identity;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.key.KeyStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
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
    static boolean signedByOwnKey(PKCS10CertificationRequest csr) throws IOException, GeneralSecurityException {
        ASN1ObjectIdentifier algorithm =
                csr.getSubjectPublicKeyInfo().getAlgorithm().getAlgorithm();
        boolean edwards = algorithm.equals(EdECObjectIdentifiers.id_Ed25519);
        if (!edwards && !algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            return false;
        }
        PublicKey key = KeyFactory.getInstance(edwards ? "Ed25519" : "EC")
                .generatePublic(
                        new X509EncodedKeySpec(csr.getSubjectPublicKeyInfo().getEncoded()));
        Signature signature = Signature.getInstance(edwards ? "Ed25519" : "SHA256withECDSA");
        signature.initVerify(key);
        signature.update(csr.toASN1Structure().getCertificationRequestInfo().getEncoded(ASN1Encoding.DER));
        return signature.verify(csr.getSignature());
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

    /** A certificate's id: its SHA-256. */
    static String id(X509Certificate certificate) throws IOException {
        try {
            return Digest.sha256(certificate.getEncoded()).hex();
        } catch (CertificateEncodingException e) {
            throw new IOException("a certificate that cannot be encoded", e);
        }
    }
}
