package dev.fieldproof.core.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.store.Directory;
import dev.fieldproof.core.store.QuotaExceededException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SimDirectoryTest {
    private final SimDirectory directory = new SimDirectory();

    private static ByteBuffer bytes(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length);
        for (int value : values) {
            buffer.put((byte) value);
        }
        return buffer.flip();
    }

    /** What a file holds in each crash state, as text; "-" for no file. */
    private Set<String> after(String name) throws IOException {
        Set<String> seen = new TreeSet<>();
        for (SimDirectory state : directory.crashStates(1000, 1)) {
            Directory.File file = state.read(name).orElse(null);
            if (file == null) {
                seen.add("-");
                continue;
            }
            StringBuilder text = new StringBuilder();
            ByteBuffer one = ByteBuffer.allocate(1);
            for (int at = 0; file.read(at, one.clear()) > 0; at++) {
                text.append(one.get(0));
            }
            seen.add(text.toString());
        }
        return seen;
    }

    @Test
    void losesWhatWasNotSynced() throws IOException {
        Directory.File file = directory.open("f");
        file.write(0, bytes(1, 2));
        assertEquals(Set.of("-", "", "1", "10", "12"), after("f"), "nothing, the name, half, half and a hole, all");
        file.sync();
        assertEquals(Set.of("-", "12"), after("f"), "the name is not durable yet");
        directory.sync();
        assertEquals(Set.of("12"), after("f"));
    }

    @Test
    void renamesAreAllOrNothing() throws IOException {
        for (String name : List.of("old", "new")) {
            Directory.File file = directory.open(name);
            file.write(0, name.equals("old") ? bytes(1) : bytes(2));
            file.sync();
        }
        directory.sync();
        directory.rename("new", "old");
        assertEquals(Set.of("1", "2"), after("old"));
        directory.sync();
        assertEquals(Set.of("2"), after("old"));
        assertEquals(Set.of("-"), after("new"));
    }

    @Test
    void aDeletionMayComeBack() throws IOException {
        directory.open("f");
        directory.sync();
        assertTrue(directory.delete("f"));
        assertEquals(Set.of("-", ""), after("f"));
        directory.sync();
        assertEquals(Set.of("-"), after("f"));
    }

    @Test
    void staysOffAfterACut() throws IOException {
        Directory.File file = directory.open("f");
        directory.cutAt(1);
        assertThrows(PowerCutException.class, () -> file.write(0, bytes(1, 2)));
        assertThrows(PowerCutException.class, file::sync);
        assertThrows(PowerCutException.class, directory::list);
        assertTrue(after("f").contains("12"), "the change that was cut may have happened");
    }

    @Test
    void aLyingSyncKeepsNothing() throws IOException {
        directory.lieAboutSyncs(true, true);
        Directory.File file = directory.open("f");
        file.write(0, bytes(1));
        file.sync();
        directory.sync();
        assertTrue(after("f").contains("-"));
    }

    @Test
    void locksWithinTheSimulationAndForgetsThemInACrash() throws IOException {
        Directory.File lock = directory.lock("l", false).orElseThrow();
        assertTrue(directory.lock("l", false).isEmpty());
        assertThrows(IllegalStateException.class, () -> directory.lock("l", true));
        assertTrue(directory.crashStates(10, 1).get(1).lock("l", false).isPresent());
        lock.close();
        assertTrue(directory.lock("l", true).isPresent());
    }

    @Test
    void fillsUp() throws IOException {
        directory.setCapacityBytes(3);
        Directory.File file = directory.open("f");
        file.write(0, bytes(1, 2));
        assertEquals(1, directory.usableBytes());
        assertThrows(QuotaExceededException.class, () -> file.write(2, bytes(3, 4)));
        file.write(0, bytes(9, 9, 9));
    }
}
