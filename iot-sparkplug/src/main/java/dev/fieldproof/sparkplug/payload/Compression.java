package dev.fieldproof.sparkplug.payload;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;

/**
 * How a payload is compressed into the body of another one, as Eclipse Tahu and the hosts that follow it do: the outer
 * payload has the uuid {@value #UUID}, a metric {@value #ALGORITHM} that names the algorithm, and the timestamp and
 * sequence number of the inner one. Sparkplug 3.0, section 6.4.4, leaves the use of uuid and body open; readers of this
 * library take such a payload for the one inside.
 */
public enum Compression {
    /** RFC 1952. */
    GZIP,
    /** RFC 1950, zlib's frame around RFC 1951; what a payload without the metric is taken for. */
    DEFLATE;

    /** Says that the body is a compressed payload. */
    public static final String UUID = "SPBV1.0_COMPRESSED";
    /** Name of the metric that says how. */
    public static final String ALGORITHM = "algorithm";

    private static final byte[] UUID_UTF8 = UUID.getBytes(StandardCharsets.UTF_8);
    private static final byte[] ALGORITHM_UTF8 = ALGORITHM.getBytes(StandardCharsets.UTF_8);

    /**
     * Compresses a payload.
     *
     * @param payload what to send
     * @param encoder encodes it, over what it encoded before
     * @return the payload to send in its place, with its timestamp and sequence number
     * @throws IllegalArgumentException as {@link PayloadEncoder#encode}
     */
    public Payload compress(Payload payload, PayloadEncoder encoder) {
        int length = encoder.encode(payload);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream packed = this == GZIP ? new GZIPOutputStream(out) : new DeflaterOutputStream(out)) {
            packed.write(encoder.buffer(), 0, length);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        Metric algorithm =
                new Metric(ALGORITHM, null, null, Value.of(name()), true, false, false, null, null, UnknownFields.NONE);
        return new Payload(
                payload.timestamp(), List.of(algorithm), payload.seq(), UUID, out.toByteArray(), UnknownFields.NONE);
    }

    static boolean isUuid(byte[] bytes, int at, int length) {
        return java.util.Arrays.equals(bytes, at, at + length, UUID_UTF8, 0, UUID_UTF8.length);
    }

    /** The payload inside a compressed one, whose cursor is before its first metric. */
    static byte[] inside(PayloadCursor outer, int bodyOffset, int maxBytes) throws PayloadException {
        byte[] body = outer.body();
        if (body == null) {
            throw new PayloadException(0, "a compressed payload has a body");
        }
        byte[] inside;
        try {
            inside = algorithmOf(outer) == GZIP ? gunzip(body, maxBytes + 1) : inflate(body, maxBytes + 1);
        } catch (IOException | DataFormatException e) {
            throw new PayloadException(bodyOffset, "the body is compressed as it says: " + e.getMessage());
        }
        if (inside.length > maxBytes) {
            throw new PayloadException(bodyOffset, "at most " + maxBytes + " bytes when decompressed");
        }
        return inside;
    }

    private static Compression algorithmOf(PayloadCursor outer) throws PayloadException {
        while (outer.next()) {
            if (outer.nameEquals(ALGORITHM_UTF8)) {
                Value said = PayloadDecoder.DEFAULT.value(outer, DataType.STRING);
                for (Compression one : values()) {
                    if (said.equals(Value.of(one.name()))) {
                        return one;
                    }
                }
                throw new PayloadException(0, "a body is compressed by GZIP or DEFLATE");
            }
        }
        return DEFLATE;
    }

    private static byte[] gunzip(byte[] body, int maxBytes) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new java.io.ByteArrayInputStream(body))) {
            return in.readNBytes(maxBytes);
        }
    }

    private static byte[] inflate(byte[] body, int maxBytes) throws DataFormatException {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(body);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] part = new byte[4096];
            while (!inflater.finished() && out.size() < maxBytes) {
                int length = inflater.inflate(part);
                if (length == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                    throw new DataFormatException("it ends early");
                }
                out.write(part, 0, length);
            }
            return out.toByteArray();
        } finally {
            inflater.end();
        }
    }
}
