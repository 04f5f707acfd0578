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
        long start = System.nanoTime();
        CutReport report = new CutEnumeration(writeUnitBytes, healthy, 3, 4).everyCut(2);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.println(report + " " + report.cases() / seconds + "/s");
        assertEquals("", report.firstFailure());
        assertTrue(report.allSurvived() && report.cases() > 10_000, report.toString());
    }

    @Test
    void anUndisturbedUpdateIsOneCase() {
        assertEquals(1, new CutEnumeration(4, true, 3, 4).everyCut(0).survived());
    }
}
