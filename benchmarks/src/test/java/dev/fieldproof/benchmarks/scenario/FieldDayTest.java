package dev.fieldproof.benchmarks.scenario;

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
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class FieldDayTest {
    @TempDir
    private Path directory = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(boolean holds, String... args) {
        Step plan = day -> {
            day.planNodes(List.of("n-1"));
            day.documents.put("site.svg", "<svg xmlns=\"x\"/>");
            day.timeline.add(Duration.ofHours(1), "iot-core", "later");
            day.timeline.add(Duration.ofMinutes(1), "iot-core", "earlier");
            return Chapter.of("A <survey>", "iot-geo")
                    .figure("cells", 1234)
                    .invariant("every cell is seen", holds, "1,234 of 1,234")
                    .build();
        };
        return new CommandLine(new FieldDay(List.of(plan)))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    private String[] arguments(String... more) {
        Path inputs = directory.resolve("in");
        try {
            Files.createDirectories(inputs);
            for (String name : List.of("s.kml", "a.bin", "b.bin")) {
                Files.writeString(inputs.resolve(name), name);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        String[] base = {
            "--site=" + inputs.resolve("s.kml"),
            "--old=" + inputs.resolve("a.bin"),
            "--new=" + inputs.resolve("b.bin"),
            "--out=" + directory.resolve("out")
        };
        String[] all = java.util.Arrays.copyOf(base, base.length + more.length);
        System.arraycopy(more, 0, all, base.length, more.length);
        return all;
    }

    @Test
    void endsWithZeroWhenEveryInvariantHolds() {
        assertEquals(0, run(true, arguments()), err::toString);
        assertTrue(out.toString().contains("All 1 invariants held."), out::toString);
    }

    @Test
    void endsWithOneWhenAnInvariantBreaksAndStillWritesTheReport() {
        assertEquals(1, run(false, arguments()));
        assertTrue(out.toString().contains("1 of 1 invariants broke."), out::toString);
        assertTrue(Files.exists(directory.resolve("out/index.html")));
    }

    @Test
    void writesAPageAndJsonThatHoldTheFigures() throws IOException {
        run(true, arguments());
        JsonNode json =
                new ObjectMapper().readTree(directory.resolve("out/report.json").toFile());
        assertEquals("1,234", json.at("/chapters/0/figures/0/value").asText());
        assertEquals("earlier", json.at("/timeline/0/text").asText());
        String page = Files.readString(directory.resolve("out/index.html"));
        assertTrue(page.contains("A &lt;survey&gt;") && page.contains("01:00:00"), page);
        assertFalse(page.contains("<script"));
    }

    @Test
    void theSameSeedGivesTheSameBytes() throws IOException {
        run(true, arguments("--seed=9"));
        byte[] first = Files.readAllBytes(directory.resolve("out/report.json"));
        run(true, arguments("--seed=9"));
        assertEquals(-1, java.util.Arrays.mismatch(first, Files.readAllBytes(directory.resolve("out/report.json"))));
    }

    @Test
    void replacesWhatAKilledRunLeftBehind() throws IOException {
        Files.createDirectories(directory.resolve("out"));
        Files.writeString(directory.resolve("out/report.json.part"), "{half");
        assertEquals(0, run(true, arguments()));
        assertFalse(Files.exists(directory.resolve("out/report.json.part")));
    }

    @Test
    void namesAnInputThatIsNotThere() {
        assertEquals(1, run(true, "--site=" + directory.resolve("none.kml"), "--out=" + directory.resolve("out")));
        assertTrue(err.toString().contains("none.kml is not a file"), err::toString);
    }

    @Test
    void wantsBothFirmwareFilesOrNone() {
        assertEquals(2, run(true, "--old=" + directory.resolve("a.bin")));
        assertTrue(err.toString().contains("--old and --new belong together"), err::toString);
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertEquals(2, run(true, "--speed=9"));
    }
}
