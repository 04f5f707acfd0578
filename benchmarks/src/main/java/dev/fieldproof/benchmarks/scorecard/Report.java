package dev.fieldproof.benchmarks.scorecard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.fieldproof.benchmarks.page.Html;
import dev.fieldproof.benchmarks.page.Html.Cell;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The results of a scorecard run, as text, JSON and HTML. */
record Report(List<Result> results, Map<String, String> machine) {
    /** What the figures were measured on. */
    static Map<String, String> describeMachine() {
        Map<String, String> machine = new LinkedHashMap<>();
        machine.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
        machine.put("maxHeapMiB", String.valueOf(Runtime.getRuntime().maxMemory() >> 20));
        for (String key : List.of("java.vm.name", "java.vm.version", "os.name", "os.version", "os.arch")) {
            machine.put(key, System.getProperty(key, "unknown"));
        }
        return machine;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        String format = "%-34s %14s %14s %9s  %-18s %s%n";
        text.append(String.format(Locale.ROOT, format, "figure", "ours", "rival", "ratio", "goal", "verdict"));
        for (Result result : results) {
            text.append(String.format(
                    Locale.ROOT,
                    format,
                    result.row().name(),
                    Goal.plain(result.ours().median()),
                    Goal.plain(result.theirs().median()),
                    Goal.plain(result.ratio().median()),
                    result.row().goal(),
                    result.verdict() + (result.failure().isEmpty() ? "" : ": " + result.failure())));
        }
        return text.toString();
    }

    String json() throws JsonProcessingException {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Result result : results) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", result.row().name());
            row.put("what", result.row().what());
            row.put("unit", result.row().unit());
            row.put("rival", result.row().rival());
            row.put("goal", result.row().goal().toString());
            row.put("verdict", result.verdict());
            row.put("ours", result.ours());
            row.put("theirs", result.theirs());
            row.put("ratio", result.ratio());
            row.put("failure", result.failure());
            rows.add(row);
        }
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("machine", machine);
        root.put("rows", rows);
        return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(root);
    }

    String html() {
        long met = results.stream().filter(Result::isMet).count();
        Html page = new Html(
                "Scorecard",
                "Every published figure beside its rival, measured in turn in one process. Times are CPU time of the"
                        + " whole process; a value in brackets is the range between the quartiles.");
        page.facts(List.of(
                new Html.Fact("figures", String.valueOf(results.size())),
                new Html.Fact("goals met", String.valueOf(met)),
                new Html.Fact("not met", String.valueOf(results.size() - met))));
        List<Result> compared =
                results.stream().filter(result -> result.ratio().n() > 0).toList();
        if (!compared.isEmpty()) {
            page.heading("Ours divided by the rival's");
            page.figure(
                    RatioChart.svg(compared), "Logarithmic scale; the line in the middle is a tie, the mark the goal.");
        }
        page.heading("All figures");
        List<Cell> head = List.of(
                Cell.of("figure"),
                Cell.number("ours"),
                Cell.number("rival's"),
                Cell.number("ratio"),
                Cell.of("goal"),
                Cell.of("verdict"),
                Cell.of("what, on which work, beside whom"));
        page.table(head, results.stream().map(Report::cells).toList());
        page.heading("Machine");
        page.table(
                List.of(Cell.of("property"), Cell.of("value")),
                machine.entrySet().stream()
                        .map(entry -> List.of(Cell.of(entry.getKey()), Cell.of(entry.getValue())))
                        .toList());
        return page.end("Fieldproof scorecard");
    }

    private static List<Cell> cells(Result result) {
        Row row = result.row();
        return List.of(
                Cell.of(row.name()),
                Cell.number(withSpread(result.ours()) + " " + row.unit()),
                Cell.number(withSpread(result.theirs())),
                Cell.number(withSpread(result.ratio())),
                Cell.of(row.goal().toString()),
                Cell.verdict(result.isMet(), result.verdict()),
                Cell.of(row.what() + ". Rival: " + row.rival()
                        + (result.failure().isEmpty() ? "" : ". Failed: " + result.failure())));
    }

    private static String withSpread(Spread spread) {
        if (spread.n() < 2) {
            return Goal.plain(spread.median());
        }
        return Goal.plain(spread.median()) + " [" + Goal.plain(spread.low()) + "–" + Goal.plain(spread.high()) + "]";
    }
}
