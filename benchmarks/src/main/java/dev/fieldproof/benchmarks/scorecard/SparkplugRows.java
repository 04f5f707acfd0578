package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.benchmarks.rival.Tahu;
import dev.fieldproof.sparkplug.payload.DataType;
import dev.fieldproof.sparkplug.payload.Metric;
import dev.fieldproof.sparkplug.payload.Payload;
import dev.fieldproof.sparkplug.payload.PayloadCursor;
import dev.fieldproof.sparkplug.payload.PayloadDecoder;
import dev.fieldproof.sparkplug.payload.PayloadEncoder;
import dev.fieldproof.sparkplug.payload.Value;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** The Sparkplug payload codec and host application beside Tahu's. */
final class SparkplugRows {
    private static final int BIRTH = 500;
    private static final int DATA = 10;

    private SparkplugRows() {}

    static List<Row> rows() {
        return Stream.concat(codec(), host()).toList();
    }

    private static Stream<Row> host() {
        Callable<HostRestart.Outcome> restart = Rows.once(HostRestart::play);
        return Stream.of(
                new Row.Timed(
                        "sparkplug.ingest",
                        "a host takes NDATA of 10 doubles from 1,000 nodes of 100 metrics, callbacks on",
                        Tahu.NAME,
                        new Goal.RatioAtMost(1 / 10.0),
                        HostWork.NODES,
                        () -> HostWork.ingest(HostWork::ours),
                        () -> HostWork.ingest(HostWork::tahus)),
                new Row.Exact(
                        "sparkplug.heap-per-node",
                        "heap of a host for each node of 100 metrics that are named alike, 5,000 nodes",
                        "bytes",
                        Tahu.NAME,
                        new Goal.AtMost(4_000),
                        () -> HostWork.heapPerNode(HostWork::ours),
                        () -> HostWork.heapPerNode(HostWork::tahus)),
                alone(
                        "sparkplug.heap-of-100000",
                        "least heap tried that holds a host with 100,000 nodes of 100 metrics",
                        "MiB",
                        512,
                        HostWork::smallestHeap),
                alone(
                        "sparkplug.restart",
                        "time until a restarted host knows 10,000 nodes, by the least that its rebirth budget allows",
                        "times",
                        1.2,
                        () -> restart.call().seconds() / restart.call().least()),
                alone(
                        "sparkplug.restart-requests",
                        "rebirth requests of that host to each node",
                        "requests",
                        1,
                        () -> restart.call().requests() / (double) HostRestart.NODES),
                alone(
                        "sparkplug.restart-peak",
                        "most rebirth requests of that host within a second, of a budget of 50 a second and 50 at once",
                        "requests",
                        100,
                        () -> (double) restart.call().peak()));
    }

    private static Row alone(String name, String what, String unit, double atMost, Callable<Double> ours) {
        return new Row.Exact(name, what, unit, "–", new Goal.AtMost(atMost), ours, () -> Double.NaN);
    }

    private static Stream<Row> codec() {
        return Stream.of(
                timed(
                        "sparkplug.encode-nbirth",
                        "encode NBIRTH, 500 metrics of six datatypes with names and aliases, into a reused buffer",
                        new Goal.RatioAtMost(1 / 15.0),
                        () -> encode(BIRTH, true),
                        () -> Tahu.encode(BIRTH, true)),
                timed(
                        "sparkplug.encode-ndata",
                        "encode NDATA, 10 metrics of six datatypes by alias, into a reused buffer",
                        new Goal.RatioAtMost(1 / 30.0),
                        () -> encode(DATA, false),
                        () -> Tahu.encode(DATA, false)),
                timed(
                        "sparkplug.decode-objects",
                        "decode NBIRTH of 500 metrics to objects",
                        new Goal.RatioAtMost(1 / 4.0),
                        () -> {
                            byte[] bytes = bytes(BIRTH, true);
                            return () -> PayloadDecoder.DEFAULT.decode(bytes);
                        },
                        () -> Tahu.decode(bytes(BIRTH, true))),
                timed(
                        "sparkplug.decode-cursor",
                        "decode NBIRTH of 500 metrics with the cursor, reading each value",
                        new Goal.RatioAtMost(1 / 5.0),
                        () -> cursor(bytes(BIRTH, true)),
                        () -> Tahu.decode(bytes(BIRTH, true))),
                new Row.Exact(
                        "sparkplug.encode-allocates",
                        "allocated to encode that NBIRTH into a reused buffer",
                        "bytes",
                        Tahu.NAME,
                        new Goal.AtMost(0),
                        () -> CrdtRows.allocatedBytes(encode(BIRTH, true)),
                        () -> CrdtRows.allocatedBytes(Tahu.encode(BIRTH, true))),
                new Row.Exact(
                        "sparkplug.cursor-allocates",
                        "allocated to decode that NBIRTH with the cursor",
                        "bytes",
                        Tahu.NAME,
                        new Goal.AtMost(64),
                        () -> CrdtRows.allocatedBytes(cursor(bytes(BIRTH, true))),
                        () -> CrdtRows.allocatedBytes(Tahu.decode(bytes(BIRTH, true)))),
                new Row.Exact(
                        "sparkplug.ndata-bytes",
                        "bytes of NDATA, 10 metrics of six datatypes by alias",
                        "bytes",
                        Tahu.NAME,
                        new Goal.RatioAtMost(0.9),
                        () -> (double) bytes(DATA, false).length,
                        () -> (double) Tahu.encode(DATA, false).call().length),
                alone("sparkplug.module", "the library's jar, all code compressed", "bytes", 300_000, () ->
                        (double) Files.size(jar())));
    }

    /** The jar that the build left in the module. */
    private static Path jar() throws IOException {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path target = at.resolve("iot-sparkplug/target");
            if (Files.isDirectory(target)) {
                try (DirectoryStream<Path> jars = Files.newDirectoryStream(target, "iot-sparkplug-[0-9]*[0-9T].jar")) {
                    for (Path jar : jars) {
                        return jar;
                    }
                }
            }
        }
        throw new IOException("skipped: iot-sparkplug was not packed");
    }

    private static Row timed(
            String name, String what, Goal goal, Callable<Callable<?>> ours, Callable<Callable<?>> its) {
        return new Row.Timed(name, what, Tahu.NAME, goal, 1, ours, its);
    }

    private static Callable<?> encode(int metrics, boolean birth) {
        Payload payload = payload(metrics, birth);
        PayloadEncoder encoder = new PayloadEncoder();
        // The encoder is the result: a length would be boxed, and the box counted.
        return () -> {
            encoder.encode(payload);
            return encoder;
        };
    }

    private static Callable<?> cursor(byte[] bytes) {
        PayloadCursor cursor = new PayloadCursor();
        double[] total = new double[1];
        return () -> {
            cursor.reset(bytes);
            double sum = 0;
            while (cursor.next()) {
                DataType type = Objects.requireNonNull(cursor.datatype());
                switch (type) {
                    case INT32, INT64 -> sum += cursor.whole(type);
                    case FLOAT, DOUBLE -> sum += cursor.real();
                    case BOOLEAN -> sum += cursor.flag() ? 1 : 0;
                    default -> sum += bytes[cursor.valueOffsetBytes() + cursor.valueLengthBytes() - 1];
                }
            }
            total[0] = sum;
            return total;
        };
    }

    private static byte[] bytes(int metrics, boolean birth) {
        return new PayloadEncoder().toBytes(payload(metrics, birth));
    }

    /** Six datatypes in turn. */
    private static Value value(int i) {
        return switch (i % 6) {
            case 0 -> Value.of(i * 1_000);
            case 1 -> Value.of(i * 1_000_000_007L);
            case 2 -> Value.of(i * 0.5f);
            case 3 -> Value.of(i * 0.25);
            case 4 -> Value.of(i % 4 == 0);
            default -> Value.of("state " + i);
        };
    }

    private static Payload payload(int metrics, boolean birth) {
        Instant now = Instant.ofEpochMilli(1_780_000_000_000L);
        List<Metric> list = new ArrayList<>();
        for (int i = 0; i < metrics; i++) {
            Value value = value(i);
            list.add(birth ? Metric.birth("Tank/Level " + i, now, value).withAlias(i) : Metric.data(i, now, value));
        }
        return new Payload(now, birth ? 0L : 7L, list);
    }
}
