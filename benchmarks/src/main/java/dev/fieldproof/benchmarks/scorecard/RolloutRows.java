package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.benchmarks.rival.AwsAbort;
import dev.fieldproof.benchmarks.rival.HawkbitThreshold;
import dev.fieldproof.benchmarks.rival.Nginx;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How soon a bad rollout stops, and how large one may be. */
final class RolloutRows {
    /** Of no other run: the rule was tuned on other seeds. */
    private static final long FRESH_SEED = 4_200_000_000L;

    private static StoppingTrials.@Nullable Scores played;

    private RolloutRows() {}

    private static synchronized StoppingTrials.Scores scores() {
        StoppingTrials.Scores known = played;
        if (known == null) {
            known = StoppingTrials.play(FRESH_SEED);
            played = known;
        }
        return known;
    }

    private static Row stopping(
            String name, String what, String unit, Goal goal, ToDoubleFunction<StoppingTrials.Score> figure) {
        return new Row.Exact(
                "ota.stopping-" + name,
                what + ", 10,000 seeded campaigns",
                unit,
                AwsAbort.NAME,
                goal,
                () -> figure.applyAsDouble(scores().ours()),
                () -> figure.applyAsDouble(scores().aws()),
                true);
    }

    static List<Row> rows() {
        return Stream.of(stoppingRows(), millionRows(), provisioningRows(), nodeRows())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Row> stoppingRows() {
        return List.of(
                stopping(
                        "devices",
                        "devices that had an update that fails at 5 % instead of 2 %, half of it silently, at the stop",
                        "devices",
                        new Goal.AtMost(500),
                        StoppingTrials.Score::meanDevices),
                stopping(
                        "devices-upper",
                        "upper end of the 95 % confidence interval of that mean",
                        "devices",
                        new Goal.AtMost(500),
                        StoppingTrials.Score::meanDevicesUpper),
                stopping(
                        "missed",
                        "updates that fail at 5 % instead of 2 % and are never stopped",
                        "%",
                        new Goal.AtMost(0),
                        StoppingTrials.Score::missedPercent),
                stopping(
                        "false",
                        "updates that fail at 2 %, as before, and are stopped all the same",
                        "%",
                        new Goal.AtMost(1),
                        StoppingTrials.Score::falsePercent),
                stopping(
                        "false-upper",
                        "upper end of the 95 % confidence interval of that share",
                        "%",
                        new Goal.AtMost(1),
                        StoppingTrials.Score::falsePercentUpper),
                new Row.Exact(
                        "ota.stopping-devices-hawkbit",
                        "devices that had the bad update at the stop, 10,000 seeded campaigns",
                        "devices",
                        HawkbitThreshold.NAME,
                        new Goal.AtMost(500),
                        () -> scores().ours().meanDevices(),
                        () -> scores().hawkbit().meanDevices(),
                        true));
    }

    private static List<Row> millionRows() {
        return List.of(
                million(
                        "decisions",
                        "decisions for each second of CPU time, offers and watches, with the events they follow from",
                        "decisions/s",
                        new Goal.AtLeast(5_000_000),
                        MillionCampaign::decisionsPerSecond),
                million(
                        "bytes",
                        "growth of the heap for each device, its traits included",
                        "bytes",
                        new Goal.AtMost(32),
                        MillionCampaign::bytesPerDevice),
                million(
                        "replay",
                        "logs that, stepped again, give another decision or another state",
                        "logs",
                        new Goal.AtMost(0),
                        MillionCampaign::replayDifferences));
    }

    private static List<Row> provisioningRows() {
        return List.of(
                new Row.Exact(
                        "ota.provisioning-schedules",
                        "schedules of claim messages, with losses, doubles, reorders, power cuts and expiries, that"
                                + " left no orphan and no name twice (0 if any did)",
                        "schedules",
                        "–",
                        new Goal.AtLeast(100_000),
                        ProvisioningWork::schedules,
                        () -> Double.NaN,
                        true),
                new Row.Exact(
                        "ota.provisioning-rate",
                        "identities for each second of CPU time of the service: check the signing request, sign the"
                                + " certificate (P-256), register; records in memory",
                        "identities/s",
                        "–",
                        new Goal.AtLeast(1000),
                        ProvisioningWork::perSecond,
                        () -> Double.NaN,
                        true));
    }

    private static List<Row> nodeRows() {
        return List.of(
                node(
                        "p99",
                        "99 of 100 polls are answered within, from when they are due, while it serves downloads",
                        "ms",
                        Nginx.NAME + ", polls answered from a file each",
                        new Goal.AtMost(50),
                        () -> NodeLoad.figures().p99Millis(),
                        () -> rival(NodeLoad.Figures::p99Millis)),
                node(
                        "served",
                        "artifacts served to two readers, while the polls go on",
                        "MB/s",
                        "a bare loop of sendfile, while the same polls go on",
                        new Goal.AtLeast(1000),
                        () -> NodeLoad.figures().servedBytesPerSecond() / 1e6,
                        () -> NodeLoad.figures().besideBytesPerSecond() / 1e6),
                node(
                        "served-limit",
                        "artifacts served to two readers, while the polls go on",
                        "MB/s",
                        "a bare loop of sendfile, nobody polling",
                        new Goal.AtLeast(1000),
                        () -> NodeLoad.figures().servedBytesPerSecond() / 1e6,
                        () -> NodeLoad.figures().limitBytesPerSecond() / 1e6),
                node(
                        "served-nginx",
                        "artifacts served to two readers, while the polls go on",
                        "MB/s",
                        Nginx.NAME + ", under the same load",
                        new Goal.AtLeast(1000),
                        () -> NodeLoad.figures().servedBytesPerSecond() / 1e6,
                        () -> rival(NodeLoad.Figures::servedBytesPerSecond) / 1e6),
                node(
                        "heap",
                        "peak of its heap",
                        "MB",
                        "–",
                        new Goal.AtMost(512),
                        () -> NodeLoad.figures().heapBytes() / 1e6,
                        () -> Double.NaN));
    }

    private static double rival(ToDoubleFunction<NodeLoad.Figures> figure) throws Exception {
        return NodeLoad.figures().nginx().map(figure::applyAsDouble).orElse(Double.NaN);
    }

    private static Row node(
            String name,
            String what,
            String unit,
            String rival,
            Goal goal,
            Callable<Double> figure,
            Callable<Double> theirs) {
        return new Row.Exact(
                "ota.node-" + name,
                "control node, 10,000 devices on connections of their own, 1,000 polls a second, on the clients' own"
                        + " cores: " + what,
                unit,
                rival,
                goal,
                figure,
                theirs,
                true);
    }

    private static Row million(String name, String what, String unit, Goal goal, Callable<Double> figure) {
        return new Row.Exact(
                "ota.million-" + name,
                "campaign of 1,000,000 devices in one process: " + what,
                unit,
                "–",
                goal,
                figure,
                () -> Double.NaN,
                true);
    }
}
