package dev.fieldproof.serial.sim;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A flash write in progress: where it is, what is erased, the inflater that has moved on. The ROM erases everything at
 * the beginning and writes each block before it answers; the stub erases as it goes, while more is received, and writes
 * in bursts of its 32 KiB window.
 */
final class SimWriter {
    private static final int STUB_BURST_BYTES = 32_768;
    private static final int ERASE_BLOCK_BYTES = 0x1_0000;
    private static final int PAGE_BYTES = 256;

    /** What went wrong, as both loaders number it. */
    enum Trouble {
        NONE(0, 0),
        NOT_BEGUN(5, 0xC6),
        INFLATE(0x0B, 0xC7),
        TOO_MUCH(0x0B, 0xC9),
        FLASH(8, 0xC4),
        /** The stub waits for ever for an erase that never comes. */
        HANG(8, 0xC4);

        final int romError;
        final int stubError;

        Trouble(int romError, int stubError) {
            this.romError = romError;
            this.stubError = stubError;
        }
    }

    private final SimFlash flash;
    private final SimTiming timing;
    private final boolean stub;
    private final boolean compressed;
    private final int blocks;
    private final Inflater inflater = new Inflater();
    private final byte[] burst = new byte[STUB_BURST_BYTES];
    private int burstBytes;
    private int offset;
    private long remaining;
    private int nextErase;
    private final int eraseEnd;
    private boolean dirtySeen;
    private long flashBusyUntil;
    private int nextSequence;

    /**
     * A write that begins.
     *
     * @param size what may be written
     * @param eraseBytes what is erased
     * @param blocks how many will come
     */
    SimWriter(
            SimFlash flash,
            SimTiming timing,
            boolean stub,
            boolean compressed,
            int size,
            int eraseBytes,
            int blocks,
            int offset) {
        this.flash = flash;
        this.timing = timing;
        this.stub = stub;
        this.compressed = compressed;
        this.blocks = blocks;
        this.offset = offset;
        this.remaining = size;
        this.nextErase = offset & -SimFlash.SECTOR_BYTES;
        this.eraseEnd = (offset + eraseBytes + SimFlash.SECTOR_BYTES - 1) & -SimFlash.SECTOR_BYTES;
    }

    /** Begins; returns when the loader is free again. */
    long begin(long now) {
        if (stub) {
            eraseIfIdle(now);
            return now;
        }
        long free = now;
        while (nextErase < eraseEnd) {
            free += eraseNext();
        }
        return free;
    }

    boolean complete() {
        return remaining == 0;
    }

    /** Whether a ROM takes this number; it moves on even if the checksum of the block then turns out wrong. */
    boolean takesSequence(int sequence) {
        if (sequence != nextSequence || sequence >= blocks) {
            return false;
        }
        nextSequence++;
        return true;
    }

    /** Outcome of a block. */
    record Done(long freeAt, Trouble trouble) {}

    Done write(byte[] payload, int sequence, long now) {
        if (!compressed) {
            int length = (int) Math.min(payload.length, remaining);
            return store(payload, length, now);
        }
        if (stub && sequence == 0) {
            inflater.reset();
            burstBytes = 0;
        }
        inflater.setInput(payload);
        long time = now;
        try {
            while (!inflater.needsInput() && !inflater.finished()) {
                if (stub) {
                    eraseIfIdle(time);
                }
                int count = inflater.inflate(burst, burstBytes, burst.length - burstBytes);
                if (count == 0 && inflater.needsDictionary()) {
                    return new Done(time, Trouble.INFLATE);
                }
                burstBytes += count;
                time += count * timing.inflateNanosPerByte();
                boolean flush = !stub || inflater.finished() || burstBytes == burst.length;
                if (flush && burstBytes > 0) {
                    Done stored = store(burst, burstBytes, time);
                    burstBytes = 0;
                    time = stored.freeAt;
                    if (stored.trouble != Trouble.NONE) {
                        return stored;
                    }
                }
            }
        } catch (DataFormatException e) {
            return new Done(time, Trouble.INFLATE);
        }
        return new Done(time, Trouble.NONE);
    }

    private Done store(byte[] bytes, int length, long now) {
        if (length > remaining) {
            return new Done(now, stub ? Trouble.HANG : Trouble.TOO_MUCH);
        }
        if (!flash.contains(offset, length)) {
            return new Done(now, Trouble.FLASH);
        }
        long time = now;
        while (nextErase < Math.min(eraseEnd, offset + length)) {
            time = Math.max(time, flashBusyUntil);
            flashBusyUntil = time + eraseNext();
        }
        time = Math.max(time, flashBusyUntil);
        byte[] piece = Arrays.copyOf(bytes, length);
        flash.program(offset, piece);
        boolean readsBack = Arrays.equals(flash.read(offset, length), piece);
        offset += length;
        remaining -= length;
        time += (long) ((length + PAGE_BYTES - 1) / PAGE_BYTES) * timing.pageNanos();
        return new Done(time, stub || readsBack ? Trouble.NONE : Trouble.FLASH);
    }

    private void eraseIfIdle(long now) {
        if (nextErase < eraseEnd && flashBusyUntil <= now) {
            flashBusyUntil = now + eraseNext();
        }
    }

    /** Erases the next block or sector, or finds it blank; returns how long that takes. */
    private long eraseNext() {
        if (!flash.contains(nextErase, SimFlash.SECTOR_BYTES)) {
            nextErase = eraseEnd;
            return 0;
        }
        if (stub && !dirtySeen && flash.blank(nextErase, SimFlash.SECTOR_BYTES)) {
            nextErase += SimFlash.SECTOR_BYTES;
            return 0;
        }
        dirtySeen = true;
        boolean block = nextErase % ERASE_BLOCK_BYTES == 0
                && eraseEnd - nextErase >= ERASE_BLOCK_BYTES
                && flash.contains(nextErase, ERASE_BLOCK_BYTES);
        int length = block ? ERASE_BLOCK_BYTES : SimFlash.SECTOR_BYTES;
        flash.erase(nextErase, length);
        nextErase += length;
        return block ? timing.eraseBlockNanos() : timing.eraseSectorNanos();
    }

    void close() {
        inflater.end();
    }
}
