package dev.fieldproof.crdt.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The boot counter of a device, in two slots of flash: what {@link #boot} says is to be written, in order and each read
 * back, before the first write of the new life becomes visible. It survives a torn write and, later, the decay of
 * either slot. Stateless.
 */
public final class BootSlots {
    /** Length of a slot. */
    public static final int SLOT_BYTES = 24;

    private static final int MAGIC = 0x31544246;

    private BootSlots() {}

    /**
     * The content of a slot.
     *
     * @param incarnation from the cloud's counter
     * @param epoch of the boot that wrote it
     */
    public record Slot(long incarnation, long epoch) {}

    /**
     * A write that a boot demands.
     *
     * @param index which slot, 0 or 1
     * @param bytes its new content
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over without a copy on purpose
    public record Write(int index, byte[] bytes) {}

    /**
     * What a boot begins with.
     *
     * @param life incarnation and epoch of the new life
     * @param writes what to write first, in order
     * @param forgotten whether both slots are unreadable: the cloud must issue a new incarnation before any write of
     *     this life may leave the device
     */
    public record Start(Slot life, List<Write> writes, boolean forgotten) {}

    /**
     * Decides the next life.
     *
     * @param first content of slot 0, of any length
     * @param second content of slot 1, of any length
     * @return the life, and what to write
     */
    public static Start boot(byte[] first, byte[] second) {
        Optional<Slot> a = decode(first);
        Optional<Slot> b = decode(second);
        if (a.isPresent() && b.isPresent()) {
            boolean aIsOlder = compare(a.get(), b.get()) <= 0;
            Slot newest = aIsOlder ? b.get() : a.get();
            Slot life = new Slot(newest.incarnation(), newest.epoch() + 1);
            return new Start(life, List.of(new Write(aIsOlder ? 0 : 1, encode(life))), false);
        } else if (a.isPresent() || b.isPresent()) {
            // The slot that is gone may have held the next epoch, in use since: skip it, and leave no trace of doubt.
            Slot known = a.isPresent() ? a.get() : b.get();
            Slot life = new Slot(known.incarnation(), known.epoch() + 2);
            int bad = a.isPresent() ? 1 : 0;
            return new Start(life, List.of(new Write(bad, encode(life)), new Write(1 - bad, encode(life))), false);
        }
        Slot life = new Slot(0, 1);
        return new Start(life, List.of(new Write(0, encode(life)), new Write(1, encode(life))), true);
    }

    /**
     * What to write when the cloud has issued an incarnation after both slots were lost.
     *
     * @param incarnation greater than any that the cloud ever issued to this writer
     * @return the writes, in order
     */
    public static List<Write> issued(long incarnation) {
        byte[] bytes = encode(new Slot(incarnation, 1));
        List<Write> writes = new ArrayList<>();
        writes.add(new Write(0, bytes));
        writes.add(new Write(1, bytes));
        return writes;
    }

    private static int compare(Slot a, Slot b) {
        int order = Long.compare(a.incarnation(), b.incarnation());
        return order != 0 ? order : Long.compare(a.epoch(), b.epoch());
    }

    /**
     * Reads a slot.
     *
     * @param bytes its content
     * @return empty if it was never written, torn or decayed
     */
    public static Optional<Slot> decode(byte[] bytes) {
        if (bytes.length != SLOT_BYTES) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int magic = in.getInt();
        long incarnation = in.getLong();
        long epoch = in.getLong();
        boolean valid = magic == MAGIC && incarnation >= 0 && epoch >= 0 && in.getInt() == crc(bytes);
        return valid ? Optional.of(new Slot(incarnation, epoch)) : Optional.empty();
    }

    /**
     * Makes the content of a slot.
     *
     * @param slot incarnation and epoch
     * @return {@link #SLOT_BYTES} bytes
     */
    public static byte[] encode(Slot slot) {
        ByteBuffer out = ByteBuffer.allocate(SLOT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC).putLong(slot.incarnation()).putLong(slot.epoch());
        return out.putInt(crc(out.array())).array();
    }

    private static int crc(byte[] slot) {
        CRC32 crc = new CRC32();
        crc.update(slot, 0, SLOT_BYTES - 4);
        return (int) crc.getValue();
    }
}
