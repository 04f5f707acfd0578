package dev.fieldproof.ota.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The decoder in C on a bare Cortex-M3, emulated by qemu's board mps2-an385: what it needs of code, static memory and
 * stack is printed and bounded. Debian packages: gcc-arm-none-eabi, libnewlib-arm-none-eabi, qemu-system-arm.
 */
class CortexDecoderTest {
    private static final List<String> COMPILE = List.of(
            "arm-none-eabi-gcc", "-std=gnu99", "-mcpu=cortex-m3", "-mthumb", "-Os", "-Wall", "-Wextra", "-Werror");

    @TempDir
    Path folder;

    private String run(List<String> command) throws Exception {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(process.waitFor(1, TimeUnit.MINUTES), output);
            assertEquals(0, process.exitValue(), output);
            return output;
        } catch (IOException e) {
            return abort("skipped: " + command.get(0) + " is not installed: " + e.getMessage());
        }
    }

    private static int number(String output, String before) {
        Matcher matcher = Pattern.compile(before + "\\s*(\\d+)").matcher(output);
        assertTrue(matcher.find(), output);
        return Integer.parseInt(matcher.group(1));
    }

    private static List<String> with(List<String> command, String... more) {
        return java.util.stream.Stream.concat(command.stream(), java.util.Arrays.stream(more))
                .toList();
    }

    @Test
    void appliesAPatchWithinItsMemory() throws Exception {
        for (String name : List.of("fieldproof_delta.c", "fieldproof_delta.h", "cortex.c", "cortex.ld")) {
            try (InputStream in = CortexDecoderTest.class.getResourceAsStream("c/" + name)) {
                Files.copy(Objects.requireNonNull(in, name), folder.resolve(name));
            }
        }
        byte[][] images = DeltaRoundTripTest.sample();
        Files.write(folder.resolve("old"), images[0]);
        Files.write(folder.resolve("expected"), images[1]);
        Files.write(
                folder.resolve("patch"),
                DeltaEncoder.create(images[0], images[1], DeltaOptions.DEFAULT).patch());
        run(with(COMPILE, "-c", "fieldproof_delta.c"));
        run(with(COMPILE, "-nostartfiles", "-Tcortex.ld", "-o", "program", "cortex.c", "fieldproof_delta.o", "-lc"));
        String sizes = run(List.of("arm-none-eabi-size", "fieldproof_delta.o"));
        String output = run(List.of(
                "qemu-system-arm",
                "-M",
                "mps2-an385",
                "-nographic",
                "-monitor",
                "none",
                "-serial",
                "none",
                "-semihosting-config",
                "enable=on,target=native",
                "-kernel",
                "program"));
        int code = number(sizes, "filename\\s+");
        int state = number(output, "state");
        int stack = number(output, "stack");
        System.out.printf("Cortex-M3 decoder: %d bytes of code, %d of state, %d of stack%n", code, state, stack);
        assertEquals(1, number(output, "done"), output);
        assertTrue(code < 16 << 10, sizes);
        assertTrue(state < 22 << 10, output);
        assertTrue(stack < 1 << 10, output);
    }
}
