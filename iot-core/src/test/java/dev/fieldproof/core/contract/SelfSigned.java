package dev.fieldproof.core.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.fieldproof.core.key.KeyAlgorithm;
import dev.fieldproof.core.key.KeyStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

/** A certificate (RFC 5280, version 1) that a key of a store signs for itself, in DER without any library. */
final class SelfSigned {
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int UTF8_STRING = 0x0C;
    private static final int UTC_TIME = 0x17;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;

    /** AlgorithmIdentifiers (RFC 8410, RFC 5758) and the attribute type commonName. */
    private static final String ED25519 = "300506032B6570";

    private static final String ECDSA_WITH_SHA256 = "300A06082A8648CE3D040302";
    private static final String COMMON_NAME = "0603550403";

    private SelfSigned() {}

    static X509Certificate certificate(KeyStore store, String keyId, KeyAlgorithm algorithm, String name)
            throws Exception {
        byte[] identifier = HexFormat.of().parseHex(algorithm == KeyAlgorithm.ED25519 ? ED25519 : ECDSA_WITH_SHA256);
        byte[] subject = der(
                SEQUENCE,
                der(
                        SET,
                        der(
                                SEQUENCE,
                                HexFormat.of().parseHex(COMMON_NAME),
                                der(UTF8_STRING, name.getBytes(US_ASCII)))));
        byte[] validity = der(SEQUENCE, time("260101000000Z"), time("491231235959Z"));
        byte[] signed = der(
                SEQUENCE,
                der(INTEGER, BigInteger.ONE.toByteArray()),
                identifier,
                subject,
                validity,
                subject,
                store.publicKey(keyId).getEncoded());
        byte[] signature = der(BIT_STRING, new byte[1], store.sign(keyId, signed));
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der(SEQUENCE, signed, identifier, signature)));
    }

    private static byte[] time(String utc) {
        return der(UTC_TIME, utc.getBytes(US_ASCII));
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        int length = content.size();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length >= 0x100) {
            out.writeBytes(new byte[] {(byte) 0x82, (byte) (length >> 8)});
        } else if (length >= 0x80) {
            out.write(0x81);
        }
        out.write(length);
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
