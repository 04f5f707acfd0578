package dev.fieldproof.sparkplug.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.sparkplug.payload.DataSet;
import dev.fieldproof.sparkplug.payload.DataType;
import dev.fieldproof.sparkplug.payload.Metric;
import dev.fieldproof.sparkplug.payload.Payload;
import dev.fieldproof.sparkplug.payload.PayloadDecoder;
import dev.fieldproof.sparkplug.payload.PayloadEncoder;
import dev.fieldproof.sparkplug.payload.PayloadException;
import dev.fieldproof.sparkplug.payload.PropertySet;
import dev.fieldproof.sparkplug.payload.Template;
import dev.fieldproof.sparkplug.payload.Value;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the specification demands of values, as bytes where bytes are the matter. */
class PayloadConformanceTest {
    private static final Instant AT = Instant.ofEpochMilli(1);

    private static String hex(Value value, PropertySet properties) {
        Metric metric = new Metric(
                null,
                null,
                null,
                value,
                true,
                false,
                false,
                null,
                properties,
                Metric.birth("x", AT, value).unknown());
        return HexFormat.of().formatHex(new PayloadEncoder().toBytes(new Payload(null, null, List.of(metric))));
    }

    private static void refused(String hex) {
        assertThrows(
                PayloadException.class,
                () -> PayloadDecoder.DEFAULT.decode(HexFormat.of().parseHex(hex)));
    }

    private static void roundTrip(Value value) throws PayloadException {
        Payload payload = new Payload(AT, 0L, List.of(Metric.birth("x", AT, value)));
        assertEquals(payload, PayloadDecoder.DEFAULT.decode(new PayloadEncoder().toBytes(payload)));
    }

    @Test
    @Proves({"payloads-metric-datatype-value-type", "payloads-metric-datatype-value"})
    void aDatatypeIsANumberThatIsDefined() {
        // metrics { datatype: 3, int_value: 5 }
        assertEquals("1204" + "2003" + "5005", hex(Value.of(5), null));
        // datatype 35
        refused("1204" + "2023" + "5005");
    }

    @Test
    @Proves({
        "payloads-propertyset-keys-array-size", "payloads-propertyset-values-array-size",
        "payloads-metric-propertyvalue-type-type", "payloads-metric-propertyvalue-type-value",
        "payloads-metric-propertyvalue-type-req", "payloads-propertyset-quality-value-type",
        "payloads-propertyset-quality-value-value"
    })
    void propertiesAreKeysAndTypedValues() {
        PropertySet quality = new PropertySet(List.of(new PropertySet.Property("Quality", Value.of(192))));
        // properties { keys: "Quality", values { type: 3, int_value: 192 } }
        assertEquals(
                "1216" + "2003" + "4a10" + "0a075175616c697479" + "1205" + "0803" + "18c001" + "5005",
                hex(Value.of(5), quality));
        // a key without a value
        refused("120b" + "2003" + "4a05" + "0a03616263" + "5005");
        // a property of type 99
        refused("1210" + "2003" + "4a0a" + "0a01" + "61" + "1204" + "0863" + "1801" + "5005");
    }

    @Test
    @Proves({
        "payloads-dataset-column-size", "payloads-dataset-column-num-headers", "payloads-dataset-types-def",
        "payloads-dataset-types-num", "payloads-dataset-types-type", "payloads-dataset-types-value",
        "payloads-dataset-parameter-type-req", "payloads-template-dataset-value"
    })
    void dataSetsHaveAHeaderAndATypeForEachColumn() throws PayloadException {
        DataSet table = new DataSet(List.of("a"), List.of(DataType.INT32), List.of(List.of(Value.of(7))));
        // dataset { num_of_columns: 1, columns: "a", types: 3, rows { elements { int_value: 7 } } }
        assertEquals(
                "1212" + "2010" + "8a010d" + "0801" + "120161" + "1803" + "2204" + "0a02" + "0807", hex(table, null));
        roundTrip(table);
        List<List<Value>> none = List.of();
        assertThrows(
                IllegalArgumentException.class, () -> new DataSet(List.of("a", "b"), List.of(DataType.INT32), none));
        assertThrows(IllegalArgumentException.class, () -> new DataSet(List.of("a"), List.of(DataType.BYTES), none));
        // two headers, one type
        refused("120f" + "2010" + "8a010a" + "120161" + "120162" + "1803" + "0801");
    }

    @Test
    @Proves({
        "payloads-template-version", "payloads-template-parameter-name-required",
        "payloads-template-parameter-name-type", "payloads-template-parameter-value-type",
        "payloads-template-parameter-type-value", "payloads-template-parameter-type-req",
        "payloads-template-parameter-value", "payloads-template-definition-parameters-default",
        "payloads-template-instance-parameters", "payloads-template-instance-members-data"
    })
    void templatesHaveNamedAndTypedParameters() throws PayloadException {
        Template definition = Template.definition(
                List.of(Metric.birth("m", AT, Value.of(0)), Metric.birth("n", AT, Value.of(0))),
                List.of(new Template.Parameter("p", Value.of("default"))));
        roundTrip(definition);
        roundTrip(Template.instance("D", List.of(Metric.birth("m", AT, Value.of(1))), List.of()));
        roundTrip(new Template(
                "v1",
                false,
                "D",
                List.of(),
                definition.parameters(),
                Metric.birth("x", AT, definition).unknown()));
        // a parameter without a name: template { parameters { type: 3, int_value: 5 } }
        refused("1209" + "2013" + "920106" + "1a04" + "1003" + "1805");
        // a parameter that is a byte array
        assertThrows(
                IllegalArgumentException.class,
                () -> roundTrip(Template.definition(
                        List.of(),
                        List.of(new Template.Parameter("p", new Value.Binary(DataType.BYTES, new byte[1]))))));
    }

    @Test
    void arraysAreThePublishedExamples() throws PayloadException {
        assertTrue(hex(new Value.WholeArray(DataType.INT32_ARRAY, new long[] {123456789, 987654321}), null)
                .endsWith("15cd5b07b168de3a"));
        assertTrue(hex(new Value.WholeArray(DataType.UINT32_ARRAY, new long[] {52, 3293969225L}), null)
                .endsWith("3400000049fb55c4"));
        boolean[] flags = {false, false, true, true, false, true, false, false, true, true, false, true};
        assertTrue(hex(new Value.FlagArray(flags), null).endsWith("0c00000034d0"));
        assertTrue(hex(new Value.TextArray(List.of("ABC", "hello")), null).endsWith("41424300" + "68656c6c6f00"));
        roundTrip(new Value.FlagArray(flags));
    }
}
