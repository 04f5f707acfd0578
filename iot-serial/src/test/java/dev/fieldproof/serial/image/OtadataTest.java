package dev.fieldproof.serial.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class OtadataTest {
    @Test
    void checksumIsThatOfTheVendor() {
        assertEquals(0x4743989A, Otadata.crc(1));
        assertEquals(0x55F63774, Otadata.crc(2));
        assertEquals(0xED4A5011, Otadata.crc(3));
    }

    @Test
    void roundTrips() throws ImageFormatException {
        Otadata selection = Otadata.select(1);
        assertEquals(selection, Otadata.parse(selection.toBytes()));
        assertEquals(OptionalInt.of(1), selection.activeSlot(2));
    }

    @Test
    void switchingKeepsTheEntryInForceAndWritesTheOther() {
        Otadata before = Otadata.select(0);
        Otadata after = before.switchTo(1, 2, Otadata.State.NEW);
        assertEquals(before.first(), after.first());
        assertEquals(OptionalInt.of(1), after.activeSlot(2));
        Otadata back = after.switchTo(0, 2, Otadata.State.VALID);
        assertEquals(after.second(), back.second());
        assertEquals(OptionalInt.of(0), back.activeSlot(2));
    }

    @Test
    void switchingHitsEverySlotFromEverySlot() {
        for (int slots = 1; slots <= 16; slots++) {
            for (int from = 0; from < slots; from++) {
                for (int to = 0; to < slots; to++) {
                    Otadata next = Otadata.select(from).switchTo(to, slots, Otadata.State.NEW);
                    assertEquals(OptionalInt.of(to), next.activeSlot(slots));
                }
            }
        }
    }

    @Test
    void anEntryWithAFlippedBitIsVoid() throws ImageFormatException {
        byte[] bytes = Otadata.select(0).toBytes();
        for (int bit = 0; bit < 32; bit++) {
            byte[] damaged = bytes.clone();
            damaged[bit / 8] ^= (byte) (1 << (bit % 8));
            assertEquals(OptionalInt.empty(), Otadata.parse(damaged).activeSlot(2));
        }
    }

    @Test
    void aShortPartitionIsRefused() {
        ImageFormatException e = assertThrows(ImageFormatException.class, () -> Otadata.parse(new byte[100]));
        assertEquals(100, e.offsetBytes());
        assertEquals(0, e.getStackTrace().length);
    }
}
