package dev.fieldproof.ota.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeltaCliTest {
    @TempDir
    Path folder;

    private Path old;
    private Path target;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void images() throws Exception {
        byte[] bytes = new byte[5000];
        new Random(1).nextBytes(bytes);
        old = Files.write(folder.resolve("old.bin"), bytes);
        bytes[77]++;
        bytes[4000]--;
        target = Files.write(folder.resolve("new.bin"), bytes);
    }

    private int run(Object... args) {
        String[] words = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            words[i] = args[i].toString();
        }
        ToolProvider tool = ToolProvider.findFirst("iot-ota").orElseThrow();
        return tool.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fieldproof", "bsdiff40", "auto"})
    void createsAndApplies(String format) throws Exception {
        Path patch = folder.resolve("patch");
        Path made = folder.resolve("made.bin");
        assertEquals(0, run("delta", "create", old, target, patch, "--format", format), err::toString);
        assertTrue(Files.size(patch) < 300, "patch of " + Files.size(patch));
        assertEquals(0, run("delta", "apply", old, patch, made), err::toString);
        assertArrayEquals(Files.readAllBytes(target), Files.readAllBytes(made));
        assertEquals(0, run("delta", "info", patch, "--json"), err::toString);
        assertTrue(out.toString().contains("\"targetBytes\":5000"), out::toString);
    }

    @Test
    void autoSaysWhy() throws Exception {
        Path patch = folder.resolve("patch");
        assertEquals(0, run("delta", "create", old, target, patch), err::toString);
        assertTrue(out.toString().contains("chosen: a patch of "), out::toString);
        assertEquals(0, run("delta", "create", old, target, patch, "--ram", 64 << 20, "--json"), err::toString);
        assertTrue(out.toString().contains("\"profile\":\"full\""), out::toString);
        assertTrue(out.toString().contains("\"reason\":\"a patch of "), out::toString);
        assertEquals(1, run("delta", "create", old, target, patch, "--ram", 1000));
        assertTrue(err.toString().contains("no decoder fits into 1000 bytes"), err::toString);
        assertEquals(2, run("delta", "create", old, target, patch, "--link", -1));
    }

    @Test
    void autoMakesAPatchAlsoWhereThePlainImageIsSmaller() throws Exception {
        Path tiny = Files.write(folder.resolve("tiny"), new byte[] {1, 2, 3});
        Path patch = folder.resolve("patch");
        Path made = folder.resolve("made.bin");
        assertEquals(0, run("delta", "create", old, tiny, patch), err::toString);
        assertTrue(out.toString().contains("nothing makes it smaller"), out::toString);
        assertEquals(0, run("delta", "apply", old, patch, made), err::toString);
        assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(made));
    }

    @Test
    void refusesTheWrongSourceAndLeavesNothing() throws Exception {
        Path patch = folder.resolve("patch");
        Path made = folder.resolve("made.bin");
        run("delta", "create", old, target, patch);
        assertEquals(1, run("delta", "apply", target, patch, made));
        assertTrue(err.toString().startsWith("apply: the patch is for source "), err::toString);
        assertEquals(1, err.toString().lines().count());
        assertFalse(Files.exists(made));
        assertFalse(Files.exists(folder.resolve("made.bin.part")));
    }

    @Test
    void progressIsOneLineThatIsWrittenOver() {
        PrintWriter writer = new PrintWriter(err);
        DeltaCreate.show(writer, "match", 0, 6);
        DeltaCreate.show(writer, "done", 4, 6);
        assertEquals("\rmatch          0/6\rdone           4/6" + System.lineSeparator(), err.toString());
    }

    @Test
    void namesAMissingFile() {
        assertEquals(1, run("delta", "info", folder.resolve("none")));
        assertTrue(err.toString().contains("no such file"), err::toString);
    }

    @Test
    void wrongUsageIsTwo() {
        assertEquals(2, run("delta", "apply", old));
        assertEquals(2, run("nonsense"));
        assertEquals(2, run());
    }
}
