package dev.fieldproof.geo.cli;

import dev.fieldproof.geo.plan.BatteryPack;
import dev.fieldproof.geo.plan.CurrentCatalogue;
import dev.fieldproof.geo.plan.Duty;
import dev.fieldproof.geo.plan.Inference;
import dev.fieldproof.geo.plan.NodePower;
import dev.fieldproof.geo.plan.PowerForecast;
import dev.fieldproof.geo.plan.Regulator;
import dev.fieldproof.geo.plan.SolarPanel;
import dev.fieldproof.geo.plan.Weather;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code plan} about the power of nodes away from the mains. */
final class PowerChoices {
    /** Kinds of batteries. */
    enum BatteryKind {
        LIFEPO4,
        LI_ION,
        LI_SOCL2;

        BatteryPack pack() {
            return switch (this) {
                case LIFEPO4 -> BatteryPack.LIFEPO4;
                case LI_ION -> BatteryPack.LITHIUM_ION;
                case LI_SOCL2 -> BatteryPack.LITHIUM_THIONYL_CHLORIDE;
            };
        }

        @Override
        public String toString() {
            return word(name());
        }
    }

    /** Kinds of regulators. */
    enum RegulatorKind {
        BUCK,
        LINEAR,
        BUCK_BOOST;

        Regulator regulator() {
            return switch (this) {
                case BUCK -> Regulator.BUCK;
                case LINEAR -> Regulator.LINEAR;
                case BUCK_BOOST -> Regulator.BUCK_BOOST;
            };
        }

        @Override
        public String toString() {
            return word(name());
        }
    }

    /** What a node judges with. */
    enum InferenceKind {
        VISUAL_WAKE_WORDS,
        IMAGE_CLASSIFICATION,
        KEYWORD_SPOTTING,
        ANOMALY_DETECTION;

        Inference inference() {
            return switch (this) {
                case VISUAL_WAKE_WORDS -> Inference.VISUAL_WAKE_WORDS_M33;
                case IMAGE_CLASSIFICATION -> Inference.IMAGE_CLASSIFICATION_M33;
                case KEYWORD_SPOTTING -> Inference.KEYWORD_SPOTTING_M4;
                case ANOMALY_DETECTION -> Inference.ANOMALY_DETECTION_M7;
            };
        }

        @Override
        public String toString() {
            return word(name());
        }
    }

    private static String word(String name) {
        return name.toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    private static final String DEFAULT = " (default: ${DEFAULT-VALUE})";

    @Option(
            names = "--battery",
            paramLabel = "KIND",
            defaultValue = "lifepo4",
            description = "battery of nodes without mains: ${COMPLETION-CANDIDATES}" + DEFAULT)
    private BatteryKind battery = BatteryKind.LIFEPO4;

    @Option(
            names = "--batteries",
            paramLabel = "N",
            defaultValue = "1",
            description = "how many of them side by side" + DEFAULT)
    private int batteries = 1;

    @Option(names = "--esr", paramLabel = "OHM", description = "inner resistance of one, cold and old, if measured")
    private @Nullable Double ohms;

    @Option(
            names = "--regulator",
            paramLabel = "KIND",
            defaultValue = "buck",
            description = "between battery and chip: ${COMPLETION-CANDIDATES}" + DEFAULT)
    private RegulatorKind regulator = RegulatorKind.BUCK;

    @Option(
            names = "--panels",
            paramLabel = "N",
            description = "solar panels of 10 W a node (default: 1; 0 for a battery that cannot be charged)")
    private @Nullable Integer panels;

    @Option(
            names = "--panel-tilt",
            paramLabel = "DEG",
            defaultValue = "60",
            description = "their tilt from the horizontal" + DEFAULT)
    private double tilt = 60;

    @Option(
            names = "--weather",
            paramLabel = "FILE",
            description = "twelve months as CSV of month,clearness or month,kwh_per_m2_day on level ground (default: a "
                    + "clearness of 0.3 all year)")
    private @Nullable Path weather;

    @Option(
            names = "--coldest",
            paramLabel = "DEG",
            defaultValue = "-10",
            description = "degrees Celsius at which the battery must still do" + DEFAULT)
    private double coldest = -10;

    @Option(
            names = "--mean",
            paramLabel = "DEG",
            defaultValue = "10",
            description = "degrees Celsius over the year" + DEFAULT)
    private double mean = 10;

    @Option(
            names = "--dark-days",
            paramLabel = "DAYS",
            defaultValue = "5",
            description = "how long the battery must do without sun" + DEFAULT)
    private double darkDays = 5;

    @Option(
            names = "--currents",
            paramLabel = "FILE",
            description = "own figures before the library's: CSV of part,state,milliamps,volts,basis,source")
    private @Nullable Path currents;

    @Option(
            names = "--board",
            paramLabel = "PART",
            defaultValue = "ESP32-S3 camera node",
            description = "whose figures count: look, connect and send, transmit peak, deep sleep, rest of the board"
                    + DEFAULT)
    private String board = "ESP32-S3 camera node";

    @Option(
            names = "--looks",
            paramLabel = "N",
            defaultValue = "1440",
            description = "how often a day a node wakes and looks" + DEFAULT)
    private double looks = 1_440;

    @Option(
            names = "--inferences",
            paramLabel = "N",
            description = "how often a day it judges on its own (default: at each look)")
    private @Nullable Double inferences;

    @Option(
            names = "--inference",
            paramLabel = "KIND",
            defaultValue = "visual-wake-words",
            description = "what it judges with: ${COMPLETION-CANDIDATES}" + DEFAULT)
    private InferenceKind inference = InferenceKind.VISUAL_WAKE_WORDS;

    @Option(
            names = "--reports",
            paramLabel = "N",
            defaultValue = "96",
            description = "how often a day it connects and sends" + DEFAULT)
    private double reports = 96;

    /**
     * What was chosen.
     *
     * @throws IOException if a file cannot be read
     * @throws IllegalArgumentException if a value or file is wrong; names it
     */
    NodePower power(double latitudeDegrees) throws IOException {
        CurrentCatalogue figures = CurrentCatalogue.reference();
        if (currents != null) {
            figures = figures.with(read(currents, CurrentCatalogue::parse));
        }
        Weather months = Weather.always(NodePower.CLOUDY);
        if (weather != null) {
            double latitude =
                    Math.max(-PowerForecast.MAX_LATITUDE, Math.min(PowerForecast.MAX_LATITUDE, latitudeDegrees));
            months = read(weather, csv -> Weather.parse(csv, latitude));
        }
        Duty usual = Duty.CAMERA;
        Duty duty = new Duty(
                looks,
                usual.secondsPerLook(),
                inference.inference(),
                inferences == null ? looks : inferences,
                reports,
                usual.secondsPerReport(),
                usual.retryShare(),
                usual.updateSecondsPerDay());
        BatteryPack pack = ohms == null ? battery.pack() : battery.pack().withOhms(ohms);
        int fed = pack.chemistry().rechargeable() ? 1 : 0;
        SolarPanel panel = new SolarPanel(NodePower.PANEL.wattsPeak(), tilt, NodePower.PANEL.performance());
        return new NodePower(
                board,
                figures,
                duty,
                regulator.regulator(),
                pack,
                batteries,
                panel,
                panels == null ? fed : panels,
                months,
                coldest,
                mean,
                darkDays);
    }

    private static <T> T read(Path file, java.util.function.Function<String, T> parser) throws IOException {
        String text = Files.readString(file);
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }
}
