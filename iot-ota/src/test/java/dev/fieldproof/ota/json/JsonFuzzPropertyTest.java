package dev.fieldproof.ota.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What is read is written and read again; what is not JSON ends in the one exception, with an offset in the input. */
class JsonFuzzPropertyTest {
    private static final String[] PIECES = {
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"a\"",
        "\"\\u00e9\"",
        "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"",
        "0",
        "-0",
        "17",
        "9223372036854775807",
        "9223372036854775808",
        "1.5",
        "true",
        "false",
        "null",
        " ",
        "\n",
        "\"",
        "\\",
        "é",
        "{}",
        "[1,2]",
        "{\"a\":1}",
        "{\"a\":1,\"a\":2}",
        "\u0001"
    };

    /** 100,000 inputs by default, a million in the full profile. */
    @Test
    void readsOrRefuses() {
        SeededRuns.check(100_000, random -> {
            byte[] input = input(random);
            JsonValue value;
            try {
                value = JsonReader.value(input);
            } catch (JsonException e) {
                assertTrue(e.offsetBytes() >= 0 && e.offsetBytes() <= input.length, e.toString());
                return;
            }
            byte[] compact = JsonWriter.compact(value).getBytes(StandardCharsets.UTF_8);
            assertEquals(value, read(compact));
            assertArrayEquals(JsonWriter.canonical(value), JsonWriter.canonical(read(compact)));
            assertEquals(value, read(JsonWriter.indented(value)));
        });
    }

    private static JsonValue read(byte[] bytes) {
        try {
            return JsonReader.value(bytes);
        } catch (JsonException e) {
            throw new AssertionError(new String(bytes, StandardCharsets.UTF_8), e);
        }
    }

    private static byte[] input(RandomGenerator random) {
        StringBuilder text = new StringBuilder();
        boolean sensible = random.nextBoolean();
        if (sensible) {
            value(text, random, 0);
        }
        for (int i = random.nextInt(sensible ? 2 : 12); i > 0; i--) {
            text.insert(random.nextInt(text.length() + 1), PIECES[random.nextInt(PIECES.length)]);
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0 && random.nextInt(8) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static void value(StringBuilder text, RandomGenerator random, int depth) {
        int kind = random.nextInt(depth > 4 ? 3 : 5);
        int count = random.nextInt(4);
        switch (kind) {
            case 0 -> text.append(random.nextLong() >> random.nextInt(64));
            case 1 -> text.append("\"k").append(random.nextInt(100)).append("\\n\"");
            case 2 -> text.append(random.nextBoolean());
            case 3 -> {
                text.append('[');
                for (int i = 0; i < count; i++) {
                    text.append(i > 0 ? "," : "");
                    value(text, random, depth + 1);
                }
                text.append(']');
            }
            default -> {
                text.append('{');
                for (int i = 0; i < count; i++) {
                    text.append(i > 0 ? ", \"" : "\"").append((char) ('a' + i)).append("\": ");
                    value(text, random, depth + 1);
                }
                text.append('}');
            }
        }
    }
}
