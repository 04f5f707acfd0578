package dev.fieldproof.geo.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodePowerTest {
    private static final String HEAD = "part,state,milliamps,volts,basis,source\n";
    private static final SolarPanel PANEL = new SolarPanel(10, 60, 0.7);

    private static String refusal(Runnable reading) {
        return assertThrows(IllegalArgumentException.class, reading::run).getMessage();
    }

    @Test
    void everyReferenceFigureHasItsSource() {
        CurrentCatalogue reference = CurrentCatalogue.reference();
        assertTrue(reference.entries().size() >= 9);
        assertTrue(reference.entries().stream().allMatch(entry -> entry.source().length() > 10));
        assertEquals(335, reference.find("ESP32-C3", "transmit peak").milliamps());
        assertEquals(0.007, reference.find("ESP32-S3", "deep sleep").milliamps());
        assertEquals(
                CurrentCatalogue.Basis.DATA_SHEET,
                reference.find("ESP32-S3", "deep sleep").basis());
        assertEquals(
                CurrentCatalogue.Basis.MEASURED,
                reference.find("ESP32-C3", "light sleep").basis());
        assertTrue(refusal(() -> reference.find("ESP32-S3", "hover")).contains("'ESP32-S3', hover"));
    }

    @Test
    void onesOwnFiguresGoBeforeTheReference() {
        CurrentCatalogue own =
                CurrentCatalogue.parse(HEAD + "ESP32-C3,deep sleep,0.0065,3.3,measured,\"desk, 25 C\"\n");
        CurrentCatalogue both = CurrentCatalogue.reference().with(own);
        assertEquals(0.0065, both.find("ESP32-C3", "deep sleep").milliamps());
        assertEquals("desk, 25 C", both.find("ESP32-C3", "deep sleep").source());
        assertEquals(
                CurrentCatalogue.reference().entries().size(), both.entries().size());
    }

    @Test
    void wrongFiguresAreRefusedByLine() {
        assertTrue(refusal(() -> CurrentCatalogue.parse("part,state\n")).contains("begin with"));
        for (String wrong : List.of(
                "A,s,0,3.3,measured,x",
                "A,s,1,-3,measured,x",
                "A,s,one,3.3,measured,x",
                "A,s,1,3.3,guess,x",
                "A,s,1,3.3,measured,",
                "A,s,1,3.3,measured",
                "A,s,NaN,3.3,measured,x")) {
            String told = refusal(() -> CurrentCatalogue.parse(HEAD + "B,s,1,3.3,measured,x\n" + wrong + "\n"));
            assertTrue(told.contains("line 3"), told);
        }
        assertTrue(refusal(() -> CurrentCatalogue.parse(HEAD + "A,s,1,3,measured,x\nA,s,2,3,measured,x\n"))
                .contains("second time"));
    }

    @Test
    void aLinearRegulatorPassesTheCurrentAndBurnsTheRest() {
        Regulator linear = Regulator.linear("LDO", 3.3, 0.2, 0.05);
        assertEquals(100 * 6.4 + 0.05 * 6.4, linear.batteryMilliwatts(100, 6.4), 1e-9);
        // Of what the load takes, output over input arrives.
        assertEquals(3.3 / 6.4, 100 * 3.3 / (linear.batteryMilliwatts(100, 6.4) - 0.05 * 6.4), 1e-9);
        assertThrows(IllegalArgumentException.class, () -> linear.batteryMilliwatts(1, 3.2));
        assertThrows(IllegalArgumentException.class, () -> linear.batteryMilliwatts(-1, 6.4));
    }

    @Test
    void aSwitchingRegulatorFollowsItsCurveOverTheLoad() {
        Regulator buck = new Regulator("buck", 3.3, 3.6, 0.02, Curve.of(0.01, 0.5, 1, 0.8, 100, 0.92, 500, 0.86));
        assertEquals(100 * 3.3 / 0.92 + 0.02 * 6.4, buck.batteryMilliwatts(100, 6.4), 1e-9);
        assertEquals(300 * 3.3 / 0.89 + 0.02 * 6.4, buck.batteryMilliwatts(300, 6.4), 1e-9, "half way between");
        assertEquals(
                0.001 * 3.3 / 0.5 + 0.02 * 6.4, buck.batteryMilliwatts(0.001, 6.4), 1e-9, "level before the first");
        assertTrue(buck.batteryMilliwatts(100, 6.4)
                < Regulator.linear("LDO", 3.3, 0.2, 0.02).batteryMilliwatts(100, 6.4));
        // Asleep it is the regulator that draws: chip and board in one line.
        PowerBudget.Line sleep = buck.line(CurrentCatalogue.reference().find("ESP32-S3", "deep sleep"), 6.4, 86_000);
        assertEquals("ESP32-S3: deep sleep", sleep.name());
        assertTrue(sleep.milliwatts() > 4 * 0.007 * 3.3 && sleep.milliwatts() < 0.2, sleep::toString);
        assertThrows(
                IllegalArgumentException.class,
                () -> new Regulator("5 V", 5, 5, 0, null)
                        .line(CurrentCatalogue.reference().find("ESP32-S3", "deep sleep"), 6.4, 1));
        assertThrows(IllegalArgumentException.class, () -> new Regulator("gain", 3.3, 3.6, 0, Curve.of(0, 1.1)));
    }

    @Test
    void curvesAreStraightBetweenTheirPoints() {
        Curve curve = Curve.of(0, 1, 10, 3, 20, 0);
        assertEquals(
                List.of(1.0, 1.0, 2.0, 3.0, 1.5, 0.0, 0.0),
                List.of(
                        curve.at(-5),
                        curve.at(0),
                        curve.at(5),
                        curve.at(10),
                        curve.at(15),
                        curve.at(20),
                        curve.at(99)));
        assertEquals(curve, Curve.of(0, 1, 10, 3, 20, 0));
        assertThrows(IllegalArgumentException.class, () -> Curve.of());
        assertThrows(IllegalArgumentException.class, () -> Curve.of(1, 2, 3));
        assertThrows(IllegalArgumentException.class, () -> Curve.of(1, 2, 1, 3));
        assertThrows(IllegalArgumentException.class, () -> Curve.of(1, Double.NaN));
    }

    @Test
    void coldLoadAndWarmthTakeTheirShareOfABattery() {
        Battery mild = Chemistry.LIFEPO4.battery(76.8, 0.8, 25, 20, 1, 5.8, 0.08);
        Battery cold = Chemistry.LIFEPO4.battery(76.8, 0.8, -10, 20, 1, 5.8, 0.08);
        Battery busy = Chemistry.LIFEPO4.battery(76.8, 0.8, -10, 20, 76.8, 5.8, 0.08);
        assertEquals(76.8 * 0.8, mild.usableWattHours(0), 1e-9);
        assertEquals(0.7 * mild.usableWattHours(0), cold.usableWattHours(0), 1e-9);
        assertEquals(0.95 * cold.usableWattHours(0), busy.usableWattHours(0), 1e-9);
        assertEquals(0.03, Chemistry.LIFEPO4.selfDischargePerMonth(20), 1e-12);
        // Twice the rate: what stays is squared.
        assertEquals(1 - 0.97 * 0.97, Chemistry.LIFEPO4.selfDischargePerMonth(30), 1e-12);
        assertTrue(Chemistry.LITHIUM_THIONYL_CHLORIDE
                        .battery(40, 1, 20, 20, 0.4, 3, 5)
                        .usableWattHours(0)
                <= 28);
        for (int celsius = -40; celsius < 60; celsius++) {
            for (Chemistry each :
                    List.of(Chemistry.LIFEPO4, Chemistry.LITHIUM_ION, Chemistry.LITHIUM_THIONYL_CHLORIDE)) {
                assertTrue(each.shareByCelsius().at(celsius)
                        <= each.shareByCelsius().at(celsius + 1));
                assertTrue(each.selfDischargePerMonth(celsius) < each.selfDischargePerMonth(celsius + 1));
            }
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> new Chemistry("x", Curve.of(0, 1.2), Curve.of(0, 1), 0.1, 10, 0, true));
    }

    @Test
    void aTableOfTheWeatherCountsMonthByMonth() {
        StringBuilder shares = new StringBuilder("month,clearness\n");
        StringBuilder energies = new StringBuilder("month,kwh_per_m2_day\n");
        for (int month = 1; month <= 12; month++) {
            double share = month == 7 ? 0.01 : 0.3 + month / 100.0;
            shares.append(month).append(',').append(share).append('\n');
            energies.append(month).append(',');
            energies.append(share * SolarPanel.outsideWattHours(54.5, month - 1) / 1000)
                    .append('\n');
        }
        Weather table = Weather.parse(shares.toString(), 54.5);
        EnergyYear year = EnergyYear.of(NodePower.CAMERA.budget(), Battery.LIFEPO4_77_WH, PANEL, 1, 54.5, table);
        assertEquals(6, year.worstMonth(), "a July of rain");
        assertEquals(
                PANEL.wattHoursPerDay(54.5, 2, 0.33),
                year.harvestWattHoursPerDay().get(2),
                1e-9);
        Weather same = Weather.parse("\uFEFF" + energies, 54.5);
        for (int month = 0; month < 12; month++) {
            assertEquals(table.clearness().get(month), same.clearness().get(month), 1e-9);
        }
    }

    @Test
    void weatherThatCannotBeIsRefusedByLine() {
        assertTrue(refusal(() -> Weather.parse("sun\n", 50)).contains("month,clearness"));
        assertTrue(refusal(() -> Weather.parse("month,clearness\n1,0.4\n3,0.4\n", 50))
                .contains("line 3"));
        assertTrue(refusal(() -> Weather.parse("month,clearness\n1,0.9\n", 50)).contains("line 2"));
        assertTrue(
                refusal(() -> Weather.parse("month,kwh_per_m2_day\n1,9\n", 50)).contains("line 2"));
        assertTrue(refusal(() -> Weather.parse("month,clearness\n1,0.4\n", 50)).contains("clearness of the months"));
        assertThrows(IllegalArgumentException.class, () -> Weather.parse("month,clearness\n1,0.4\n", 80));
        assertThrows(IllegalArgumentException.class, () -> new Weather(Collections.nCopies(12, 0.0)));
    }
}
