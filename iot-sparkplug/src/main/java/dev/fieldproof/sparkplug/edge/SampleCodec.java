package dev.fieldproof.sparkplug.edge;

import dev.fieldproof.sparkplug.payload.Metric;
import dev.fieldproof.sparkplug.payload.Payload;
import dev.fieldproof.sparkplug.payload.PayloadDecoder;
import dev.fieldproof.sparkplug.payload.PayloadEncoder;
import dev.fieldproof.sparkplug.payload.PayloadException;
import dev.fieldproof.sparkplug.payload.UnknownFields;
import java.io.IOException;
import java.util.List;

/** Between a sample and the bytes of its record: a Sparkplug payload of one metric, with the device as its UUID. */
final class SampleCodec {
    private final PayloadEncoder encoder = new PayloadEncoder();

    byte[] toBytes(Sample sample) {
        Metric metric = Metric.birth(sample.metric(), sample.timestamp(), sample.value());
        return encoder.toBytes(new Payload(null, List.of(metric), null, sample.device(), null, UnknownFields.NONE));
    }

    static Sample parse(byte[] bytes) throws IOException {
        try {
            Payload payload = PayloadDecoder.DEFAULT.decode(bytes);
            Metric metric = payload.metrics().get(0);
            if (metric.name() == null || metric.timestamp() == null || payload.uuid() == null) {
                throw new IOException("a record of the sample log lacks a part");
            }
            return new Sample(payload.uuid(), metric.name(), metric.timestamp(), metric.value());
        } catch (PayloadException | IndexOutOfBoundsException e) {
            throw new IOException("a record of the sample log cannot be read", e);
        }
    }
}
