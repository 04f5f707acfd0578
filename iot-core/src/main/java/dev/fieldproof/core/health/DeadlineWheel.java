package dev.fieldproof.core.health;

import java.util.Arrays;

/**
 * A lazy timing wheel of numbers in primitive arrays: about 4.8 bytes per entry. An entry is visited at the time it was
 * added for, whatever happened since; the visitor then says when to come again. So a beat moves nothing here.
 *
 * <p>A slot is a chain of chunks of 31 entries, which a visit reads as a block: one cache miss in place of 31.
 */
final class DeadlineWheel {
    private static final int CHUNK_INTS = 32;
    private static final int ENTRIES = CHUNK_INTS - 1;

    private final int tickShift;
    private final int[] heads;
    private final byte[] fills;
    private int[] chunks = new int[CHUNK_INTS * 64];
    private int usedChunks;
    private int freeChunk = -1;
    private long cursor;
    private boolean started;
    private final int[] block = new int[ENTRIES];
    private final long[] nextMillis = new long[ENTRIES];

    /** Says for a block of entries when each is to be visited next, or a negative time for never. */
    interface Visitor {
        void visit(int[] entries, int count, long nowMillis, long[] nextMillis);
    }

    /** Both sizes are powers of two: slots, and milliseconds per slot. */
    DeadlineWheel(int slots, int tickMillis) {
        tickShift = Integer.numberOfTrailingZeros(tickMillis);
        heads = new int[slots];
        fills = new byte[slots];
        Arrays.fill(heads, -1);
    }

    /** Adds an entry; a time beyond the wheel's horizon becomes a visit at the horizon. */
    void add(int entry, long atMillis) {
        long tick = Math.max(cursor + 1, (atMillis >> tickShift) + 1);
        int slot = (int) (Math.min(tick, cursor + heads.length - 1) & (heads.length - 1));
        int head = heads[slot];
        if (head < 0 || fills[slot] == ENTRIES) {
            int fresh = takeChunk();
            chunks[fresh * CHUNK_INTS] = head;
            heads[slot] = fresh;
            head = fresh;
            fills[slot] = 0;
        }
        chunks[head * CHUNK_INTS + 1 + fills[slot]++] = entry;
    }

    private int takeChunk() {
        int chunk = freeChunk;
        if (chunk >= 0) {
            freeChunk = chunks[chunk * CHUNK_INTS];
            return chunk;
        }
        if ((usedChunks + 1) * CHUNK_INTS > chunks.length) {
            chunks = Arrays.copyOf(chunks, chunks.length + Math.max(chunks.length >> 3, CHUNK_INTS * 64));
        }
        return usedChunks++;
    }

    /** Before the first beat the wheel knows no time; afterwards it never goes back. */
    void start(long nowMillis) {
        if (!started) {
            started = true;
            cursor = nowMillis >> tickShift;
        }
    }

    /** Visits all entries whose time has come. */
    void advance(long nowMillis, Visitor visitor) {
        start(nowMillis);
        long target = nowMillis >> tickShift;
        long from = Math.max(cursor + 1, target - heads.length + 1);
        for (long tick = from; tick <= target; tick++) {
            cursor = tick;
            visitSlot((int) (tick & (heads.length - 1)), nowMillis, visitor);
        }
        cursor = Math.max(cursor, target);
    }

    private void visitSlot(int slot, long nowMillis, Visitor visitor) {
        int chunk = heads[slot];
        int count = fills[slot];
        heads[slot] = -1;
        while (chunk >= 0) {
            int base = chunk * CHUNK_INTS;
            int next = chunks[base];
            System.arraycopy(chunks, base + 1, block, 0, count);
            chunks[base] = freeChunk;
            freeChunk = chunk;
            visitor.visit(block, count, nowMillis, nextMillis);
            for (int i = 0; i < count; i++) {
                if (nextMillis[i] >= 0) {
                    add(block[i], nextMillis[i]);
                }
            }
            chunk = next;
            count = ENTRIES;
        }
    }

    long bytes() {
        return 4L * chunks.length + 5L * heads.length;
    }
}
