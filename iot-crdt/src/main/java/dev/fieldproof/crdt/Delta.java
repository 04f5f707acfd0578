package dev.fieldproof.crdt;

import dev.fieldproof.crdt.wire.WireBudget;
import dev.fieldproof.crdt.wire.WireException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes of an {@link LwwMap}, held in their encoded form: those that a replica's log has between two positions, or
 * all. Applying one twice, late or out of order does no harm. Immutable and thread-safe.
 */
public final class Delta {
    private final byte[] bytes;
    private final Version from;
    private final Version to;
    private final int size;
    private final int extraAt;

    private Delta(byte[] bytes, Version from, Version to, int size, int extraAt) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
        this.size = size;
        this.extraAt = extraAt;
    }

    static Delta of(DeltaBatch batch, Version from, long to, List<Floor> floors, long floorsFrom) {
        byte[] bytes = batch.encode(from, to, floors, floorsFrom, new byte[0]);
        return new Delta(bytes, from, new Version(from.logId(), to), batch.size(), bytes.length);
    }

    /**
     * Reads an encoded delta and checks all of it.
     *
     * @param in the whole of what remains is one delta; its position moves to its limit
     * @param budget limits of size
     * @return the delta, with a copy of the bytes
     * @throws WireException if the input breaks a rule of the format or exceeds the budget
     */
    public static Delta decode(ByteBuffer in, WireBudget budget) throws WireException {
        if (in.remaining() > budget.maxBytes()) {
            throw new WireException(0, "input is at most " + budget.maxBytes() + " bytes, not " + in.remaining());
        }
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        DeltaCursor cursor = new DeltaCursor(bytes);
        int size = 0;
        while (cursor.next()) {
            cursor.checkText();
            if (++size > budget.maxEntries()) {
                throw new WireException(0, "a delta has at most " + budget.maxEntries() + " entries");
            }
        }
        int extraAt = cursor.skipSections();
        Version from = new Version(cursor.logId, cursor.from);
        return new Delta(bytes, from, new Version(cursor.logId, cursor.to), size, extraAt);
    }

    DeltaCursor cursor() {
        try {
            return new DeltaCursor(bytes);
        } catch (WireException e) {
            throw new IllegalStateException("a delta was not checked before", e);
        }
    }

    static boolean next(DeltaCursor cursor) {
        try {
            return cursor.next();
        } catch (WireException e) {
            throw new IllegalStateException("a delta was not checked before", e);
        }
    }

    /**
     * Writes the encoded form.
     *
     * @param out its position moves by {@link #sizeBytes()}
     * @throws java.nio.BufferOverflowException if it has too little room; nothing is written then
     */
    public void encode(ByteBuffer out) {
        out.put(bytes);
    }

    /**
     * The encoded form.
     *
     * @return a copy
     */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /**
     * Length of the encoded form.
     *
     * @return bytes
     */
    public int sizeBytes() {
        return bytes.length;
    }

    /**
     * How many entries it carries.
     *
     * @return at least 0
     */
    public int size() {
        return size;
    }

    /**
     * Where in the sender's log it begins: whoever has followed the log so far has everything after applying it.
     *
     * @return the version before its changes
     */
    public Version from() {
        return from;
    }

    /**
     * Where in the sender's log it ends.
     *
     * @return the version after its changes
     */
    public Version to() {
        return to;
    }

    /**
     * One delta that does what both do.
     *
     * @param next of the same log, beginning no later than this one ends and ending no earlier
     * @return entries of both, the later one of each key
     * @throws IllegalArgumentException if there is a gap between the two
     */
    public Delta join(Delta next) {
        boolean follows = next.from.logId() == from.logId()
                && next.from.position() <= to.position()
                && next.from.position() >= from.position()
                && next.to.position() >= to.position();
        if (!follows) {
            throw new IllegalArgumentException(
                    next.from + " to " + next.to + " does not continue " + from + " to " + to);
        }
        DeltaBatch batch = new DeltaBatch();
        BitSet later = new BitSet();
        DeltaCursor second = next.cursor();
        Boot[] secondBoots = second.boots();
        while (next(second)) {
            later.set(second.key);
            addTo(batch, second, secondBoots);
        }
        DeltaCursor first = cursor();
        Boot[] firstBoots = first.boots();
        while (next(first)) {
            if (!later.get(first.key)) {
                addTo(batch, first, firstBoots);
            }
        }
        List<Floor> floors = new ArrayList<>(first.floors(firstBoots));
        floors.addAll(second.floors(secondBoots));
        long floorsFrom = Math.max(next.to.position(), Math.max(first.floorsFrom(), second.floorsFrom()));
        byte[] extra = Arrays.copyOfRange(bytes, extraAt, bytes.length + next.bytes.length - next.extraAt);
        System.arraycopy(next.bytes, next.extraAt, extra, bytes.length - extraAt, next.bytes.length - next.extraAt);
        byte[] joined = batch.encode(from, next.to.position(), floors, floorsFrom, extra);
        return new Delta(joined, from, next.to, batch.size(), joined.length - extra.length);
    }

    private static void addTo(DeltaBatch batch, DeltaCursor c, Boot[] boots) {
        batch.add(c.key, c.shared, boots[c.boot], c.counter, c.kind, c.bits, c.object());
    }

    List<Floor> floors() {
        DeltaCursor cursor = cursor();
        return cursor.floors(cursor.boots());
    }

    /** The floors and from which position of the log on they hold; null if there are none. */
    Floor.@Nullable Pending pending() {
        DeltaCursor cursor = cursor();
        return cursor.floorCount == 0
                ? null
                : new Floor.Pending(to.logId(), cursor.floorsFrom(), cursor.floors(cursor.boots()));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Delta that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return size + " entries, " + bytes.length + " bytes, " + from + " to " + to;
    }
}
