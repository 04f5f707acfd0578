package dev.fieldproof.benchmarks.scenario;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.fieldproof.benchmarks.page.Html;
import dev.fieldproof.benchmarks.page.Html.Cell;
import dev.fieldproof.benchmarks.scenario.Chapter.Figure;
import dev.fieldproof.benchmarks.scenario.Chapter.Invariant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The day as a table, a page and JSON; the same bytes for the same inputs and seed. */
record DayReport(Day day, long seed, List<Chapter> chapters) {
    /** The table that the console shows. */
    String text() {
        StringBuilder text = new StringBuilder();
        text.append("The field day, seed ").append(seed).append('\n');
        for (Chapter chapter : chapters) {
            text.append(String.format(Locale.ROOT, "%n%-54s%s%n", chapter.title(), chapter.module()));
            for (Figure figure : chapter.figures()) {
                text.append(String.format(Locale.ROOT, "    %-50s%s%n", figure.name(), figure.value()));
            }
            for (Invariant invariant : chapter.invariants()) {
                text.append(String.format(
                        Locale.ROOT,
                        "  %s %-50s%s%n",
                        invariant.holds() ? "✓" : "✗",
                        invariant.name(),
                        invariant.detail()));
            }
        }
        text.append(String.format(Locale.ROOT, "%n%s%n", verdict()));
        return text.toString();
    }

    private String verdict() {
        long broken = chapters.stream()
                .flatMap(chapter -> chapter.invariants().stream())
                .filter(invariant -> !invariant.holds())
                .count();
        long all = chapters.stream()
                .mapToLong(chapter -> chapter.invariants().size())
                .sum();
        return broken == 0 ? "All " + all + " invariants held." : broken + " of " + all + " invariants broke.";
    }

    /** Writes every document; each appears whole or not at all, so that a run killed half-way does no harm. */
    void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Map<String, String> documents = new LinkedHashMap<>(day.documents);
        documents.put("report.json", json());
        documents.put("index.html", html());
        for (Map.Entry<String, String> document : documents.entrySet()) {
            Path part = directory.resolve(document.getKey() + ".part");
            Files.writeString(part, document.getValue());
            Files.move(part, directory.resolve(document.getKey()), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private String json() throws JsonProcessingException {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("seed", seed);
        root.put("site", day.inputs.siteName());
        root.put("oldFirmware", day.inputs.oldName());
        root.put("newFirmware", day.inputs.newName());
        root.put("chapters", chapters);
        root.put("timeline", day.timeline.events());
        return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(root);
    }

    private String html() {
        Inputs inputs = day.inputs;
        Html page = new Html(
                "The field day",
                "Site: " + inputs.siteName() + ". Firmware: " + inputs.oldName() + " to " + inputs.newName() + ". Seed "
                        + seed + ". Every figure below was computed from these inputs.");
        page.facts(List.of(
                new Html.Fact("chapters", String.valueOf(chapters.size())),
                new Html.Fact("nodes", String.valueOf(day.nodeIds().size())),
                new Html.Fact("verdict", verdict())));
        String map = day.documents.get("site.svg");
        if (map != null) {
            page.heading("The site").figure(map, "Drawn to scale from the survey; blind spots are numbered.");
        }
        page.heading("What had to hold");
        page.table(List.of(Cell.of("chapter"), Cell.of("invariant"), Cell.of("held"), Cell.of("evidence")), verdicts());
        for (Chapter chapter : chapters) {
            page.heading(chapter.title() + " · " + chapter.module());
            page.table(
                    List.of(Cell.of("figure"), Cell.of("measured")),
                    chapter.figures().stream()
                            .map(figure -> List.of(Cell.of(figure.name()), Cell.of(figure.value())))
                            .toList());
        }
        page.heading("Timeline, in simulated time");
        page.table(
                List.of(Cell.number("at"), Cell.of("module"), Cell.of("what happened")),
                day.timeline.events().stream()
                        .map(event -> List.of(
                                Cell.number(Timeline.clock(event.atMillis())),
                                Cell.of(event.module()),
                                Cell.of(event.text())))
                        .toList());
        return page.end("Fieldproof field day, seed " + seed);
    }

    /** A row for each invariant; the chapter's title stands on its first. */
    private List<List<Cell>> verdicts() {
        List<List<Cell>> rows = new ArrayList<>();
        for (Chapter chapter : chapters) {
            String title = chapter.title();
            for (Invariant invariant : chapter.invariants()) {
                rows.add(List.of(
                        Cell.of(title),
                        Cell.of(invariant.name()),
                        Cell.verdict(invariant.holds(), invariant.holds() ? "yes" : "no"),
                        Cell.of(invariant.detail())));
                title = "";
            }
        }
        return rows;
    }
}
