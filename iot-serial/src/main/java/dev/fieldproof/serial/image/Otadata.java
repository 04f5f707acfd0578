package dev.fieldproof.serial.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The OTA selection: two entries, each in a flash sector of its own, of which the valid one with the higher sequence
 * number names the slot to boot (vendor's "Over The Air Updates"). Immutable.
 *
 * @param first the entry in the first sector, empty if its checksum is wrong
 * @param second the entry in the second sector, empty if its checksum is wrong
 */
public record Otadata(Optional<Entry> first, Optional<Entry> second) {
    /** Length of both sectors. */
    public static final int BYTES = 0x2000;

    private static final int SECTOR_BYTES = 0x1000;
    private static final int ENTRY_BYTES = 32;

    /** What is known of the image an entry selects. */
    public enum State {
        /** Written, never booted. */
        NEW(0),
        /** Booted once, not yet confirmed. */
        PENDING_VERIFY(1),
        /** Confirmed. */
        VALID(2),
        /** Refused by itself. */
        INVALID(3),
        /** Booted and not confirmed. */
        ABORTED(4),
        /** No rollback in use. */
        UNDEFINED(-1);

        private final int code;

        State(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static State of(int code) {
            return Arrays.stream(values())
                    .filter(state -> state.code == code)
                    .findFirst()
                    .orElse(UNDEFINED);
        }
    }

    /**
     * One entry.
     *
     * @param sequence 1 to 0xFFFFFFFE, unsigned; slot (sequence - 1) mod slots is selected
     * @param state of the image
     */
    public record Entry(long sequence, State state) {
        /**
         * Checks the number.
         *
         * @throws IllegalArgumentException if {@code sequence} is out of range
         */
        public Entry {
            if (sequence < 1 || sequence > 0xFFFF_FFFEL) {
                throw new IllegalArgumentException("an OTA sequence number is 1 to 0xFFFFFFFE: " + sequence);
            }
        }
    }

    /**
     * Reads both sectors; a wrong checksum makes an entry empty, as the boot loader sees it.
     *
     * @param bytes the partition
     * @return the selection
     * @throws ImageFormatException if there are fewer than {@link #BYTES} bytes
     */
    public static Otadata parse(byte[] bytes) throws ImageFormatException {
        if (bytes.length < BYTES) {
            throw new ImageFormatException(bytes.length, "the OTA selection has " + BYTES + " bytes");
        }
        return new Otadata(entry(bytes, 0), entry(bytes, SECTOR_BYTES));
    }

    private static Optional<Entry> entry(byte[] bytes, int at) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int sequence = in.getInt(at);
        State state = State.of(in.getInt(at + 24));
        boolean bootable = sequence != 0 && sequence != -1 && in.getInt(at + 28) == crc(sequence);
        if (!bootable || state == State.INVALID || state == State.ABORTED) {
            return Optional.empty();
        }
        return Optional.of(new Entry(Integer.toUnsignedLong(sequence), state));
    }

    /**
     * Selects a slot, as on a device without any selection.
     *
     * @param slot from 0
     * @return a selection with one entry of state {@link State#UNDEFINED}
     * @throws IllegalArgumentException if {@code slot} is negative
     */
    public static Otadata select(int slot) {
        return new Otadata(Optional.of(new Entry(slot + 1L, State.UNDEFINED)), Optional.empty());
    }

    /**
     * Selects another slot in the way that survives a power cut: the entry in force stays, the other sector gets the
     * next higher number.
     *
     * @param slot from 0
     * @param slots how many there are, more than {@code slot}
     * @param state of the image in the new slot
     * @return the new selection
     * @throws IllegalArgumentException if {@code slot} is out of range
     */
    public Otadata switchTo(int slot, int slots, State state) {
        if (slot < 0 || slot >= slots) {
            throw new IllegalArgumentException("slot " + slot + " of " + slots);
        }
        long current = active().map(Entry::sequence).orElse(0L);
        long next = current + 1 + Math.floorMod(slot - current, (long) slots);
        Entry entry = new Entry(next, state);
        boolean firstActive = active().isPresent() && active().equals(first);
        return firstActive ? new Otadata(first, Optional.of(entry)) : new Otadata(Optional.of(entry), second);
    }

    /**
     * The entry in force.
     *
     * @return the valid entry with the higher number, or empty if both are void
     */
    public Optional<Entry> active() {
        if (first.isPresent() && second.isPresent()) {
            return first.get().sequence() >= second.get().sequence() ? first : second;
        }
        return first.or(() -> second);
    }

    /**
     * The slot in force.
     *
     * @param slots how many there are, positive
     * @return the slot, from 0, or empty if both entries are void
     */
    public OptionalInt activeSlot(int slots) {
        return active().stream()
                .mapToInt(entry -> (int) ((entry.sequence() - 1) % slots))
                .findFirst();
    }

    /**
     * Both sectors.
     *
     * @return {@link #BYTES} new bytes; void entries are blank
     */
    public byte[] toBytes() {
        byte[] bytes = new byte[BYTES];
        Arrays.fill(bytes, (byte) 0xFF);
        first.ifPresent(entry -> put(entry, bytes, 0));
        second.ifPresent(entry -> put(entry, bytes, SECTOR_BYTES));
        return bytes;
    }

    private static void put(Entry entry, byte[] bytes, int at) {
        int sequence = (int) entry.sequence();
        ByteBuffer.wrap(bytes, at, ENTRY_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(at, sequence)
                .putInt(at + 24, entry.state().code())
                .putInt(at + 28, crc(sequence));
    }

    /**
     * The checksum of an entry: CRC-32 (reflected, polynomial 0xEDB88320) of the sequence number alone, with initial
     * value 0 and final inversion, which is not what {@link java.util.zip.CRC32} computes.
     */
    static int crc(int sequence) {
        int crc = 0;
        for (int i = 0; i < 4; i++) {
            crc ^= (sequence >>> (8 * i)) & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc >>> 1) ^ ((crc & 1) == 0 ? 0 : 0xEDB8_8320);
            }
        }
        return ~crc;
    }
}
