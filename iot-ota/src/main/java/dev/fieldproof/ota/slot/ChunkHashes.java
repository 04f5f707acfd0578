package dev.fieldproof.ota.slot;

import dev.fieldproof.core.Digest;
import java.security.MessageDigest;
import java.util.zip.CRC32;

/**
 * What each chunk of an image must be, known before the image arrives. Not thread-safe.
 *
 * <p>Signed metadata binds the digest of the list, and the list binds the blocks: a hash tree of two levels. A deeper
 * one would save memory, but its pages would have to be fetched between the blocks, again after every restart, and
 * again to verify the slot, and a block whose page does not come could not be checked. The list of 64 MiB is 512 KiB
 * with blocks of 4 KiB and 32 KiB with blocks of 64 KiB; list and block together take least, 96 KiB, with blocks of 32
 * or 64 KiB. So where memory is short, larger blocks are the remedy.
 */
public interface ChunkHashes {
    /**
     * How many chunks there are.
     *
     * @return at least 1
     */
    int count();

    /**
     * Checks a chunk.
     *
     * @param chunk its index, from 0
     * @param data holds its bytes
     * @param from first index in {@code data}
     * @param lengthBytes how many
     * @return whether the bytes are the chunk's
     */
    boolean matches(int chunk, byte[] data, int from, int lengthBytes);

    /**
     * SHA-256 digests, as firmware metadata binds them.
     *
     * @param digests one after the other, 32 bytes each; not copied
     * @return the hashes
     * @throws IllegalArgumentException if the length is not a positive multiple of 32
     */
    static ChunkHashes sha256(byte[] digests) {
        if (digests.length == 0 || digests.length % Digest.LENGTH_BYTES != 0) {
            throw new IllegalArgumentException(digests.length + " bytes are no list of SHA-256 digests");
        }
        MessageDigest sha256 = Digest.newSha256();
        return new ChunkHashes() {
            @Override
            public int count() {
                return digests.length / Digest.LENGTH_BYTES;
            }

            @Override
            public boolean matches(int chunk, byte[] data, int from, int lengthBytes) {
                sha256.update(data, from, lengthBytes);
                byte[] digest = sha256.digest();
                int at = chunk * Digest.LENGTH_BYTES;
                return java.util.Arrays.equals(digests, at, at + Digest.LENGTH_BYTES, digest, 0, Digest.LENGTH_BYTES);
            }
        };
    }

    /**
     * Lists the SHA-256 digests of an image's chunks.
     *
     * @param image the whole image, not empty
     * @param chunkBytes size of all chunks but the last, at least 1
     * @return the digests one after the other
     */
    static byte[] listSha256(byte[] image, int chunkBytes) {
        int count = (image.length + chunkBytes - 1) / chunkBytes;
        byte[] list = new byte[count * Digest.LENGTH_BYTES];
        MessageDigest sha256 = Digest.newSha256();
        for (int i = 0; i < count; i++) {
            int from = i * chunkBytes;
            sha256.update(image, from, Math.min(chunkBytes, image.length - from));
            System.arraycopy(sha256.digest(), 0, list, i * Digest.LENGTH_BYTES, Digest.LENGTH_BYTES);
        }
        return list;
    }

    /**
     * CRC-32 values, for enumerations, where only accidents happen and a case must cost microseconds.
     *
     * @param image the whole image
     * @param chunkBytes size of all chunks but the last, at least 1
     * @return the hashes
     */
    static ChunkHashes crc32(byte[] image, int chunkBytes) {
        int[] values = new int[(image.length + chunkBytes - 1) / chunkBytes];
        CRC32 crc = new CRC32();
        for (int i = 0; i < values.length; i++) {
            crc.reset();
            crc.update(image, i * chunkBytes, Math.min(chunkBytes, image.length - i * chunkBytes));
            values[i] = (int) crc.getValue();
        }
        return new ChunkHashes() {
            @Override
            public int count() {
                return values.length;
            }

            @Override
            public boolean matches(int chunk, byte[] data, int from, int lengthBytes) {
                crc.reset();
                crc.update(data, from, lengthBytes);
                return (int) crc.getValue() == values[chunk];
            }
        };
    }
}
