package dev.fieldproof.sparkplug.payload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eclipse.tahu.message.SparkplugBPayloadDecoder;
import org.eclipse.tahu.message.SparkplugBPayloadEncoder;
import org.eclipse.tahu.message.model.SparkplugBPayload;
import org.eclipse.tahu.model.MetricDataTypeMap;
import org.eclipse.tahu.util.CompressionAlgorithm;
import org.eclipse.tahu.util.PayloadUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CompressionTest {
    private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");

    private final PayloadEncoder encoder = new PayloadEncoder();

    private static Payload birth() {
        List<Metric> metrics = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            metrics.add(Metric.birth("Tank/Level " + i, NOW, Value.of(i * 0.5)));
        }
        return new Payload(NOW, 7L, metrics);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsInsideIsRead(Compression compression) throws Exception {
        byte[] plain = encoder.toBytes(birth());
        byte[] compressed = encoder.toBytes(compression.compress(birth(), encoder));
        assertTrue(compressed.length < plain.length / 3, compressed.length + " of " + plain.length);
        assertEquals(birth(), PayloadDecoder.DEFAULT.decode(compressed));
    }

    @ParameterizedTest
    @EnumSource
    void tahuReadsIt(Compression compression) throws Exception {
        byte[] compressed = encoder.toBytes(compression.compress(birth(), encoder));
        SparkplugBPayload outer = new SparkplugBPayloadDecoder().buildFromByteArray(compressed, null);
        SparkplugBPayload inner = PayloadUtil.decompress(outer, new MetricDataTypeMap());
        assertEquals(200, inner.getMetrics().size());
        assertEquals(99.5, inner.getMetrics().get(199).getValue());
        assertEquals(7, inner.getSeq());
    }

    @ParameterizedTest
    @EnumSource
    void whatTahuCompressesIsRead(Compression compression) throws Exception {
        SparkplugBPayload read = new SparkplugBPayloadDecoder().buildFromByteArray(encoder.toBytes(birth()), null);
        SparkplugBPayload outer = PayloadUtil.compress(read, CompressionAlgorithm.valueOf(compression.name()), false);
        byte[] bytes = new SparkplugBPayloadEncoder().getBytes(outer, false);
        assertEquals(birth(), PayloadDecoder.DEFAULT.decode(bytes));
    }

    @Test
    void withoutAWordItIsDeflated() throws Exception {
        Payload said = Compression.DEFLATE.compress(birth(), encoder);
        Payload unsaid = new Payload(NOW, List.of(), 7L, Compression.UUID, said.body(), UnknownFields.NONE);
        assertEquals(birth(), PayloadDecoder.DEFAULT.decode(encoder.toBytes(unsaid)));
    }

    @Test
    void theOuterSequenceNumberCountsIfTheInnerPayloadHasNone() throws Exception {
        Payload inner = new Payload(NOW, null, birth().metrics());
        Payload outer = Compression.GZIP.compress(inner, encoder);
        Payload numbered = new Payload(NOW, outer.metrics(), 9L, outer.uuid(), outer.body(), UnknownFields.NONE);
        assertEquals(
                9L, PayloadDecoder.DEFAULT.decode(encoder.toBytes(numbered)).seq());
    }

    @Test
    void refusesWhatGrowsBeyondTheLimit() {
        Payload zeros = new Payload(NOW, List.of(), 1L, null, new byte[1 << 20], UnknownFields.NONE);
        PayloadDecoder narrow = new PayloadDecoder(new DecodeLimits(1 << 16, 1000, 4));
        for (Compression compression : Compression.values()) {
            byte[] bytes = encoder.toBytes(compression.compress(zeros, encoder));
            assertTrue(bytes.length < 1 << 12);
            PayloadException e = assertThrows(PayloadException.class, () -> narrow.decode(bytes));
            assertEquals("at most 65536 bytes when decompressed", e.rule());
        }
    }

    @Test
    void refusesACompressedPayloadInsideACompressedOne() {
        Payload twice = Compression.GZIP.compress(Compression.GZIP.compress(birth(), encoder), encoder);
        assertRefused("a compressed payload holds none that is compressed again", twice);
    }

    @Test
    void refusesWhatIsNotCompressedAsItSays() {
        Payload good = Compression.GZIP.compress(birth(), encoder);
        byte[] body = Arrays.copyOf(good.body(), good.body().length - 9);
        assertRefused("a compressed payload has a body", with(good.metrics(), null));
        assertRefused(
                "the body is compressed as it says: Unexpected end of ZLIB input stream", with(good.metrics(), body));
        assertRefused("the body is compressed as it says: incorrect header check", with(List.of(), good.body()));
        Metric lz = Metric.birth(Compression.ALGORITHM, NOW, Value.of("LZMA"));
        assertRefused("a body is compressed by GZIP or DEFLATE", with(List.of(lz), good.body()));
        byte[] deflated = Compression.DEFLATE.compress(birth(), encoder).body();
        byte[] cut = Arrays.copyOf(deflated, deflated.length - 9);
        assertRefused("the body is compressed as it says: it ends early", with(List.of(), cut));
    }

    private static Payload with(List<Metric> metrics, byte[] body) {
        return new Payload(NOW, metrics, 7L, Compression.UUID, body, UnknownFields.NONE);
    }

    private void assertRefused(String rule, Payload payload) {
        byte[] bytes = encoder.toBytes(payload);
        PayloadException e = assertThrows(PayloadException.class, () -> PayloadDecoder.DEFAULT.decode(bytes));
        assertEquals(rule, e.rule());
    }

    @Test
    void mutatedBodiesNeverThrowAnythingUnchecked() {
        SeededRuns.check(5_000, random -> {
            Compression compression = random.nextBoolean() ? Compression.GZIP : Compression.DEFLATE;
            byte[] bytes = encoder.toBytes(compression.compress(birth(), encoder));
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                assertTrue(PayloadDecoder.DEFAULT.decode(bytes).metrics().size() <= 200);
            } catch (PayloadException e) {
                assertTrue(e.offsetBytes() >= 0, e.getMessage());
            }
        });
    }
}
