package dev.fieldproof.ota.slot;

import dev.fieldproof.core.sim.PowerCutException;
import dev.fieldproof.core.sim.PowerFault;
import dev.fieldproof.core.sim.SimFlash;
import dev.fieldproof.core.store.NorFlash;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Cuts the power at every flash operation of an update, in every way, and again during the recovery, and lives each
 * history to its end: boot, install, trial, confirmation or revert, on the code that runs on devices.
 *
 * <p>A history is forked at each operation instead of being replayed from its start, which makes a case cost
 * microseconds. Deterministic. Not thread-safe: one enumeration per thread.
 */
public final class CutEnumeration {
    static final SlotImage OLD_FACTS = new SlotImage(1, 1, 1);
    static final SlotImage NEW = new SlotImage(2, 1, 1);
    private static final PowerFault[] FAULTS = PowerFault.values();
    private static final int SECTOR_BYTES = 64;

    final EnumerationParts parts;
    final FlashLayout layout;
    final byte[] oldImage;
    final byte[] newImage;
    final byte[] imageBuffer;
    final ImagePlan plan;
    final boolean healthy;
    final int tries;
    final int pageBytes;
    private final SimFlash fresh;
    private final SimFlash[] scratch = new SimFlash[MAX_CUTS + 1];
    private final SimFlash rotten;
    private CutTally tally = new CutTally();
    private long[] rotBits = {};

    /** Deepest nesting of cuts. */
    private static final int MAX_CUTS = 3;

    /**
     * Sets an update up.
     *
     * @param writeUnitBytes granule of programming: 1 to 32, a power of two
     * @param healthy whether the new image confirms itself; a sick one resets instead
     * @param tries how many boots a trial gets, more than the number of cuts
     * @param chunks how many sectors the image fills, at least 1
     */
    public CutEnumeration(int writeUnitBytes, boolean healthy, int tries, int chunks) {
        this(writeUnitBytes, healthy, tries, chunks, new EnumerationParts());
    }

    CutEnumeration(int writeUnitBytes, boolean healthy, int tries, int chunks, EnumerationParts parts) {
        this.parts = parts;
        this.healthy = healthy;
        this.tries = tries;
        this.pageBytes = SECTOR_BYTES / 2;
        int perSector = SECTOR_BYTES / Journal.recordBytes(writeUnitBytes);
        int journal = (1 + chunks + Journal.SPARE_RECORDS + perSector - 1) / perSector;
        layout = new FlashLayout(0, SECTOR_BYTES, journal, chunks + 1);
        oldImage = image(chunks, 0x11);
        newImage = image(chunks, 0x77);
        imageBuffer = new byte[newImage.length];
        SlotImage facts = new SlotImage(NEW.version(), NEW.securityVersion(), newImage.length);
        plan = new ImagePlan(0x1234_5678, facts, SECTOR_BYTES, ChunkHashes.crc32(newImage, SECTOR_BYTES));
        fresh = new SimFlash(layout.endBytes() / SECTOR_BYTES, SECTOR_BYTES, writeUnitBytes);
        for (int i = 0; i < scratch.length; i++) {
            scratch[i] = fresh.copy();
        }
        rotten = fresh.copy();
        setUp(writeUnitBytes);
    }

    private void setUp(int writeUnitBytes) {
        try {
            int padded = (oldImage.length + writeUnitBytes - 1) / writeUnitBytes * writeUnitBytes;
            fresh.program(layout.slotAt(0), Arrays.copyOf(oldImage, padded), 0, padded);
            NorBootControl.format(
                    fresh,
                    layout,
                    ImageCheck.crc32(),
                    new SlotImage(OLD_FACTS.version(), OLD_FACTS.securityVersion(), oldImage.length));
        } catch (IOException e) {
            throw new IllegalStateException("simulated flash does not fail on its own", e);
        }
    }

    /** An image that fills its chunks but for the last bytes; one chunk is blank, as padding in real images is. */
    private static byte[] image(int chunks, int seed) {
        byte[] image = new byte[chunks * SECTOR_BYTES - 5];
        for (int i = 0; i < image.length; i++) {
            image[i] = (byte) (seed + i * 31 + (i >> 6) * 7);
        }
        if (chunks > 2) {
            Arrays.fill(image, SECTOR_BYTES, 2 * SECTOR_BYTES, NorFlash.ERASED);
        }
        return image;
    }

    /**
     * Cuts the power at every operation, in every way; then again at every operation of the recovery, and so on.
     *
     * @param cuts how many cuts in one history, 0 to 3
     * @return what was found, over all histories with up to that many cuts
     * @throws IllegalArgumentException if {@code cuts} is out of range
     */
    public CutReport everyCut(int cuts) {
        if (cuts < 0 || cuts > MAX_CUTS) {
            throw new IllegalArgumentException("0 to " + MAX_CUTS + " cuts: " + cuts);
        }
        rotBits = new long[0];
        return enumerate(cuts);
    }

    /**
     * Cuts the power at every operation, in every way, and lets each single bit of both copies of the boot record rot
     * before it comes back.
     *
     * @return what was found, over histories with one cut and at most one rotten bit
     */
    public CutReport everyCutWithMetadataRot() {
        rotBits = new long[2 * 8 * BootRecord.BYTES];
        for (int i = 0; i < rotBits.length; i++) {
            int copy = i / (8 * BootRecord.BYTES);
            rotBits[i] = 8L * layout.metadataAt(copy) + i % (8 * BootRecord.BYTES);
        }
        return enumerate(1);
    }

    /**
     * Cuts the power at every operation, in every way, and lets one bit in every eight bytes of the new image's slot
     * rot before it comes back.
     *
     * @return what was found, over histories with one cut and at most one rotten bit
     */
    public CutReport everyCutWithSlotRot() {
        rotBits = new long[newImage.length / 8];
        for (int i = 0; i < rotBits.length; i++) {
            rotBits[i] = 8L * layout.slotAt(1) + 64L * i + i % 64;
        }
        return enumerate(1);
    }

    /**
     * Lets every operation fail once without a cut and without an error.
     *
     * @return what was found; a lost journal is no loss of chunks, so the same limit holds
     */
    public CutReport everySilentFault() {
        tally = new CutTally();
        SimFlash flash = scratch[0];
        flash.restore(fresh);
        long first = flash.operations();
        new UpdateLife(this).run(flash);
        long operations = flash.operations() - first;
        for (long operation = first; operation < first + operations; operation++) {
            for (int fault = 0; fault < FAULTS.length; fault++) {
                flash.restore(fresh);
                flash.failSilentlyAt(operation, FAULTS[fault], operation * FAULTS.length + fault);
                UpdateLife life = new UpdateLife(this);
                UpdateLife.End end = life.run(flash);
                flash.powerOn();
                if (end == UpdateLife.End.GOOD) {
                    end = life.run(flash);
                }
                count(end, life, 1, flash, FAULTS[fault] + " silently#" + operation + ", ");
            }
        }
        return tally.report(operations);
    }

    /**
     * Cuts the power at operations and in ways drawn by lot.
     *
     * @param cuts how many cuts in one history, at least 1 and less than the tries
     * @param histories how many
     * @param seed of the lots
     * @return what was found
     */
    public CutReport randomCuts(int cuts, int histories, long seed) {
        tally = new CutTally();
        rotBits = new long[0];
        SimFlash flash = scratch[0];
        flash.restore(fresh);
        long first = flash.operations();
        new UpdateLife(this).run(flash);
        long operations = flash.operations() - first;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < histories; i++) {
            flash.restore(fresh);
            UpdateLife life = new UpdateLife(this);
            StringBuilder history = new StringBuilder();
            for (int cut = 0; cut < cuts; cut++) {
                long at = flash.operations() + random.nextLong(operations / (cut + 1L));
                PowerFault fault = FAULTS[random.nextInt(FAULTS.length)];
                flash.cutAt(at, fault, random.nextLong());
                history.append(fault).append('#').append(at).append(", ");
                try {
                    life.run(flash);
                    break;
                } catch (PowerCutException e) {
                    flash.powerOn();
                }
            }
            flash.powerOn();
            count(life.run(flash), life, cuts, flash, history.toString());
        }
        return tally.report(operations);
    }

    private CutReport enumerate(int cuts) {
        tally = new CutTally();
        SimFlash start = scratch[0];
        start.restore(fresh);
        long before = start.operations();
        live(start, new UpdateLife(this), 0, cuts, "");
        return tally.report(start.operations() - before);
    }

    /** Lives a history from a power-on, forking it at each operation if more cuts are to come. */
    private void live(SimFlash flash, UpdateLife life, int done, int cuts, String history) {
        NorFlash seen = done < cuts ? new Forking(flash, life, done, cuts, history) : flash;
        count(life.run(seen), life, done, flash, history);
    }

    private void count(UpdateLife.End end, UpdateLife life, int faults, SimFlash flash, String history) {
        tally.count(
                end,
                life.fetched > plan.hashes().count() + faults + (rotBits.length > 0 ? 1 : 0) || triedTooOften(life),
                () -> history + "write unit " + flash.writeUnitBytes() + ", " + life.fetched + " chunks fetched in "
                        + life.boots + " boots");
    }

    /** Cuts alone never give a sick image a second round of trials; rot of the record may. */
    private boolean triedTooOften(UpdateLife life) {
        return !healthy && rotBits.length == 0 && life.trials > tries;
    }

    /** Passes operations on, after living every history in which the power is cut during them. */
    private final class Forking implements NorFlash {
        private final SimFlash flash;
        private final UpdateLife life;
        private final int done;
        private final int cuts;
        private final String history;

        Forking(SimFlash flash, UpdateLife life, int done, int cuts, String history) {
            this.flash = flash;
            this.life = life;
            this.done = done;
            this.cuts = cuts;
            this.history = history;
        }

        @Override
        public void program(int offsetBytes, byte[] data, int from, int lengthBytes) {
            byte[] copy = Arrays.copyOfRange(data, from, from + lengthBytes);
            for (int fault = 0; fault < FAULTS.length; fault++) {
                SimFlash fork = fork(fault);
                try {
                    fork.program(offsetBytes, copy, 0, lengthBytes);
                } catch (PowerCutException e) {
                    liveOn(fork, fault, "program", offsetBytes);
                }
            }
            flash.program(offsetBytes, data, from, lengthBytes);
        }

        @Override
        public void erase(int offsetBytes) {
            for (int fault = 0; fault < FAULTS.length; fault++) {
                SimFlash fork = fork(fault);
                try {
                    fork.erase(offsetBytes);
                } catch (PowerCutException e) {
                    liveOn(fork, fault, "erase", offsetBytes);
                }
            }
            flash.erase(offsetBytes);
        }

        private SimFlash fork(int fault) {
            SimFlash fork = scratch[done + 1];
            fork.restore(flash);
            fork.cutAt(fork.operations(), FAULTS[fault], fork.operations() * FAULTS.length + fault);
            return fork;
        }

        private void liveOn(SimFlash fork, int fault, String operation, int offsetBytes) {
            fork.powerOn();
            String next = tally.failed()
                    ? ""
                    : history + FAULTS[fault] + ' ' + operation + '@' + offsetBytes + '#' + flash.operations() + ", ";
            if (done + 1 == cuts) {
                for (long bit : rotBits) {
                    rotten.restore(fork);
                    rotten.flipBit(bit);
                    live(rotten, life.copy(), done + 1, cuts, next + "rot of bit " + bit + ", ");
                }
            }
            live(fork, life.copy(), done + 1, cuts, next);
        }

        @Override
        public int sizeBytes() {
            return flash.sizeBytes();
        }

        @Override
        public int sectorSizeBytes() {
            return flash.sectorSizeBytes();
        }

        @Override
        public int writeUnitBytes() {
            return flash.writeUnitBytes();
        }

        @Override
        public void read(int offsetBytes, byte[] into, int from, int lengthBytes) {
            flash.read(offsetBytes, into, from, lengthBytes);
        }
    }
}
