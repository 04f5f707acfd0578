package dev.fieldproof.core.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicFilterTest {
    @ParameterizedTest
    @CsvSource({
        // MQTT 5.0, sections 4.7.1.2 and 4.7.1.3, non-normative examples
        "sport/tennis/player1/#, sport/tennis/player1, true",
        "sport/tennis/player1/#, sport/tennis/player1/ranking, true",
        "sport/tennis/player1/#, sport/tennis/player1/score/wimbledon, true",
        "sport/tennis/player1/#, sport/tennis/player10, false",
        "sport/#, sport, true",
        "sport/tennis/+, sport/tennis/player1, true",
        "sport/tennis/+, sport/tennis/player1/ranking, false",
        "sport/+, sport, false",
        "sport/+, sport/, true",
        "+/+, /finance, true",
        "/+, /finance, true",
        "+, /finance, false",
        "#, a/b, true",
        // section 4.7.2
        "#, $SYS/uptime, false",
        "+/monitor/Clients, $SYS/monitor/Clients, false",
        "$SYS/#, $SYS/uptime, true",
        "$SYS/monitor/+, $SYS/monitor/Clients, true",
        // plain
        "a/b, a/b, true",
        "a/b, a/bc, false",
        "a/b, a, false",
        "a/b/#, a, false",
        "+/b/+, a/b/c, true",
        "a//b, a//b, true",
        "a/+/b, a//b, true",
    })
    void matchesAsTheStandardSays(String filter, String topic, boolean expected) {
        assertEquals(expected, new TopicFilter(filter).matches(topic));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sport/tennis#", "sport/tennis/#/ranking", "sport+", "+a", "a/+b", "#/a", "a\0b"})
    void refusesMalformedFilters(String filter) {
        assertThrows(IllegalArgumentException.class, () -> new TopicFilter(filter));
    }

    @Test
    void refusesWildcardsInTopicNames() {
        assertThrows(IllegalArgumentException.class, () -> TopicFilter.requireTopicName("a/+"));
        assertThrows(IllegalArgumentException.class, () -> TopicFilter.requireTopicName("#"));
        assertEquals("a/b", TopicFilter.requireTopicName("a/b"));
    }

    @Test
    void countsBytesNotCharacters() {
        String longest = "é".repeat(TopicFilter.MAX_BYTES / 2);
        assertEquals(longest, TopicFilter.requireTopicName(longest));
        assertThrows(IllegalArgumentException.class, () -> TopicFilter.requireTopicName(longest + "é"));
    }
}
