package dev.fieldproof.ota.slot;

import dev.fieldproof.core.store.NorFlash;
import java.io.IOException;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Computes the check value of an image in flash: a digest that the slot's label then vouches for. Not thread-safe.
 */
@FunctionalInterface
public interface ImageCheck {
    /** The longest value that a label can hold. */
    int MAX_BYTES = 32;

    /**
     * Digests an image.
     *
     * @param flash holds it
     * @param offsetBytes where it begins
     * @param lengthBytes how long it is
     * @return 1 to {@link #MAX_BYTES} bytes
     * @throws IOException if the flash fails
     */
    byte[] digest(NorFlash flash, int offsetBytes, int lengthBytes) throws IOException;

    /**
     * SHA-256, for images that an attacker may have touched.
     *
     * @return a new check
     */
    static ImageCheck sha256() {
        return (flash, offsetBytes, lengthBytes) -> {
            java.security.MessageDigest digest = dev.fieldproof.core.Digest.newSha256();
            byte[] buffer = new byte[Math.min(lengthBytes, flash.sectorSizeBytes())];
            for (int at = 0; at < lengthBytes; at += buffer.length) {
                int length = Math.min(buffer.length, lengthBytes - at);
                flash.read(offsetBytes + at, buffer, 0, length);
                digest.update(buffer, 0, length);
            }
            return digest.digest();
        };
    }

    /** CRC-32, for enumerations, where only accidents happen and a case must cost microseconds. */
    static ImageCheck crc32() {
        return new ImageCheck() {
            private final CRC32 crc = new CRC32();
            private byte @Nullable [] buffer;

            @Override
            public byte[] digest(NorFlash flash, int offsetBytes, int lengthBytes) throws IOException {
                byte[] image = buffer;
                if (image == null || image.length < lengthBytes) {
                    image = new byte[lengthBytes];
                    buffer = image;
                }
                flash.read(offsetBytes, image, 0, lengthBytes);
                crc.reset();
                crc.update(image, 0, lengthBytes);
                long value = crc.getValue();
                return new byte[] {(byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)};
            }
        };
    }
}
