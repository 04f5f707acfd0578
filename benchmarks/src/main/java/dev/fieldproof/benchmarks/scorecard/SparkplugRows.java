package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.benchmarks.rival.Tahu;
import dev.fieldproof.sparkplug.payload.Metric;
import dev.fieldproof.sparkplug.payload.Payload;
import dev.fieldproof.sparkplug.payload.PayloadCursor;
import dev.fieldproof.sparkplug.payload.PayloadDecoder;
import dev.fieldproof.sparkplug.payload.PayloadEncoder;
import dev.fieldproof.sparkplug.payload.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** The Sparkplug payload codec beside Tahu's. */
final class SparkplugRows {
    private static final int BIRTH = 500;
    private static final int DATA = 10;

    private SparkplugRows() {}

    static List<Row> rows() {
        return List.of(
                timed(
                        "sparkplug.encode-nbirth",
                        "encode NBIRTH, 500 doubles with names and aliases, into a reused buffer",
                        new Goal.RatioAtMost(1 / 15.0),
                        () -> encode(BIRTH, true),
                        () -> Tahu.encode(BIRTH, true)),
                timed(
                        "sparkplug.encode-ndata",
                        "encode NDATA, 10 doubles by alias, into a reused buffer",
                        new Goal.RatioAtMost(1 / 30.0),
                        () -> encode(DATA, false),
                        () -> Tahu.encode(DATA, false)),
                timed(
                        "sparkplug.decode-objects",
                        "decode NBIRTH of 500 doubles to objects",
                        new Goal.RatioAtMost(1 / 4.0),
                        () -> {
                            byte[] bytes = bytes(BIRTH, true);
                            return () -> PayloadDecoder.DEFAULT.decode(bytes);
                        },
                        () -> Tahu.decode(bytes(BIRTH, true))),
                timed(
                        "sparkplug.decode-cursor",
                        "decode NBIRTH of 500 doubles with the cursor, summing the values",
                        new Goal.RatioAtMost(1 / 5.0),
                        () -> cursor(bytes(BIRTH, true)),
                        () -> Tahu.decode(bytes(BIRTH, true))),
                new Row.Exact(
                        "sparkplug.ndata-bytes",
                        "bytes of NDATA, 10 doubles by alias",
                        "bytes",
                        Tahu.NAME,
                        new Goal.RatioAtMost(0.9),
                        () -> (double) bytes(DATA, false).length,
                        () -> (double) Tahu.encode(DATA, false).call().length));
    }

    private static Row timed(
            String name, String what, Goal goal, Callable<Callable<?>> ours, Callable<Callable<?>> its) {
        return new Row.Timed(name, what, Tahu.NAME, goal, 1, ours, its);
    }

    private static Callable<?> encode(int metrics, boolean birth) {
        Payload payload = payload(metrics, birth);
        PayloadEncoder encoder = new PayloadEncoder();
        return () -> encoder.encode(payload);
    }

    private static Callable<?> cursor(byte[] bytes) {
        PayloadCursor cursor = new PayloadCursor();
        return () -> {
            cursor.reset(bytes);
            double sum = 0;
            while (cursor.next()) {
                sum += cursor.real();
            }
            return sum;
        };
    }

    private static byte[] bytes(int metrics, boolean birth) {
        return new PayloadEncoder().toBytes(payload(metrics, birth));
    }

    private static Payload payload(int metrics, boolean birth) {
        Instant now = Instant.ofEpochMilli(1_780_000_000_000L);
        List<Metric> list = new ArrayList<>();
        for (int i = 0; i < metrics; i++) {
            Value value = Value.of(i * 0.25);
            list.add(birth ? Metric.birth("Tank/Level " + i, now, value).withAlias(i) : Metric.data(i, now, value));
        }
        return new Payload(now, birth ? 0L : 7L, list);
    }
}
