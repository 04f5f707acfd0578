package dev.fieldproof.ota.slot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * One entry of the ESP-IDF {@code otadata} partition, which has two, in a sector of 4 KiB each: 32 bytes, little
 * endian: sequence, label of 20, state, CRC. The entry with the higher valid sequence rules, and its slot is the
 * sequence minus one, modulo the number of slots. The CRC covers the sequence alone, so a torn or rotten state is not
 * noticed.
 *
 * @param sequence 1 or more, unsigned
 * @param state what the boot loader thinks of the slot
 */
public record Otadata(int sequence, State state) {
    /** Length of an entry. */
    public static final int BYTES = 32;

    private static final int STATE_AT = 24;
    private static final int CRC_AT = 28;
    private static final int LABEL_BYTES = 20;
    private static final int REFLECTED_POLYNOMIAL = 0xEDB8_8320;

    /** The states that the boot loader knows. */
    public enum State {
        /** Written by the installer; the boot loader makes it pending. */
        NEW(0),
        /** On trial: any reset aborts it. */
        PENDING_VERIFY(1),
        /** Confirmed. */
        VALID(2),
        /** Given up by the application. */
        INVALID(3),
        /** Given up by the boot loader. */
        ABORTED(4),
        /** Not used: no trial. */
        UNDEFINED(-1);

        private final int code;

        State(int code) {
            this.code = code;
        }

        static State of(int code) {
            return Arrays.stream(values())
                    .filter(state -> state.code == code)
                    .findFirst()
                    .orElse(UNDEFINED);
        }
    }

    /**
     * Checks the sequence.
     *
     * @throws IllegalArgumentException if it is 0 or all ones, which mean an empty entry
     */
    public Otadata {
        if (sequence == 0 || sequence == -1) {
            throw new IllegalArgumentException("an otadata sequence of " + Integer.toUnsignedString(sequence));
        }
    }

    /**
     * The entry as on the chip, label erased.
     *
     * @return 32 bytes
     */
    public byte[] encode() {
        byte[] bytes = new byte[BYTES];
        Arrays.fill(bytes, 4, 4 + LABEL_BYTES, (byte) 0xFF);
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, sequence)
                .putInt(STATE_AT, state.code)
                .putInt(CRC_AT, crc(sequence));
        return bytes;
    }

    /**
     * Reads an entry as the boot loader does.
     *
     * @param bytes at least 32
     * @return empty if the boot loader would not take it
     */
    public static Optional<Otadata> decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int sequence = in.getInt(0);
        if (sequence == 0 || sequence == -1 || in.getInt(CRC_AT) != crc(sequence)) {
            return Optional.empty();
        }
        return Optional.of(new Otadata(sequence, State.of(in.getInt(STATE_AT))));
    }

    /** The slot that rules, of two entries. */
    static Optional<Otadata> ruling(Optional<Otadata> first, Optional<Otadata> second) {
        if (first.isEmpty() || second.isEmpty()) {
            return first.or(() -> second);
        }
        int order = Integer.compareUnsigned(first.get().sequence(), second.get().sequence());
        return order >= 0 ? first : second;
    }

    /**
     * The slot of this entry.
     *
     * @param slots how many OTA slots there are, at least 1
     * @return 0 to one less than {@code slots}
     */
    public int slot(int slots) {
        return Integer.remainderUnsigned(sequence - 1, slots);
    }

    /** CRC-32, reflected, from zero and inverted at the end: not the one of {@link java.util.zip.CRC32}. */
    private static int crc(int sequence) {
        int crc = sequence;
        for (int bit = 0; bit < 32; bit++) {
            crc = (crc >>> 1) ^ ((crc & 1) != 0 ? REFLECTED_POLYNOMIAL : 0);
        }
        return ~crc;
    }
}
