package dev.fieldproof.ota.delta;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The old image that a patch is applied to, read at random; it must not change while a patch is applied. */
public interface SourceImage {
    /**
     * Length of the image.
     *
     * @return size in bytes, not negative
     */
    long sizeBytes();

    /**
     * Reads exactly {@code length} bytes.
     *
     * @param offsetBytes first byte to read; the caller keeps {@code offsetBytes + length <= sizeBytes()}
     * @param target receives the bytes
     * @param targetOffset index of the first byte in {@code target}
     * @param length number of bytes
     * @throws IOException if the medium fails
     */
    void read(long offsetBytes, byte[] target, int targetOffset, int length) throws IOException;

    /**
     * An image held in memory.
     *
     * @param bytes the image, not copied
     * @return a view of {@code bytes}, safe for any number of threads
     */
    static SourceImage of(byte[] bytes) {
        return new SourceImage() {
            @Override
            public long sizeBytes() {
                return bytes.length;
            }

            @Override
            public void read(long offsetBytes, byte[] target, int targetOffset, int length) {
                System.arraycopy(bytes, Math.toIntExact(offsetBytes), target, targetOffset, length);
            }
        };
    }

    /**
     * An image in a file.
     *
     * @param channel open for reading; stays the caller's to close
     * @return a view of the file, as long as it is now
     * @throws IOException if the size cannot be read
     */
    static SourceImage of(FileChannel channel) throws IOException {
        long size = channel.size();
        return new SourceImage() {
            @Override
            public long sizeBytes() {
                return size;
            }

            @Override
            public void read(long offsetBytes, byte[] target, int targetOffset, int length) throws IOException {
                ByteBuffer buffer = ByteBuffer.wrap(target, targetOffset, length);
                while (buffer.hasRemaining()) {
                    if (channel.read(buffer, offsetBytes + buffer.position() - targetOffset) < 0) {
                        throw new IOException("the source image ended at byte " + channel.size());
                    }
                }
            }
        };
    }
}
