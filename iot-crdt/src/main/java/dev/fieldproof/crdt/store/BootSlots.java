package dev.fieldproof.crdt.store;

import dev.fieldproof.crdt.Boot;
import dev.fieldproof.crdt.BootTrail;
import dev.fieldproof.crdt.WriterId;
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
    public static final int SLOT_BYTES = 64;

    private static final int MAGIC = 0x32544246;
    private static final int NO_MARK = 0xFF;

    private BootSlots() {}

    /**
     * The content of a slot.
     *
     * @param incarnation from the cloud's counter
     * @param epoch of the boot that wrote it
     * @param marks nonces of the last boots, see {@link BootTrail}
     */
    public record Slot(long incarnation, long epoch, List<BootTrail.Mark> marks) {
        /**
         * A slot that remembers no boots, as the factory writes it.
         *
         * @param incarnation from the cloud's counter
         * @param epoch of the boot that wrote it
         */
        public Slot(long incarnation, long epoch) {
            this(incarnation, epoch, List.of());
        }

        /**
         * The trail to greet others with.
         *
         * @param writer the device
         * @return its life and marks
         */
        public BootTrail trail(WriterId writer) {
            return new BootTrail(new Boot(writer, incarnation, epoch), marks);
        }

        private Slot next(long epochs, int nonce) {
            // The writer plays no part in a trail that stays here.
            WriterId here = new WriterId(1);
            BootTrail next = trail(here).next(new Boot(here, incarnation, epoch + epochs), nonce);
            return new Slot(incarnation, epoch + epochs, next.marks());
        }
    }

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
     * @param nonce drawn at random for this boot
     * @return the life, and what to write
     */
    public static Start boot(byte[] first, byte[] second, int nonce) {
        Optional<Slot> a = decode(first);
        Optional<Slot> b = decode(second);
        if (a.isPresent() && b.isPresent()) {
            boolean aIsOlder = compare(a.get(), b.get()) <= 0;
            Slot newest = aIsOlder ? b.get() : a.get();
            Slot life = newest.next(1, nonce);
            return new Start(life, List.of(new Write(aIsOlder ? 0 : 1, encode(life))), false);
        } else if (a.isPresent() || b.isPresent()) {
            // The slot that is gone may have held the next epoch, in use since: skip it, and leave no trace of doubt.
            Slot known = a.isPresent() ? a.get() : b.get();
            Slot life = known.next(2, nonce);
            int bad = a.isPresent() ? 1 : 0;
            return new Start(life, List.of(new Write(bad, encode(life)), new Write(1 - bad, encode(life))), false);
        }
        Slot life = new Slot(0, 0).next(1, nonce);
        return new Start(life, List.of(new Write(0, encode(life)), new Write(1, encode(life))), true);
    }

    /**
     * What to write when the cloud has issued an incarnation after both slots were lost.
     *
     * @param incarnation greater than any that the cloud ever issued to this writer
     * @param nonce drawn at random
     * @return the writes, in order
     */
    public static List<Write> issued(long incarnation, int nonce) {
        byte[] bytes = encode(new Slot(incarnation, 0).next(1, nonce));
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
        if (magic != MAGIC || incarnation < 0 || epoch < 0 || in.getInt(SLOT_BYTES - 4) != crc(bytes)) {
            return Optional.empty();
        }
        List<BootTrail.Mark> marks = new ArrayList<>();
        for (int i = 0; i < BootTrail.MAX_MARKS; i++) {
            int back = in.get() & 0xFF;
            int nonce = in.getInt();
            if (back != NO_MARK) {
                marks.add(new BootTrail.Mark(epoch - back, nonce));
            }
        }
        return Optional.of(new Slot(incarnation, epoch, marks));
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
        for (int i = 0; i < BootTrail.MAX_MARKS; i++) {
            boolean known = i < slot.marks().size();
            out.put((byte) (known ? slot.epoch() - slot.marks().get(i).epoch() : NO_MARK));
            out.putInt(known ? slot.marks().get(i).nonce() : 0);
        }
        return out.putInt(crc(out.array())).array();
    }

    private static int crc(byte[] slot) {
        CRC32 crc = new CRC32();
        crc.update(slot, 0, SLOT_BYTES - 4);
        return (int) crc.getValue();
    }
}
