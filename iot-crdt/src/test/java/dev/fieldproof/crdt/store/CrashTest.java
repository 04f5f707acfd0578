package dev.fieldproof.crdt.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stops the machine before, within and after every single thing that a store does to its disk. */
class CrashTest {
    /** What a power cut leaves of bytes and names that were not synced. */
    enum Left {
        NOTHING,
        EVERYTHING,
        NAMES_BUT_NOT_BYTES,
        HALF_WITH_A_WRONG_BYTE
    }

    private static final class PowerCut extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private static final class File {
        byte[] bytes = new byte[0];
        byte[] synced = new byte[0];
    }

    /** A disk in memory that fails at a given operation. */
    private static final class SimDisk implements Disk {
        private final Map<String, File> names = new TreeMap<>();
        private Map<String, File> syncedNames = new HashMap<>();
        private int operationsLeft;

        private void operate() throws PowerCut {
            if (operationsLeft-- == 0) {
                throw new PowerCut();
            }
        }

        void cut(Left left) {
            Map<String, File> kept = left == Left.NOTHING ? new TreeMap<>(syncedNames) : new TreeMap<>(names);
            for (File file : kept.values()) {
                byte[] all = file.bytes;
                file.bytes = file.synced;
                if (left == Left.EVERYTHING) {
                    file.bytes = all;
                } else if (left == Left.HALF_WITH_A_WRONG_BYTE && all.length > file.synced.length) {
                    // Longer than the frame's header and with all of its length, so that only a checksum can tell.
                    file.bytes = Arrays.copyOf(all, all.length);
                    file.bytes[all.length - 1] ^= 0x40;
                }
                file.synced = file.bytes;
            }
            names.clear();
            names.putAll(kept);
            syncedNames = new HashMap<>(kept);
            operationsLeft = Integer.MAX_VALUE;
        }

        @Override
        public List<String> list() {
            return List.copyOf(names.keySet());
        }

        @Override
        public byte[] read(String name) {
            return names.get(name).bytes.clone();
        }

        @Override
        public void append(String name, byte[] bytes) throws IOException {
            boolean whole = operationsLeft != 0;
            File file = names.computeIfAbsent(name, n -> new File());
            int length = whole ? bytes.length : bytes.length / 2;
            byte[] longer = Arrays.copyOf(file.bytes, file.bytes.length + length);
            System.arraycopy(bytes, 0, longer, file.bytes.length, length);
            file.bytes = longer;
            operate();
        }

        @Override
        public void sync(String name) throws IOException {
            operate();
            names.get(name).synced = names.get(name).bytes;
        }

        @Override
        public void truncate(String name, long length) throws IOException {
            operate();
            File file = names.get(name);
            file.bytes = Arrays.copyOf(file.bytes, (int) length);
            file.synced = file.bytes;
        }

        @Override
        public void rename(String from, String to) throws IOException {
            operate();
            names.put(to, names.remove(from));
        }

        @Override
        public void delete(String name) throws IOException {
            operate();
            names.remove(name);
        }

        @Override
        public void syncNames() throws IOException {
            operate();
            syncedNames = new HashMap<>(names);
        }
    }

    private static byte[] bytes(String s) {
        return s.getBytes(StandardCharsets.UTF_8);
    }

    /** Everything kept, as one list. */
    private static List<String> content(ReplicaStore.Recovered kept) {
        List<String> all = new ArrayList<>();
        kept.checkpoint()
                .map(c -> new String(c, StandardCharsets.UTF_8))
                .ifPresent(c -> all.addAll(List.of(c.split(","))));
        kept.records().forEach(r -> all.add(new String(r, StandardCharsets.UTF_8)));
        return all;
    }

    /** Plays a history up to a power cut; true if the cut came before its end. */
    private static boolean play(SimDisk disk, FileReplicaStore.Faults faults, int cutAfter, Left left)
            throws IOException {
        FileReplicaStore store = new FileReplicaStore(disk, faults);
        List<String> acknowledged = new ArrayList<>(content(store.recover()));
        disk.operationsLeft = cutAfter;
        List<String> underWay = new ArrayList<>(acknowledged);
        boolean cut = false;
        try {
            for (int i = 0; i < 6; i++) {
                underWay.add("record-" + i);
                store.append(bytes("record-" + i));
                acknowledged = List.copyOf(underWay);
                if (i % 3 == 2) {
                    store.checkpoint(bytes(String.join(",", acknowledged)));
                }
            }
        } catch (PowerCut e) {
            cut = true;
        }
        disk.cut(left);
        FileReplicaStore again = new FileReplicaStore(disk, faults);
        List<String> found = content(again.recover());
        assertTrue(found.equals(acknowledged) || found.equals(underWay), found + " after " + acknowledged);
        again.append(bytes("afterwards"));
        disk.cut(left);
        found = new ArrayList<>(found);
        found.add("afterwards");
        assertEquals(found, content(new FileReplicaStore(disk, faults).recover()));
        return cut;
    }

    private static int playAll(FileReplicaStore.Faults faults) throws IOException {
        int cuts = 0;
        for (Left left : Left.values()) {
            int cutAfter = 0;
            while (play(new SimDisk(), faults, cutAfter, left)) {
                cutAfter++;
                cuts++;
            }
        }
        return cuts;
    }

    @Test
    void whateverWasAcknowledgedIsThereAfterACutAnywhere() throws IOException {
        assertTrue(playAll(FileReplicaStore.Faults.NONE) > 80);
    }

    @ParameterizedTest
    @EnumSource(value = FileReplicaStore.Faults.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void everyPrecautionIsMissedWhenItIsLeftOut(FileReplicaStore.Faults faults) {
        assertThrows(Throwable.class, () -> playAll(faults));
    }
}
