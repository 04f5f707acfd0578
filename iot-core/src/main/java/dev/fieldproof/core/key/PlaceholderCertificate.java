package dev.fieldproof.core.key;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The certificate that PKCS#12 files of the JDK demand beside a private key, for a key that has none yet: self-signed,
 * version 1 (RFC 5280, section 4.1), under a name of its own, and never shown to callers.
 */
final class PlaceholderCertificate {
    private static final String NAME = "dev.fieldproof key without certificate";
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int UTF8_STRING = 0x0C;
    private static final int UTC_TIME = 0x17;
    private static final int GENERALIZED_TIME = 0x18;
    private static final byte[] COMMON_NAME = {0x06, 3, 0x55, 0x04, 0x03};
    private static final byte[] ED25519 = {0x06, 3, 0x2B, 0x65, 0x70};
    private static final byte[] ECDSA_WITH_SHA256 = {
        0x06, 8, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 0x04, 0x03, 0x02
    };

    private PlaceholderCertificate() {}

    static X509Certificate of(PublicKey publicKey, PrivateKey privateKey) throws GeneralSecurityException {
        KeyAlgorithm algorithm = KeyEntry.algorithmOf(publicKey);
        byte[] signatureAlgorithm = der(SEQUENCE, algorithm == KeyAlgorithm.ED25519 ? ED25519 : ECDSA_WITH_SHA256);
        byte[] name = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, ascii(NAME)))));
        byte[] validity =
                der(SEQUENCE, der(UTC_TIME, ascii("700101000000Z")), der(GENERALIZED_TIME, ascii("99991231235959Z")));
        byte[] serial = der(INTEGER, new byte[] {1});
        byte[] toSign = der(SEQUENCE, serial, signatureAlgorithm, name, validity, name, publicKey.getEncoded());
        byte[] signature = KeyEntry.sign(privateKey, algorithm, toSign);
        byte[] certificate = der(SEQUENCE, toSign, signatureAlgorithm, der(BIT_STRING, new byte[1], signature));
        return parse(certificate);
    }

    private static X509Certificate parse(byte[] certificate) throws CertificateException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
    }

    static boolean isOnlyCertificateOf(List<X509Certificate> chain) {
        return chain.size() == 1
                && chain.get(0).getSubjectX500Principal().getName().equals("CN=" + NAME);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Tag, length in the definite form (X.690, section 8.1.3), contents. */
    private static byte[] der(int tag, byte[]... contents) {
        int length = 0;
        for (byte[] content : contents) {
            length += content.length;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length >= 0x100) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length >= 0x80) {
            out.write(0x81);
        }
        out.write(length);
        for (byte[] content : contents) {
            out.writeBytes(content);
        }
        return out.toByteArray();
    }
}
