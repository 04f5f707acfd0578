package dev.fieldproof.serial.flash;

import dev.fieldproof.serial.rom.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** The MD5 that a piece of a part must have in flash. Stateless. */
final class Expected {
    private Expected() {}

    static byte[] md5(FlashPart part, int from, int length) {
        MessageDigest digest = newMd5();
        digest.update(part.bytes(), from, length);
        return digest.digest();
    }

    static MessageDigest newMd5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java platform lacks MD5", e);
        }
    }

    /** Compares a reply, raw from a stub or in hexadecimal digits from a ROM. */
    static boolean matches(Response reply, Link link, byte[] md5) {
        byte[] payload = reply.payload(link.md5Bytes());
        return link.stub()
                ? Arrays.equals(payload, md5)
                : HexFormat.of().formatHex(md5).equalsIgnoreCase(new String(payload, StandardCharsets.US_ASCII));
    }
}
