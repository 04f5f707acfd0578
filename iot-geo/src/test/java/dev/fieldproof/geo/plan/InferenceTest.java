package dev.fieldproof.geo.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class InferenceTest {
    @Test
    void aLineHoldsTheEnergyOfItsInferences() {
        for (Inference each : List.of(
                Inference.KEYWORD_SPOTTING_M4,
                Inference.VISUAL_WAKE_WORDS_M33,
                Inference.IMAGE_CLASSIFICATION_M33,
                Inference.ANOMALY_DETECTION_M7)) {
            assertEquals(1440 * each.millijoules() / 3_600_000, each.line(1440).wattHoursPerDay(), 1e-12);
            assertTrue(each.source().startsWith("MLPerf Tiny"));
        }
        assertEquals(45, Inference.KEYWORD_SPOTTING_M4.line(1).milliwatts(), 0.1);
        assertThrows(IllegalArgumentException.class, () -> Inference.IMAGE_CLASSIFICATION_M33.line(1e6));
        assertThrows(IllegalArgumentException.class, () -> new Inference("x", 0, 1, ""));
    }

    /** One connect-and-send of 1.5 s at 120 mA and 3.3 V pays for some 2,700 anomaly inferences. */
    @Test
    void decidingOnTheNodeIsWorthTheMessagesItSpares() {
        double message = 1.5 * 0.120 * 3.3;
        assertEquals(2_688, Inference.ANOMALY_DETECTION_M7.perMessage(message), 1);
        double even = Inference.ANOMALY_DETECTION_M7.perMessage(message);
        assertEquals(0, Inference.ANOMALY_DETECTION_M7.savedWattHoursPerDay(even, 1, message), 1e-12);
        assertTrue(Inference.ANOMALY_DETECTION_M7.savedWattHoursPerDay(1_440, 96, message) > 0.015);
        assertTrue(Inference.IMAGE_CLASSIFICATION_M33.savedWattHoursPerDay(1_440, 1, message) < 0);
    }

    @Test
    void theBatteryNeededCarriesTheLoadJustSoLong() {
        Battery like = Battery.LIFEPO4_77_WH;
        for (double days = 1; days < 100; days *= 3) {
            double needed = like.wattHoursNeeded(2.5, days, 5);
            Battery sized = new Battery(
                    needed,
                    like.usableShare(),
                    like.coldShare(),
                    like.fadePerYear(),
                    like.selfDischargePerMonth(),
                    like.volts(),
                    like.ohms());
            assertEquals(days, sized.autonomyDays(2.5, 5), 1e-9 * days);
        }
        Battery ideal = new Battery(1, 1, 1, 0, 0, 3, 0);
        assertEquals(20, ideal.wattHoursNeeded(2, 10, 3), 1e-12);
        assertThrows(IllegalArgumentException.class, () -> like.wattHoursNeeded(0, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> like.wattHoursNeeded(1, -1, 0));
    }

    @Test
    void theBillIsATableInMarkdown() {
        BillOfMaterials bill = new BillOfMaterials(
                "EUR",
                List.of(
                        new BillOfMaterials.Line("Box | lid", 3, 1_250, "houses"),
                        new BillOfMaterials.Line("Wire", 1, 99, "")));
        assertEquals("""
            | part | quantity | unit price | total | purpose |
            | --- | ---: | ---: | ---: | --- |
            | Box \\| lid | 3 | 12.50 | 37.50 | houses |
            | Wire | 1 | 0.99 | 0.99 |  |
            | **total, EUR** | | | **38.49** | |
            """, bill.toMarkdown());
    }
}
