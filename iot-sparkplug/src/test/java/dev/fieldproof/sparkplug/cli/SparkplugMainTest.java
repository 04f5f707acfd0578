package dev.fieldproof.sparkplug.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.sparkplug.capture.Captured;
import dev.fieldproof.sparkplug.payload.Metric;
import dev.fieldproof.sparkplug.payload.Payload;
import dev.fieldproof.sparkplug.payload.PayloadEncoder;
import dev.fieldproof.sparkplug.payload.Value;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkplugMainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return SparkplugMain.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    private static byte[] payload() {
        Instant at = Instant.ofEpochMilli(1_700_000_000_000L);
        return new PayloadEncoder()
                .toBytes(new Payload(at, 5L, List.of(Metric.birth("Temp \"x\"", at, Value.of(20.5f)))));
    }

    @Test
    void decodesAPayloadAndACapture(@TempDir Path directory) throws IOException {
        Path one = Files.write(directory.resolve("one.bin"), payload());
        assertEquals(0, run("decode", one.toString()));
        assertTrue(out.toString().contains("20.5"));
        Captured captured = new Captured(
                Instant.ofEpochSecond(1_700_000_000L),
                new Message("spBv1.0/g/NDATA/n", payload(), Qos.AT_MOST_ONCE, false));
        Path many = Files.writeString(directory.resolve("many.tsv"), captured.toLine() + "\n");
        assertEquals(0, run("decode", "--json", many.toString()));
        assertTrue(out.toString().contains("\"name\":\"Temp \\\"x\\\"\""), out.toString());
        assertEquals(0, run("replay", "--json", many.toString()));
        assertTrue(out.toString().contains("\"stateHash\":\""));
        assertEquals(1, run("explain", many.toString()), "data without a birth breaks a rule");
        assertTrue(out.toString().contains("must: tck-id-payloads-ndata-order"), out.toString());
        Path twice = Files.writeString(directory.resolve("twice.tsv"), (captured.toLine() + "\n").repeat(2));
        assertEquals(1, run("explain", twice.toString()));
        assertTrue(out.toString().contains("    2 times, "), "each rule once for a topic: " + out);
        assertEquals(1, run("explain", "--json", many.toString()));
        assertTrue(out.toString().contains("\"binding\":true"), out.toString());
    }

    @Test
    void failuresAndWrongUsageHaveTheirExitCodes() {
        assertEquals(1, run("replay", "no-such-file"));
        assertEquals(2, run("edge", "--group", "g"));
        assertEquals(2, run());
        assertEquals(0, run("--help"));
    }

    @Test
    void recordsWhatGoesOverABroker(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("capture.tsv");
        try (Transport sender = Transport.open(URI.create("memory:/record"))) {
            var connected = sender.connect(ConnectOptions.of("sender"));
            var sent = sender.publish(new Message("spBv1.0/g/NDATA/n", payload(), Qos.AT_LEAST_ONCE, true));
            connected.join();
            sent.join();
            assertEquals(0, run("record", "--broker=memory:/record", "--for=1", file.toString()), err.toString());
        }
        List<String> lines = Files.readAllLines(file);
        assertEquals(1, lines.size());
        assertArrayEquals(payload(), Captured.parse(lines.get(0)).message().payload());
        assertTrue(out.toString().contains("1 messages"), out.toString());
        assertEquals(1, run("record", "--broker=memory:/record", "--for=1", file.toString()), "nothing is overwritten");
        assertTrue(err.toString().contains("there is a file"), err.toString());
        assertEquals(lines, Files.readAllLines(file));
        Path full = directory.resolve("full.tsv");
        try (Transport sender = Transport.open(URI.create("memory:/full"))) {
            var connected = sender.connect(ConnectOptions.of("sender"));
            var sent = sender.publish(new Message("spBv1.0/g/NDATA/n", new byte[600_000], Qos.AT_LEAST_ONCE, true));
            connected.join();
            sent.join();
            assertEquals(1, run("record", "--broker=memory:/full", "--max-mib=1", full.toString()));
        }
        assertTrue(err.toString().contains("is full: 1 MiB"), err.toString());
        assertEquals(0, Files.size(full));
    }

    @Test
    void anAddressWithoutASchemeIsCalledSo() {
        assertEquals(1, run("host", "--broker=broker.local", "--host-id=h"));
        assertTrue(err.toString().contains("no transport provider knows the scheme of broker.local"), err.toString());
    }

    @Test
    void isOfferedAsATool() {
        assertTrue(ToolProvider.findFirst("iot-sparkplug").isPresent());
    }
}
