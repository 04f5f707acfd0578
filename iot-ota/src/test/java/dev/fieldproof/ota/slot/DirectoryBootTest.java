package dev.fieldproof.ota.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.PowerCutException;
import dev.fieldproof.core.sim.SimDirectory;
import dev.fieldproof.core.store.Directory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway's update, with the power cut at every operation and every state that POSIX allows after it. */
class DirectoryBootTest {
    private static final int CHUNK = 64;
    private static final byte[] OLD = bytes(1, 200);
    private static final byte[] NEW = bytes(2, 230);
    private static final SlotImage NEW_IMAGE = new SlotImage(2, 2, NEW.length);
    private static final int MAX_STATES = 64;

    /** What goes wrong on purpose. */
    private enum Mutant {
        NONE,
        FILES_NOT_SYNCED,
        DIRECTORY_NOT_SYNCED,
        NOTHING_SYNCED
    }

    private static byte[] bytes(long seed, int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    private static SimDirectory fresh() throws IOException {
        SimDirectory directory = new SimDirectory();
        try (Directory.File file = directory.open("slot-0")) {
            file.write(0, ByteBuffer.wrap(OLD));
            file.sync();
        }
        directory.sync();
        DirectoryBootControl.format(directory, new SlotImage(1, 1, OLD.length));
        return directory.crashStates(2, 0).get(0);
    }

    /** A device's life, and what an observer was promised last: a record that has been reported as written. */
    private static final class Life {
        private final Directory directory;
        private final boolean healthy;
        private long promised;
        private int sickBoots;

        Life(Directory directory, boolean healthy) {
            this.directory = directory;
            this.healthy = healthy;
        }

        /** Lives to rest; empty if all is well, otherwise what is wrong. */
        String run() throws IOException {
            for (int boot = 0; boot < 20; boot++) {
                DirectoryBootControl control = new DirectoryBootControl(directory);
                if (!(control.boot() instanceof BootOutcome.Running running)) {
                    return "unbootable";
                }
                promise();
                boolean runsNew = holds(running.slot(), NEW);
                if (!runsNew && !holds(running.slot(), OLD)) {
                    return "runs other bytes";
                }
                if (runsNew) {
                    if (!running.trial()) {
                        return healthy ? "" : "a sick image stays";
                    }
                    if (healthy) {
                        control.confirm();
                        promise();
                        return "";
                    }
                    sickBoots++;
                } else if (control.status().failedVersion() == NEW_IMAGE.version()) {
                    return healthy ? "a healthy image was given up" : "";
                } else {
                    install(control);
                }
            }
            return "endless, " + sickBoots + " sick boots";
        }

        private void promise() throws IOException {
            BootRecord record = new DirectoryBootControl.RecordFile(directory).ruling();
            promised = record == null ? 0 : record.sequence();
        }

        private void install(DirectoryBootControl control) throws IOException {
            int slot = 1 - control.status().slot();
            ImagePlan plan = new ImagePlan(1, NEW_IMAGE, CHUNK, ChunkHashes.crc32(NEW, CHUNK));
            StagedSlot staged = new DirectorySlots(directory).open(slot, plan);
            for (int chunk = staged.nextChunk(); chunk < 4; chunk = staged.nextChunk()) {
                assertTrue(staged.write(chunk, NEW, chunk * CHUNK));
            }
            Optional<SlotImage> image = staged.finish();
            if (image.isPresent()) {
                control.activate(image.get(), 4);
                promise();
            }
        }

        private boolean holds(int slot, byte[] image) throws IOException {
            byte[] held = DirectoryBootControl.read(directory, "slot-" + slot, image.length);
            return held != null && Arrays.equals(held, image);
        }
    }

    /** Cuts at every operation; counts the states and brings the first failure. */
    private static String enumerate(boolean healthy, Mutant mutant, int[] states) throws IOException {
        SimDirectory whole = fresh();
        assertEquals("", new Life(whole, healthy).run());
        long operations = whole.operations();
        for (long operation = 0; operation < operations; operation++) {
            SimDirectory directory = fresh();
            directory.lieAboutSyncs(
                    mutant == Mutant.FILES_NOT_SYNCED || mutant == Mutant.NOTHING_SYNCED,
                    mutant == Mutant.DIRECTORY_NOT_SYNCED || mutant == Mutant.NOTHING_SYNCED);
            directory.cutAt(operation);
            Life life = new Life(directory, healthy);
            try {
                life.run();
            } catch (PowerCutException e) {
                // what the disk holds now is one of its crash states
            }
            for (SimDirectory state : directory.crashStates(MAX_STATES, operation)) {
                states[0]++;
                BootRecord record = new DirectoryBootControl.RecordFile(state).ruling();
                if (record == null || record.sequence() < life.promised) {
                    return "operation " + operation + " forgets a record that was reported as written";
                }
                String end = new Life(state, healthy).run();
                if (!end.isEmpty()) {
                    return "operation " + operation + ": " + end;
                }
            }
        }
        return "";
    }

    @Test
    void everyCutEndsWell() throws IOException {
        int[] states = {0};
        assertEquals("", enumerate(true, Mutant.NONE, states));
        assertEquals("", enumerate(false, Mutant.NONE, states));
        assertTrue(states[0] > 150, states[0] + " states");
    }

    @Test
    void withoutSyncsTheEnumerationFails() throws IOException {
        for (Mutant mutant : Mutant.values()) {
            if (mutant != Mutant.NONE) {
                assertNotEquals("", enumerate(true, mutant, new int[1]), mutant.toString());
            }
        }
    }

    @Test
    void aRottenImageIsNotBooted() throws IOException {
        SimDirectory directory = fresh();
        assertEquals("", new Life(directory, true).run());
        try (Directory.File file = directory.open("slot-1")) {
            file.write(100, ByteBuffer.wrap(new byte[] {(byte) ~NEW[100]}));
        }
        DirectoryBootControl control = new DirectoryBootControl(directory);
        assertEquals(2, control.status().securityCounter());
        assertEquals(new BootOutcome.Unbootable(), control.boot(), "the other one is below the security counter");
    }

    @Test
    void aRealDirectoryDoesTheSame(@TempDir Path path) throws IOException {
        Directory directory = Directory.of(path);
        try (Directory.File file = directory.open("slot-0")) {
            file.write(0, ByteBuffer.wrap(OLD));
        }
        DirectoryBootControl.format(directory, new SlotImage(1, 1, OLD.length));
        assertEquals("", new Life(directory, true).run());
        assertEquals(new BootStatus(1, SlotState.CONFIRMED, 0, 2, 0, 2), new DirectoryBootControl(directory).status());
    }
}
