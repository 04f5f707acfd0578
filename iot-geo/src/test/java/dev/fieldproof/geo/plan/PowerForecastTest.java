package dev.fieldproof.geo.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PowerForecastTest {
    private static final List<BatteryPack> PACKS =
            List.of(BatteryPack.LIFEPO4, BatteryPack.LITHIUM_ION, BatteryPack.LITHIUM_THIONYL_CHLORIDE);
    private static final List<Regulator> REGULATORS = List.of(Regulator.BUCK, Regulator.LINEAR, Regulator.BUCK_BOOST);
    private static final List<Inference> INFERENCES = List.of(
            Inference.VISUAL_WAKE_WORDS_M33,
            Inference.IMAGE_CLASSIFICATION_M33,
            Inference.KEYWORD_SPOTTING_M4,
            Inference.ANOMALY_DETECTION_M7);

    private static NodePower power(BatteryPack pack, Regulator regulator, int panels, double clearness) {
        return new NodePower(
                "ESP32-S3 camera node",
                CurrentCatalogue.reference(),
                Duty.CAMERA,
                regulator,
                pack,
                1,
                NodePower.PANEL,
                panels,
                Weather.always(clearness),
                -10,
                10,
                5);
    }

    private static <T> T any(List<T> list, RandomGenerator random) {
        return list.get(random.nextInt(list.size()));
    }

    private static NodePower any(RandomGenerator random) {
        BatteryPack pack = any(PACKS, random);
        double coldest = random.nextDouble(-30, 15);
        List<Double> months = new ArrayList<>();
        for (int month = 0; month < 12; month++) {
            months.add(random.nextDouble(0.05, 0.7));
        }
        return new NodePower(
                "ESP32-S3 camera node",
                CurrentCatalogue.reference(),
                new Duty(
                        random.nextInt(10_000),
                        1.2,
                        any(INFERENCES, random),
                        random.nextInt(20_000),
                        random.nextInt(2_000),
                        1.5,
                        random.nextDouble(0.5),
                        random.nextDouble(100)),
                any(REGULATORS, random),
                pack,
                1 + random.nextInt(4),
                new SolarPanel(random.nextDouble(0.2, 20), random.nextDouble(90), random.nextDouble(0.3, 1)),
                pack.chemistry().rechargeable() ? random.nextInt(4) : 0,
                new Weather(months),
                coldest,
                coldest + random.nextDouble(20),
                random.nextDouble(20));
    }

    /** With regulator, chemistry, cold, rate, ageing, self-discharge, weather and inference at any values. */
    @Test
    void formulasAgreeWithCountingHourByHour() {
        SeededRuns.check(60, random -> {
            NodePower power = any(random);
            double latitude = random.nextDouble(-60, 60);
            PowerForecast forecast = PowerForecast.of(power, latitude);
            int i = 0;
            for (int years : new int[] {10, 5, 0}) {
                double counted = PowerSimulation.daysWithoutSun(power, years);
                assertEquals(counted, forecast.year().autonomyDays().get(i++), 0.005 * counted, power::toString);
            }
            for (int month = 0; month < 12; month++) {
                double counted = PowerSimulation.harvestWattHours(power, latitude, month);
                assertEquals(
                        counted,
                        forecast.year().harvestWattHoursPerDay().get(month),
                        0.005 * counted + 1e-3,
                        power::toString);
            }
        });
    }

    /** The life is counted a month at a time where it ends by ageing, so it may be one month longer. */
    @Test
    void lifeAgreesWithCountingHourByHour() {
        SeededRuns.check(20, random -> {
            NodePower power = any(random);
            double latitude = random.nextDouble(-60, 60);
            double counted = PowerSimulation.lifeYears(power, latitude);
            double formula = PowerForecast.of(power, latitude).lifeYears().get(1);
            assertEquals(counted, formula, 0.005 * counted + 1 / 12.0, power::toString);
        });
    }

    /** An error in any of the parts is larger than what formula and counting may differ by. */
    @Test
    void anyPartLeftOutIsNoticed() {
        NodePower power = power(BatteryPack.LIFEPO4, Regulator.BUCK, 1, 0.3);
        double counted = PowerSimulation.daysWithoutSun(power, 10);
        Battery right = power.battery();
        double load = power.budget().wattHoursPerDay();
        assertEquals(counted, right.autonomyDays(load, 10), 0.005 * counted);
        assertOff(counted, right.autonomyDays(power.budget(0).wattHoursPerDay(), 10), "regulator");
        assertOff(counted, right.autonomyDays(load, 0), "ageing");
        double fade = right.fadePerYear();
        Battery warm = new Battery(76.8, 0.8, 1, fade, right.selfDischargePerMonth(), 5.8, 0.08);
        assertOff(counted, warm.autonomyDays(load, 10), "cold");
        Battery tight = new Battery(76.8, 0.8, right.coldShare(), fade, 0, 5.8, 0.08);
        assertOff(counted, tight.autonomyDays(load, 10), "self-discharge");
        assertOff(
                counted, right.autonomyDays(load - power.budget().lines().get(4).wattHoursPerDay(), 10), "sleep");
    }

    private static void assertOff(double counted, double formula, String without) {
        assertTrue(Math.abs(formula - counted) > 0.005 * counted, () -> "without " + without + ": " + formula);
    }

    @Test
    void aDayHasTwentyFourHours() {
        for (Inference each : INFERENCES) {
            Duty duty = new Duty(500, 2, each, 900, 50, 3, 0.2, 30);
            NodePower camera = NodePower.CAMERA;
            NodePower power = new NodePower(
                    camera.board(),
                    camera.currents(),
                    duty,
                    camera.regulator(),
                    camera.pack(),
                    1,
                    camera.panel(),
                    1,
                    camera.weather(),
                    0,
                    10,
                    5);
            assertEquals(
                    86_400,
                    power.states().stream()
                            .mapToDouble(NodePower.State::secondsPerDay)
                            .sum(),
                    1e-6);
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> new Duty(90_000, 1, Inference.KEYWORD_SPOTTING_M4, 0, 0, 0, 0, 0));
        assertThrows(
                IllegalArgumentException.class, () -> new Duty(-1, 1, Inference.KEYWORD_SPOTTING_M4, 0, 0, 0, 0, 0));
    }

    @Test
    void chipAndBoardSleepTogether() {
        NodePower.State sleep = NodePower.CAMERA.states().get(4);
        assertEquals(0.13, sleep.figure().milliamps(), 1e-12);
        assertEquals(CurrentCatalogue.Basis.ASSUMED, sleep.figure().basis(), "the weaker of the two");
        // One's own board may be measured as a whole.
        StringBuilder csv = new StringBuilder("part,state,milliamps,volts,basis,source\n");
        for (String state : List.of("look", "connect and send", "transmit peak", "deep sleep")) {
            csv.append("mine,").append(state).append(",0.5,3.3,measured,desk\n");
        }
        NodePower camera = NodePower.CAMERA;
        NodePower mine = new NodePower(
                "mine",
                CurrentCatalogue.reference().with(CurrentCatalogue.parse(csv.toString())),
                camera.duty(),
                camera.regulator(),
                camera.pack(),
                1,
                camera.panel(),
                1,
                camera.weather(),
                -10,
                10,
                5);
        assertEquals(0.5, mine.states().get(4).figure().milliamps());
        assertEquals(
                CurrentCatalogue.Basis.MEASURED, mine.states().get(4).figure().basis());
    }

    @Test
    void aWeakBatteryBrownsOutAndTheResistanceAllowedIsTheLimit() {
        PowerForecast strong = PowerForecast.of(power(BatteryPack.LIFEPO4, Regulator.BUCK, 1, 0.3), 54);
        assertFalse(strong.isBrownOut());
        assertTrue(strong.warnings(54).isEmpty(), () -> strong.warnings(54).toString());
        for (Regulator regulator : REGULATORS) {
            for (BatteryPack pack : PACKS) {
                int panels = pack.chemistry().rechargeable() ? 1 : 0;
                double allowed = PowerForecast.of(power(pack, regulator, panels, 0.3), 54)
                        .ohmsAllowed();
                for (double share : new double[] {0.999, 1.001}) {
                    PowerForecast near =
                            PowerForecast.of(power(pack.withOhms(share * allowed), regulator, panels, 0.3), 54);
                    assertEquals(share > 1, near.isBrownOut(), () -> regulator + " from " + pack);
                }
            }
        }
        PowerForecast weak = PowerForecast.of(power(PACKS.get(2), Regulator.BUCK, 0, 0.3), 54);
        assertTrue(weak.warnings(54).get(0).startsWith("brownout: a peak of 1233 mW"), weak.warnings(54)::toString);
    }

    @Test
    void everyShortageIsNamedWithWhatIsNeeded() {
        NodePower camera = NodePower.CAMERA;
        NodePower dark = new NodePower(
                camera.board(),
                camera.currents(),
                camera.duty(),
                camera.regulator(),
                camera.pack(),
                1,
                new SolarPanel(0.5, 10, 0.5),
                1,
                Weather.always(0.1),
                -20,
                5,
                90);
        PowerForecast forecast = PowerForecast.of(dark, 60);
        List<String> warnings = forecast.warnings(60);
        assertEquals(2, warnings.size(), warnings::toString);
        assertTrue(warnings.get(0).contains("in December: panels of "), warnings::toString);
        assertTrue(warnings.get(1).contains("not 90.0: a battery of "), warnings::toString);
        // What is said to be needed suffices.
        NodePower enough = new NodePower(
                dark.board(),
                dark.currents(),
                dark.duty(),
                dark.regulator(),
                dark.pack(),
                (int) Math.ceil(forecast.batteryWattHoursNeeded() / 76.8),
                new SolarPanel(1.2 * forecast.year().panelWattsNeeded(), 10, 0.5),
                1,
                dark.weather(),
                -20,
                5,
                90);
        assertEquals(List.of(), PowerForecast.of(enough, 60).warnings(60));
        assertTrue(forecast.warnings(70).get(0).contains("at 70.0 degrees"), forecast.warnings(70)::toString);
        assertEquals(PowerForecast.of(dark, 66), PowerForecast.of(dark, 80));
    }

    @Test
    void lifeIsAnIntervalAroundWhatIsAssumed() {
        SeededRuns.check(100, random -> {
            List<Double> life =
                    PowerForecast.of(any(random), random.nextDouble(-60, 60)).lifeYears();
            assertTrue(life.get(0) <= life.get(1) && life.get(1) <= life.get(2), life::toString);
        });
        PowerForecast primary = PowerForecast.of(power(PACKS.get(2), Regulator.BUCK, 0, 0.3), 54);
        assertTrue(primary.life().matches("0\\.\\d years \\(0\\.\\d to 1\\.\\d\\)"), primary.life());
    }

    @Test
    void theDominatingAssumptionIsTheOneThatMovesMost() {
        assertEquals(
                "clearness of the sky", PowerForecast.of(NodePower.CAMERA, 50).dominating());
        PowerForecast primary = PowerForecast.of(power(PACKS.get(2), Regulator.BUCK, 0, 0.3), 50);
        assertEquals("capacity in the cold and under load", primary.dominating());
        assertTrue(primary.effects().stream()
                .noneMatch(effect -> effect.assumption().contains("sky")));
        for (int i = 1; i < primary.effects().size(); i++) {
            assertTrue(primary.effects().get(i - 1).worseBy()
                    >= primary.effects().get(i).worseBy());
        }
        assertEquals("draw of: look", primary.effects().get(1).assumption());
    }

    @Test
    void whatDoesNotFitTogetherIsRefused() {
        String charged = assertThrows(IllegalArgumentException.class, () -> power(PACKS.get(2), Regulator.BUCK, 1, 0.3))
                .getMessage();
        assertTrue(charged.contains("cannot be charged"), charged);
        BatteryPack single = new BatteryPack("one cell", Chemistry.LITHIUM_ION, 10, 0.8, 3.6, 3, 0.1);
        String low = assertThrows(IllegalArgumentException.class, () -> power(single, Regulator.LINEAR, 1, 0.3))
                .getMessage();
        assertTrue(low.contains("needs 3.6"), low);
        assertFalse(PowerForecast.of(power(single, Regulator.BUCK_BOOST, 1, 0.3), 50)
                .isBrownOut());
        assertThrows(
                IllegalArgumentException.class,
                () -> new BatteryPack("x", Chemistry.LITHIUM_ION, 10, 0.8, 3, 3.6, 0.1));
    }

    @Test
    void textOfAModelIsTheSameOnEveryPlatform() {
        assertEquals(
                "(0.1;100;-3E-7;)", Canonical.text(List.of(0.1, 100.0, -3e-7)).replace("1E+2", "100"));
        assertEquals(Canonical.text(List.of(Math.PI)), Canonical.text(List.of(Math.nextUp(Math.PI))));
        assertFalse(Canonical.text(NodePower.CAMERA)
                .equals(Canonical.text(power(BatteryPack.LIFEPO4, Regulator.LINEAR, 1, 0.3))));
    }
}
