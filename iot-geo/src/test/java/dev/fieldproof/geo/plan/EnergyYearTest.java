package dev.fieldproof.geo.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnergyYearTest {
    private static final SolarPanel PANEL = new SolarPanel(10, 60, 0.7);
    private static final int[] DAYS = {17, 47, 75, 105, 135, 162, 198, 228, 258, 288, 318, 344};

    @Test
    void theFormulaForTheDarkAgreesWithCountingHours() {
        SeededRuns.check(100, random -> {
            Battery battery = new Battery(random.nextDouble(5, 200), 0.8, 0.7, 0.03, random.nextDouble(0, 0.2), 6, 0.1);
            PowerBudget budget =
                    new PowerBudget(List.of(new PowerBudget.Line("all", random.nextDouble(1, 100), 86_400)));
            double years = random.nextInt(10);
            double formula = battery.autonomyDays(budget.wattHoursPerDay(), years);
            double counted = PowerSimulation.daysWithoutSun(budget, battery, years);
            assertEquals(counted, formula, 0.005 * counted);
        });
    }

    @Test
    void theFormulaForTheSunAgreesWithCountingMinutes() {
        for (double latitude = -60; latitude <= 60; latitude += 12) {
            for (int month = 0; month < 12; month++) {
                double counted = PowerSimulation.outsideWattHours(latitude, DAYS[month]);
                assertEquals(counted, SolarPanel.outsideWattHours(latitude, month), 0.005 * counted + 1);
            }
        }
    }

    @Test
    void knownValuesOfTheTextbookAreMet() {
        // Duffie and Beckman, table 1.10.1: 43 degrees north, April 33.8 MJ; 40 degrees north, January 15.2 MJ.
        assertEquals(33.8, SolarPanel.outsideWattHours(43, 3) * 0.0036, 0.4);
        assertEquals(15.2, SolarPanel.outsideWattHours(40, 0) * 0.0036, 0.3);
    }

    private static EnergyYear year(double latitude) {
        PowerBudget budget = NodePower.CAMERA.budget();
        return EnergyYear.of(budget, Battery.LIFEPO4_77_WH, PANEL, 1, latitude, Weather.always(NodePower.CLOUDY));
    }

    @Test
    void winterIsWorstAndASteepPanelIsBetterThen() {
        EnergyYear year = year(54.5);
        assertEquals(11, year.worstMonth());
        assertTrue(year.worstSurplusWattHoursPerDay() > 0, year::toString);
        assertTrue(year.panelWattsNeeded() > 0.1 && year.panelWattsNeeded() < 10, year::toString);
        assertTrue(year.autonomyDays().get(0) < year.autonomyDays().get(2));
        assertTrue(
                PANEL.wattHoursPerDay(54.5, 11, 0.5) > new SolarPanel(10, 0, 0.7).wattHoursPerDay(54.5, 11, 0.5) * 1.5);
        assertEquals(5, year(-40).worstMonth());
        double used = year.loadWattHoursPerDay() + year.selfDischargeWattHoursPerDay();
        assertEquals(10 * used / year.harvestWattHoursPerDay().get(11), year.panelWattsNeeded(), 1e-9);
        assertEquals(year.harvestWattHoursPerDay().get(11) - used, year.worstSurplusWattHoursPerDay(), 1e-12);
    }

    @Test
    void aPulseDropsTheVoltageByOhmsLaw() {
        Battery battery = new Battery(10, 1, 1, 0, 0, 3.2, 0.5);
        double volts = battery.voltsUnder(1_000);
        assertEquals(3.2 - 0.5 * 1.0 / volts, volts, 1e-9);
        assertTrue(Double.isNaN(battery.voltsUnder(10_000)));
        assertEquals(10, battery.autonomyDays(1, 0), 1e-12);
    }

    @Test
    void impossibleValuesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Battery(0, 1, 1, 0, 0, 3, 0));
        assertThrows(IllegalArgumentException.class, () -> new SolarPanel(1, 91, 1));
        assertThrows(IllegalArgumentException.class, () -> PANEL.wattHoursPerDay(80, 0, 0.5));
        assertThrows(IllegalArgumentException.class, () -> PANEL.wattHoursPerDay(50, 0, 0.9));
        assertThrows(IllegalArgumentException.class, () -> Battery.LIFEPO4_77_WH.autonomyDays(0, 0));
    }
}
