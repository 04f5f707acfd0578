package dev.fieldproof.benchmarks.rival;

import java.util.ArrayList;
import java.util.Date;
import java.util.concurrent.Callable;
import org.eclipse.tahu.message.SparkplugBPayloadDecoder;
import org.eclipse.tahu.message.SparkplugBPayloadEncoder;
import org.eclipse.tahu.message.model.Metric;
import org.eclipse.tahu.message.model.MetricDataType;
import org.eclipse.tahu.message.model.SparkplugBPayload;

/** Eclipse Tahu's payload codec on the same metrics as ours. */
public final class Tahu {
    /** Name and version. */
    public static final String NAME = "Eclipse Tahu 1.0.19";

    private Tahu() {}

    /**
     * Encodes one payload again and again.
     *
     * @param metrics how many metrics it holds
     * @param birth whether they carry names beside their aliases
     * @return the work
     */
    public static Callable<byte[]> encode(int metrics, boolean birth) {
        SparkplugBPayload payload = payload(metrics, birth);
        SparkplugBPayloadEncoder encoder = new SparkplugBPayloadEncoder();
        return () -> encoder.getBytes(payload, false);
    }

    /**
     * Decodes one payload again and again.
     *
     * @param bytes a payload, whoever encoded it
     * @return the work
     */
    public static Callable<SparkplugBPayload> decode(byte[] bytes) {
        SparkplugBPayloadDecoder decoder = new SparkplugBPayloadDecoder();
        return () -> decoder.buildFromByteArray(bytes, null);
    }

    @SuppressWarnings("JavaUtilDate") // Tahu's own type
    private static SparkplugBPayload payload(int metrics, boolean birth) {
        Date now = new Date(1_780_000_000_000L);
        SparkplugBPayload payload = new SparkplugBPayload();
        payload.setTimestamp(now);
        payload.setMetrics(new ArrayList<>());
        payload.setSeq(birth ? 0L : 7L);
        for (int i = 0; i < metrics; i++) {
            Metric metric = new Metric();
            if (birth) {
                metric.setName("Tank/Level " + i);
            }
            metric.setAlias((long) i);
            metric.setTimestamp(now);
            value(metric, i);
            payload.addMetric(metric);
        }
        return payload;
    }

    /** Six datatypes in turn. */
    private static void value(Metric metric, int i) {
        switch (i % 6) {
            case 0 -> set(metric, MetricDataType.Int32, i * 1_000);
            case 1 -> set(metric, MetricDataType.Int64, i * 1_000_000_007L);
            case 2 -> set(metric, MetricDataType.Float, i * 0.5f);
            case 3 -> set(metric, MetricDataType.Double, i * 0.25);
            case 4 -> set(metric, MetricDataType.Boolean, i % 4 == 0);
            default -> set(metric, MetricDataType.String, "state " + i);
        }
    }

    private static void set(Metric metric, MetricDataType type, Object value) {
        metric.setDataType(type);
        metric.setValue(value);
    }
}
