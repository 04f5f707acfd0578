package dev.fieldproof.core.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimFlashTest {
    private static final int SECTOR = 64;
    private static final int UNIT = 8;
    private final SimFlash flash = new SimFlash(4, SECTOR, UNIT);

    private byte[] contents(int offset, int length) {
        byte[] bytes = new byte[length];
        flash.read(offset, bytes, 0, length);
        return bytes;
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    @Test
    void isErasedAtFirst() {
        assertArrayEquals(filled(256, 0xFF), contents(0, 256));
        assertEquals(256, flash.sizeBytes());
        assertEquals(0, flash.operations());
    }

    @Test
    void programsClearBitsAndErasesSetThem() {
        SimFlash lenient = new SimFlash(1, SECTOR, UNIT, false);
        lenient.program(8, filled(8, 0b1100_1100), 0, 8);
        lenient.program(8, filled(8, 0b1010_1010), 0, 8);
        byte[] read = new byte[1];
        lenient.read(9, read, 0, 1);
        assertEquals((byte) 0b1000_1000, read[0]);
        lenient.erase(0);
        lenient.read(9, read, 0, 1);
        assertEquals((byte) 0xFF, read[0]);
    }

    @Test
    void refusesToProgramAUnitTwiceBetweenErases() {
        flash.program(64, filled(8, 0xFF), 0, 8);
        assertThrows(IllegalStateException.class, () -> flash.program(56, filled(16, 0), 0, 16));
        flash.erase(64);
        flash.program(56, filled(16, 0), 0, 16);
        assertEquals(3, flash.operations());
    }

    @Test
    void refusesWhatIsOffItsAlignmentOrOutside() {
        byte[] data = new byte[512];
        assertThrows(IllegalArgumentException.class, () -> flash.program(4, data, 0, 8));
        assertThrows(IllegalArgumentException.class, () -> flash.program(0, data, 0, 4));
        assertThrows(IllegalArgumentException.class, () -> flash.program(0, data, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> flash.program(0, data, 508, 8));
        assertThrows(IllegalArgumentException.class, () -> flash.program(248, data, 0, 16));
        assertThrows(IllegalArgumentException.class, () -> flash.program(-8, data, 0, 8));
        assertThrows(IllegalArgumentException.class, () -> flash.erase(8));
        assertThrows(IllegalArgumentException.class, () -> flash.erase(256));
        assertThrows(IllegalArgumentException.class, () -> flash.read(250, data, 0, 7));
        assertThrows(IllegalArgumentException.class, () -> flash.read(Integer.MAX_VALUE, data, 0, 7));
        assertEquals(0, flash.operations());
    }

    @Test
    void countsWearPerSector() {
        flash.erase(64);
        flash.erase(64);
        flash.program(56, filled(16, 0), 0, 16);
        assertEquals(0, flash.erases(0));
        assertEquals(2, flash.erases(1));
        assertEquals(1, flash.programs(0));
        assertEquals(1, flash.programs(1));
    }

    @ParameterizedTest
    @EnumSource(PowerFault.class)
    void aCutDuringAProgramLeavesWhatTheFaultStates(PowerFault fault) {
        flash.cutAt(0, fault, 7);
        assertThrows(PowerCutException.class, () -> flash.program(0, filled(64, 0), 0, 64));
        assertTrue(flash.isOff());
        assertThrows(PowerCutException.class, () -> contents(0, 1), "the device stays off");
        assertThrows(PowerCutException.class, () -> flash.erase(0));
        flash.powerOn();
        byte[] now = contents(0, 64);
        switch (fault) {
            case BEFORE -> assertArrayEquals(filled(64, 0xFF), now);
            case AFTER, WEAK_ERASE -> assertArrayEquals(filled(64, 0), now);
            case HALF_ERASE -> {
                assertArrayEquals(filled(32, 0), Arrays.copyOf(now, 32));
                assertArrayEquals(filled(32, 0xFF), Arrays.copyOfRange(now, 32, 64));
            }
            case TORN_PREFIX -> {
                int whole = 0;
                while (now[whole] == 0) {
                    whole++;
                }
                int torn = whole / UNIT * UNIT;
                assertArrayEquals(filled(64 - torn - UNIT, 0xFF), Arrays.copyOfRange(now, torn + UNIT, 64));
            }
            case TORN_BITS -> {
                assertFalse(Arrays.equals(filled(64, 0), now));
                assertFalse(Arrays.equals(filled(64, 0xFF), now));
            }
        }
        assertEquals(1, flash.operations(), "a cut operation counts; those while off do not");
    }

    @ParameterizedTest
    @EnumSource(PowerFault.class)
    void aCutDuringAnEraseLeavesWhatTheFaultStates(PowerFault fault) {
        flash.program(0, filled(64, 0), 0, 64);
        flash.cutAt(1, fault, 9);
        assertThrows(PowerCutException.class, () -> flash.erase(0));
        flash.powerOn();
        byte[] now = contents(0, 64);
        switch (fault) {
            case BEFORE -> assertArrayEquals(filled(64, 0), now);
            case AFTER, WEAK_ERASE -> assertArrayEquals(filled(64, 0xFF), now);
            case HALF_ERASE -> {
                assertArrayEquals(filled(32, 0xFF), Arrays.copyOf(now, 32));
                assertArrayEquals(filled(32, 0), Arrays.copyOfRange(now, 32, 64));
            }
            case TORN_PREFIX -> assertEquals(0, now[63]);
            case TORN_BITS -> {
                assertFalse(Arrays.equals(filled(64, 0), now));
                assertFalse(Arrays.equals(filled(64, 0xFF), now));
            }
        }
    }

    @Test
    void aWeakEraseSpoilsWhatIsProgrammedOverItAtTheNextPowerOn() {
        flash.cutAt(0, PowerFault.WEAK_ERASE, 1);
        assertThrows(PowerCutException.class, () -> flash.erase(0));
        flash.powerOn();
        assertArrayEquals(filled(64, 0xFF), contents(0, 64), "it looks blank");
        flash.program(0, filled(64, 0xF5), 0, 64);
        assertArrayEquals(filled(64, 0xF5), contents(0, 64), "and reads back well");
        flash.powerOn();
        assertFalse(Arrays.equals(filled(64, 0xF5), contents(0, 64)), "until the next power on");
    }

    @Test
    void aSecondEraseHealsAWeakOne() {
        flash.failSilentlyAt(0, PowerFault.WEAK_ERASE, 1);
        flash.erase(0);
        flash.erase(0);
        flash.program(0, filled(64, 0xF5), 0, 64);
        flash.powerOn();
        assertArrayEquals(filled(64, 0xF5), contents(0, 64));
    }

    @Test
    void aSilentFaultTellsNobody() {
        flash.failSilentlyAt(0, PowerFault.BEFORE, 0);
        flash.program(0, filled(8, 0), 0, 8);
        assertFalse(flash.isOff());
        assertArrayEquals(filled(8, 0xFF), contents(0, 8));
    }

    @Test
    void refusesACutInThePast() {
        flash.erase(0);
        assertThrows(IllegalArgumentException.class, () -> flash.cutAt(0, PowerFault.AFTER, 0));
    }

    @Test
    void aCopyIsIndependentAndARestoreIsComplete() {
        flash.program(0, filled(8, 0x5A), 0, 8);
        SimFlash saved = flash.copy();
        flash.erase(0);
        flash.cutAt(2, PowerFault.AFTER, 0);
        assertThrows(PowerCutException.class, () -> flash.erase(64));
        flash.restore(saved);
        assertEquals(1, flash.operations());
        assertEquals(0, flash.erases(0));
        assertArrayEquals(filled(8, 0x5A), contents(0, 8));
        assertThrows(IllegalStateException.class, () -> flash.program(0, filled(8, 0), 0, 8));
        flash.erase(0);
        flash.erase(64);
        assertThrows(IllegalArgumentException.class, () -> flash.restore(new SimFlash(4, SECTOR, 4)));
    }

    @Test
    void rotFlipsExactlyTheBitsAskedFor() {
        flash.flipBit(8 * 3 + 7);
        assertEquals(0x7F, contents(3, 1)[0]);
        flash.flipBit(8 * 3 + 7);
        flash.rot(128, 64, 1, new SplittableRandom(5));
        int ones = 0;
        for (byte b : contents(0, 256)) {
            ones += Integer.bitCount(b & 0xFF);
        }
        assertEquals(256 * 8 - 1, ones);
        assertArrayEquals(filled(128, 0xFF), contents(0, 128));
        assertThrows(IllegalArgumentException.class, () -> flash.flipBit(256 * 8));
    }

    @Test
    void tornBitsDependOnTheSeedAlone() {
        byte[] first = tornWith(1);
        assertArrayEquals(first, tornWith(1));
        assertNotEquals(Arrays.hashCode(first), Arrays.hashCode(tornWith(2)));
    }

    private byte[] tornWith(long seed) {
        SimFlash fresh = new SimFlash(1, SECTOR, UNIT);
        fresh.cutAt(0, PowerFault.TORN_BITS, seed);
        assertThrows(PowerCutException.class, () -> fresh.program(0, filled(64, 0), 0, 64));
        fresh.powerOn();
        byte[] bytes = new byte[64];
        fresh.read(0, bytes, 0, 64);
        return bytes;
    }
}
