package dev.fieldproof.ota.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OtadataTest {
    private static String hex(int sequence, Otadata.State state) {
        return HexFormat.of().formatHex(new Otadata(sequence, state).encode());
    }

    @Test
    void entriesAreThoseOfTheChipByteForByte() {
        String label = "ff".repeat(20);
        // sequence, label, state, CRC over the sequence: vectors taken from chips
        assertEquals("01000000" + label + "ffffffff" + "9a984347", hex(1, Otadata.State.UNDEFINED));
        assertEquals("02000000" + label + "00000000" + "7437f655", hex(2, Otadata.State.NEW));
        assertEquals("03000000" + label + "02000000" + "11504aed", hex(3, Otadata.State.VALID));
    }

    @Test
    void whatIsWrittenIsRead() {
        for (Otadata.State state : Otadata.State.values()) {
            Otadata entry = new Otadata(7, state);
            assertEquals(Optional.of(entry), Otadata.decode(entry.encode()));
        }
    }

    @Test
    void erasedOrDamagedEntriesDoNotCount() {
        byte[] erased = new byte[Otadata.BYTES];
        Arrays.fill(erased, (byte) 0xFF);
        assertEquals(Optional.empty(), Otadata.decode(erased));
        byte[] entry = new Otadata(7, Otadata.State.VALID).encode();
        for (int bit = 0; bit < 32; bit++) {
            byte[] rotten = entry.clone();
            rotten[bit / 8] ^= (byte) (1 << bit % 8);
            assertEquals(Optional.empty(), Otadata.decode(rotten), "bit " + bit);
        }
    }

    @Test
    void theHigherSequenceRulesItsSlot() {
        Optional<Otadata> first = Optional.of(new Otadata(4, Otadata.State.VALID));
        Optional<Otadata> second = Optional.of(new Otadata(5, Otadata.State.NEW));
        assertEquals(second, Otadata.ruling(first, second));
        assertEquals(first, Otadata.ruling(first, Optional.empty()));
        assertEquals(1, first.get().slot(2));
        assertEquals(0, second.get().slot(2));
        assertThrows(IllegalArgumentException.class, () -> new Otadata(0, Otadata.State.NEW));
    }
}
