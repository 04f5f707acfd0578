package dev.fieldproof.benchmarks.scorecard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ScorecardTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return new CommandLine(new Scorecard(List.of(
                        exact("a.small", 1, 4, new Goal.RatioAtMost(0.5)),
                        exact("a.large", 9, 4, new Goal.RatioAtMost(0.5)),
                        exact("b.count", 0, Double.NaN, new Goal.AtMost(0)))))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    private static Row exact(String name, double ours, double theirs, Goal goal) {
        return new Row.Exact(name, "a <figure>", "bytes", "rival & co", goal, () -> ours, () -> theirs);
    }

    @Test
    void printsEveryRowWithItsVerdictAndKeepsWhatIsNotMet() {
        assertEquals(0, run());
        List<String> lines = out.toString().lines().toList();
        assertEquals(4, lines.size());
        assertTrue(lines.get(1).startsWith("a.small") && lines.get(1).endsWith(" met"), lines.get(1));
        assertTrue(lines.get(2).startsWith("a.large") && lines.get(2).endsWith("not met"), lines.get(2));
    }

    @Test
    void measuresOnlyWhatIsAskedFor() {
        assertEquals(0, run("--only", "b."));
        assertEquals(2, out.toString().lines().count());
    }

    @Test
    void refusesANameThatNoRowHas() {
        assertEquals(1, run("--only", "nothing"));
        assertTrue(err.toString().contains("no row begins with 'nothing'"), err.toString());
    }

    @Test
    void refusesUnknownOptions() {
        assertEquals(2, run("--fast"));
    }

    @Test
    void writesJsonAndHtml(@TempDir Path dir) throws IOException {
        Path json = dir.resolve("score.json");
        Path html = dir.resolve("score.html");
        assertEquals(0, run("--json", json.toString(), "--html", html.toString()));
        JsonNode rows = new ObjectMapper().readTree(json.toFile()).get("rows");
        assertEquals(3, rows.size());
        assertEquals("not met", rows.get(1).get("verdict").asText());
        assertEquals(2.25, rows.get(1).get("ratio").get("median").asDouble());
        String page = Files.readString(html);
        assertTrue(page.contains("a &lt;figure&gt;") && page.contains("rival &amp; co"));
        assertFalse(page.contains("<script") || page.contains("http://") || page.contains("https://"));
    }
}
