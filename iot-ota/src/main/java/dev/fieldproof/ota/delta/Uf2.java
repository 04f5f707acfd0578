package dev.fieldproof.ota.delta;

import dev.fieldproof.ota.delta.isa.Segments;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The framing of a regular UF2 file (USB Flashing Format, github.com/microsoft/uf2): blocks of 512 bytes with 256 bytes
 * of payload each at ascending addresses, numbered, otherwise alike. Such a file is its payload and these five numbers.
 */
record Uf2(int flags, int address, int blocks, int family) implements Framing {
    static final int BLOCK_BYTES = 512;
    static final int PAYLOAD_BYTES = 256;

    private static final int HEADER_BYTES = 32;
    private static final int MAGIC_1 = 0x0A324655;
    private static final int MAGIC_2 = 0x9E5D5157;
    private static final int MAGIC_END = 0x0AB16F30;

    /** Recognises a file that {@link #wrap} gives back byte for byte. */
    static Optional<Uf2> of(byte[] file) {
        if (file.length == 0 || file.length % BLOCK_BYTES != 0) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        Uf2 first = new Uf2(in.getInt(8), in.getInt(12), file.length / BLOCK_BYTES, in.getInt(28));
        byte[] expected = new byte[BLOCK_BYTES];
        for (int block = 0; block < first.blocks; block++) {
            first.frame(block, expected);
            System.arraycopy(file, block * BLOCK_BYTES + HEADER_BYTES, expected, HEADER_BYTES, PAYLOAD_BYTES);
            int from = block * BLOCK_BYTES;
            if (java.util.Arrays.mismatch(file, from, from + BLOCK_BYTES, expected, 0, BLOCK_BYTES) >= 0) {
                return Optional.empty();
            }
        }
        return Optional.of(first);
    }

    private void frame(int block, byte[] out) {
        ByteBuffer.wrap(out)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(MAGIC_1)
                .putInt(MAGIC_2)
                .putInt(flags)
                .putInt(address + block * PAYLOAD_BYTES)
                .putInt(PAYLOAD_BYTES)
                .putInt(block)
                .putInt(blocks)
                .putInt(family)
                .putInt(BLOCK_BYTES - 4, MAGIC_END);
    }

    @Override
    public int payloadBytes() {
        return blocks * PAYLOAD_BYTES;
    }

    /** Where the payload is loaded. */
    Segments segments() {
        return Segments.flat(payloadBytes(), address);
    }

    /** The payload of a file that {@link #of} recognised. */
    static byte[] unwrap(byte[] file) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(file.length / 2);
        for (int at = 0; at < file.length; at += BLOCK_BYTES) {
            out.write(file, at + HEADER_BYTES, PAYLOAD_BYTES);
        }
        return out.toByteArray();
    }

    @Override
    public SourceImage payload(SourceImage file) {
        long size = file.sizeBytes() / BLOCK_BYTES * PAYLOAD_BYTES;
        return new SourceImage() {
            @Override
            public long sizeBytes() {
                return size;
            }

            @Override
            public void read(long offsetBytes, byte[] target, int targetOffset, int length) throws IOException {
                long at = offsetBytes;
                int left = length;
                while (left > 0) {
                    int inBlock = (int) (at % PAYLOAD_BYTES);
                    int count = Math.min(left, PAYLOAD_BYTES - inBlock);
                    long from = at / PAYLOAD_BYTES * BLOCK_BYTES + HEADER_BYTES + inBlock;
                    file.read(from, target, targetOffset + length - left, count);
                    at += count;
                    left -= count;
                }
            }
        };
    }

    @Override
    public TargetSink wrap(TargetSink sink) {
        byte[] out = new byte[BLOCK_BYTES];
        return new TargetSink() {
            private int made;

            @Override
            public void write(byte[] buffer, int offset, int length) throws IOException {
                for (int i = 0; i < length; i++) {
                    out[HEADER_BYTES + made % PAYLOAD_BYTES] = buffer[offset + i];
                    made++;
                    if (made % PAYLOAD_BYTES == 0) {
                        frame(made / PAYLOAD_BYTES - 1, out);
                        sink.write(out, 0, BLOCK_BYTES);
                    }
                }
            }
        };
    }
}
