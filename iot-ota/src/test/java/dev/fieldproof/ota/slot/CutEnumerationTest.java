package dev.fieldproof.ota.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CutEnumerationTest {
    @ParameterizedTest
    @CsvSource({"1,true", "4,true", "8,true", "32,true", "1,false", "4,false", "8,false", "32,false"})
    void everySingleCutAndEveryPairEndsWell(int writeUnitBytes, boolean healthy) {
        CutReport report = new CutEnumeration(writeUnitBytes, healthy, 3, 4).everyCut(2);
        assertEquals("", report.firstFailure());
        assertTrue(report.allSurvived() && report.cases() > 10_000, report.toString());
    }

    @ParameterizedTest
    @CsvSource({"1,true", "4,true", "8,true", "32,true", "1,false", "4,false", "8,false", "32,false"})
    void everySingleCutWithEveryRottenBitEndsWell(int writeUnitBytes, boolean healthy) {
        CutEnumeration world = new CutEnumeration(writeUnitBytes, healthy, 3, 4);
        CutReport metadata = world.everyCutWithMetadataRot();
        assertEquals("", metadata.firstFailure());
        CutReport slot = world.everyCutWithSlotRot();
        assertEquals("", slot.firstFailure());
        CutReport silent = world.everySilentFault();
        assertEquals("", silent.firstFailure());
        CutReport all = metadata.plus(slot).plus(silent);
        assertTrue(all.allSurvived() && all.cases() > 100_000, all.toString());
    }

    @ParameterizedTest
    @CsvSource({"4,true", "32,true", "4,false", "32,false"})
    void sampledTriplesEndWell(int writeUnitBytes, boolean healthy) {
        int histories = 25_000 * Integer.getInteger("fieldproof.runs", 1);
        CutReport report = new CutEnumeration(writeUnitBytes, healthy, 4, 6).randomCuts(3, histories, 7);
        assertEquals("", report.firstFailure());
        assertEquals(histories, report.survived());
    }

    @Test
    void anUndisturbedUpdateIsOneCase() {
        assertEquals(1, new CutEnumeration(4, true, 3, 4).everyCut(0).survived());
    }
}
