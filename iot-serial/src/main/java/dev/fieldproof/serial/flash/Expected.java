package dev.fieldproof.serial.flash;

import dev.fieldproof.serial.rom.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

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

    /** What a loader tells of blank flash, in hexadecimal digits. */
    static String blankMd5(int length) {
        byte[] blank = new byte[length];
        Arrays.fill(blank, (byte) 0xFF);
        return HexFormat.of().formatHex(newMd5().digest(blank));
    }

    /** The MD5 of a reply, raw from a stub or in hexadecimal digits from a ROM, as digits. */
    static String md5Of(Response reply, Link link) {
        byte[] payload = reply.payload(link.md5Bytes());
        return link.stub()
                ? HexFormat.of().formatHex(payload)
                : new String(payload, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
    }

    static boolean matches(Response reply, Link link, byte[] md5) {
        return md5Of(reply, link).equals(HexFormat.of().formatHex(md5));
    }
}
