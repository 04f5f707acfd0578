package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.benchmarks.page.Html;
import dev.fieldproof.benchmarks.page.Html.Cell;
import dev.fieldproof.benchmarks.scenario.WeakLink;
import dev.fieldproof.ota.delta.DeltaProfile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What an update costs over a weak link: the full image, a bsdiff patch, and a patch of the small profile. */
@Command(
        name = "weak-link",
        mixinStandardHelpOptions = true,
        description = "Brings each firmware pair's update over a simulated weak link: bytes, minutes, energy.")
public final class WeakLinkTable implements Callable<Integer> {
    /** A Wi-Fi receiver that listens throughout: 84 mA at 3.3 V, as the ESP32-C3's data sheet gives it. */
    private static final double WATTS = 0.084 * 3.3;

    @Option(names = "--html", paramLabel = "FILE", description = "also write a page")
    private @Nullable Path html;

    @Option(names = "--seed", paramLabel = "N", description = "of what the link does, default ${DEFAULT-VALUE}")
    private long seed = 1;

    @Spec
    private @Nullable CommandSpec spec;

    /** Made for the command line. */
    public WeakLinkTable() {}

    /** What one file costs. */
    record Cost(int bytes, Duration time) {
        static Cost of(int bytes, long seed) throws IOException {
            return new Cost(bytes, WeakLink.timeFor(bytes, seed));
        }

        double minutes() {
            return time.toMillis() / 60_000.0;
        }

        double joules() {
            return time.toMillis() / 1_000.0 * WATTS;
        }

        private String text() {
            return String.format(Locale.ROOT, "%,9d B %7.2f min %7.1f J", bytes, minutes(), joules());
        }

        private List<Cell> cells() {
            return List.of(
                    Cell.number(String.format(Locale.ROOT, "%,d", bytes)),
                    Cell.number(String.format(Locale.ROOT, "%.2f", minutes())),
                    Cell.number(String.format(Locale.ROOT, "%.1f", joules())));
        }
    }

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("to be run through picocli");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("over " + WeakLink.DESCRIPTION + ", seed " + seed);
        List<List<Cell>> rows = new ArrayList<>();
        for (FirmwarePair pair : FirmwarePair.ALL) {
            List<Cell> cells = new ArrayList<>(List.of(Cell.of(pair.target())));
            out.println(pair.target() + " from " + pair.old());
            for (Way way : Way.values()) {
                Cost cost = way.cost(pair, seed);
                out.println(String.format(Locale.ROOT, "  %-12s ", way.title) + cost.text());
                cells.addAll(cost.cells());
            }
            out.flush();
            rows.add(cells);
        }
        if (html != null) {
            Files.writeString(html, page(rows));
        }
        return 0;
    }

    private String page(List<List<Cell>> rows) {
        List<Cell> head = new ArrayList<>(List.of(Cell.of("new image")));
        for (Way way : Way.values()) {
            List.of(way.title + ", bytes", "minutes", "joules").forEach(each -> head.add(Cell.number(each)));
        }
        return new Html("An update over a weak link", WeakLink.DESCRIPTION + ", seed " + seed)
                .table(head, rows)
                .paragraph(
                        "Energy is that of a Wi-Fi receiver listening throughout, 84 mA at 3.3 V; deciding, erasing and"
                                + " writing come on top, the same for all three but for the decoder's few seconds.")
                .end("Each patch was made by this library's small profile; bsdiff's sizes are those of bsdiff 4.3.");
    }

    /** What is sent. */
    enum Way {
        IMAGE("full image"),
        BSDIFF("bsdiff patch"),
        OURS("our patch");

        private final String title;

        Way(String title) {
            this.title = title;
        }

        Cost cost(FirmwarePair pair, long seed) throws IOException {
            if (this == IMAGE) {
                return Cost.of(pair.targetBytes().length, seed);
            }
            return Cost.of(this == BSDIFF ? pair.bsdiff() : DeltaSizes.bytes(pair, DeltaProfile.SMALL), seed);
        }
    }
}
