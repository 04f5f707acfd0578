package dev.fieldproof.crdt;

import dev.fieldproof.crdt.wire.WireBudget;
import dev.fieldproof.crdt.wire.WireException;
import dev.fieldproof.crdt.wire.WireReader;
import dev.fieldproof.crdt.wire.WireWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Samples, watermarks, or both, as they travel between two {@link TelemetryLog}s; column by column, see FORMAT.md.
 * Immutable.
 *
 * @param samples in order of their dots
 * @param acknowledged the sender's durable watermarks by life; empty if it acknowledges nothing
 * @param wantsAnswer whether the receiver is to send its watermarks
 */
public record TelemetryBatch(List<TelemetryLog.Sample> samples, Map<Boot, Long> acknowledged, boolean wantsAnswer) {
    private static final int TYPE = 3;
    private static final int FORMAT_VERSION = 1;
    /** Values that are short decimal fractions are written as whole numbers at a scale, others as doubles. */
    private static final int MAX_SAMPLES_OF_A_LIFE = 1024;

    private static final int NOT_DECIMAL = DeltaCursor.MAX_SCALE + 1;

    /** Copies and sorts. */
    public TelemetryBatch {
        List<TelemetryLog.Sample> sorted = new ArrayList<>(samples);
        sorted.sort(Comparator.comparing(TelemetryLog.Sample::dot));
        samples = List.copyOf(sorted);
        acknowledged = Collections.unmodifiableMap(new TreeMap<>(acknowledged));
    }

    /**
     * Encodes.
     *
     * @return the bytes; about six for a sample of a regular series
     */
    public byte[] encode() {
        WireWriter out = new WireWriter();
        out.u8(TYPE).u8(FORMAT_VERSION).u8(wantsAnswer ? 1 : 0);
        out.varint(acknowledged.size());
        acknowledged.forEach((boot, mark) -> writeBoot(out, boot).varint(mark));
        List<List<TelemetryLog.Sample>> groups = new ArrayList<>();
        for (int start = 0; start < samples.size(); ) {
            int end = start + 1;
            while (end < samples.size()
                    && end - start < MAX_SAMPLES_OF_A_LIFE
                    && boot(end).equals(boot(start))) {
                end++;
            }
            groups.add(samples.subList(start, end));
            start = end;
        }
        out.varint(groups.size());
        groups.forEach(group -> writeGroup(out, group));
        return out.toByteArray();
    }

    private Boot boot(int i) {
        return samples.get(i).dot().boot();
    }

    private static WireWriter writeBoot(WireWriter out, Boot boot) {
        return out.fixed64(boot.writer().value()).varint(boot.incarnation()).varint(boot.epoch());
    }

    private static void writeGroup(WireWriter out, List<TelemetryLog.Sample> group) {
        int count = group.size();
        long[] column = new long[count];
        writeBoot(out, group.get(0).dot().boot()).varint(count);
        out.varint(group.get(0).dot().counter());
        for (int i = 1; i < count; i++) {
            column[i - 1] =
                    group.get(i).dot().counter() - group.get(i - 1).dot().counter() - 1;
        }
        out.packed(column, count - 1);
        // A regular series has equal steps of time, which take no bits at all.
        out.zigzag(group.get(0).timeMillis());
        if (count > 1) {
            for (int i = 1; i < count; i++) {
                column[i - 1] = group.get(i).timeMillis() - group.get(i - 1).timeMillis();
            }
            out.framed(column, count - 1);
        }
        for (int i = 0; i < count; i++) {
            column[i] = group.get(i).channel();
        }
        out.framed(column, count);
        int scale = scaleOf(group);
        out.u8(scale);
        for (int i = 0; i < count; i++) {
            double value = group.get(i).value();
            column[i] = scale == NOT_DECIMAL ? Double.doubleToRawLongBits(value) : DeltaCursor.undecimal(value, scale);
        }
        if (scale == NOT_DECIMAL) {
            for (int i = 0; i < count; i++) {
                out.fixed64(column[i]);
            }
        } else {
            out.framed(column, count);
        }
    }

    /** The smallest scale at which every value of the group is a whole number. */
    private static int scaleOf(List<TelemetryLog.Sample> group) {
        int scale = 0;
        for (TelemetryLog.Sample sample : group) {
            while (scale < NOT_DECIMAL && DeltaCursor.undecimal(sample.value(), scale) == Long.MIN_VALUE) {
                scale++;
            }
        }
        return scale;
    }

    /**
     * Decodes.
     *
     * @param bytes the whole of a batch
     * @param budget limits of size
     * @return the batch
     * @throws WireException if the bytes break a rule of the format or exceed the budget
     */
    public static TelemetryBatch decode(byte[] bytes, WireBudget budget) throws WireException {
        if (bytes.length > budget.maxBytes()) {
            throw new WireException(0, "input is at most " + budget.maxBytes() + " bytes, not " + bytes.length);
        }
        WireReader in = new WireReader(bytes);
        if (in.u8() != TYPE) {
            throw new WireException(0, "a batch of telemetry begins with byte " + TYPE);
        }
        if (in.u8() != FORMAT_VERSION) {
            throw new WireException(1, "the format version is " + FORMAT_VERSION);
        }
        boolean wantsAnswer = (in.u8() & 1) != 0;
        Map<Boot, Long> acknowledged = new TreeMap<>();
        for (int n = in.count(in.remaining() / 11, "the number of watermarks"); n > 0; n--) {
            acknowledged.put(readBoot(in), in.positive("a watermark"));
        }
        List<TelemetryLog.Sample> samples = new ArrayList<>();
        for (int n = in.count(in.remaining() / 12, "the number of lives"); n > 0; n--) {
            readGroup(in, samples, budget.maxEntries());
        }
        while (in.remaining() > 0) {
            in.varint();
            in.skip(in.positive("a section's length"));
        }
        return new TelemetryBatch(samples, acknowledged, wantsAnswer);
    }

    private static Boot readBoot(WireReader in) throws WireException {
        long writer = in.fixed64();
        if (writer == 0) {
            throw in.broken("a writer's id is not zero");
        }
        return new Boot(new WriterId(writer), in.positive("an incarnation"), in.positive("an epoch"));
    }

    private static void readGroup(WireReader in, List<TelemetryLog.Sample> samples, int maxEntries)
            throws WireException {
        Boot boot = readBoot(in);
        int count = in.count(Math.min(maxEntries - samples.size(), MAX_SAMPLES_OF_A_LIFE), "the number of samples");
        if (count == 0) {
            throw in.broken("a life has samples");
        }
        long number = in.positive("a number");
        int gapWidth = in.width();
        int gaps = in.column(count - 1, gapWidth);
        long time = in.zigzag();
        long minStep = count > 1 ? in.zigzag() : 0;
        int stepWidth = count > 1 ? in.width() : 0;
        int steps = in.column(count - 1, stepWidth);
        long minChannel = in.zigzag();
        int channelWidth = in.width();
        int channels = in.column(count, channelWidth);
        int scale = in.u8();
        if (scale > NOT_DECIMAL) {
            throw in.broken("a scale is at most " + NOT_DECIMAL);
        }
        long minValue = scale == NOT_DECIMAL ? 0 : in.zigzag();
        int valueWidth = scale == NOT_DECIMAL ? 64 : in.width();
        int values = in.column(count, valueWidth);
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                number += 1 + in.packed(gaps, gapWidth, i - 1);
                time += minStep + in.packed(steps, stepWidth, i - 1);
            }
            long channel = minChannel + in.packed(channels, channelWidth, i);
            if (number < 1 || channel < 0 || channel > Integer.MAX_VALUE) {
                throw in.broken("numbers count from 1 and channels from 0");
            }
            long bits = minValue + in.packed(values, valueWidth, i);
            double value = scale == NOT_DECIMAL ? Double.longBitsToDouble(bits) : DeltaCursor.decimal(bits, scale);
            samples.add(new TelemetryLog.Sample(new Dot(boot, number), time, (int) channel, value));
        }
    }
}
