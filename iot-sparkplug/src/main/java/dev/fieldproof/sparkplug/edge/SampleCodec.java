package dev.fieldproof.sparkplug.edge;

import dev.fieldproof.sparkplug.payload.Metric;
import dev.fieldproof.sparkplug.payload.Payload;
import dev.fieldproof.sparkplug.payload.PayloadDecoder;
import dev.fieldproof.sparkplug.payload.PayloadEncoder;
import dev.fieldproof.sparkplug.payload.PayloadException;
import dev.fieldproof.sparkplug.payload.UnknownFields;
import java.io.IOException;
import java.util.List;

/**
 * Between a sample and the bytes of its record: a Sparkplug payload of one metric, with '/' and the device as its UUID.
 */
final class SampleCodec {
    /** Begins no UUID that says something else. */
    private static final String DEVICE = "/";

    private final PayloadEncoder encoder = new PayloadEncoder();

    byte[] toBytes(Sample sample) {
        Metric metric = Metric.birth(sample.metric(), sample.timestamp(), sample.value());
        return encoder.toBytes(
                new Payload(null, List.of(metric), null, DEVICE + sample.device(), null, UnknownFields.NONE));
    }

    static Sample parse(byte[] bytes) throws IOException {
        try {
            Payload payload = PayloadDecoder.DEFAULT.decode(bytes);
            Metric metric = payload.metrics().get(0);
            String uuid = payload.uuid();
            if (metric.name() == null || metric.timestamp() == null || uuid == null || !uuid.startsWith(DEVICE)) {
                throw new IOException("a record of the sample log lacks a part");
            }
            return new Sample(uuid.substring(DEVICE.length()), metric.name(), metric.timestamp(), metric.value());
        } catch (PayloadException | IndexOutOfBoundsException e) {
            throw new IOException("a record of the sample log cannot be read", e);
        }
    }
}
