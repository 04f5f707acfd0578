package dev.fieldproof.crdt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyDictionaryTest {
    /** Texts of few letters, so that many begin alike or have the same hash ("Aa" and "BB"), one beyond Latin-1. */
    private static final String LETTERS = "AaBC#\u00b0\u20ac";

    @Test
    void findsEveryNameAndNoOther() {
        SeededRuns.check(2_000, random -> {
            Set<String> distinct = new LinkedHashSet<>();
            for (int i = random.nextInt(60); i > 0; i--) {
                StringBuilder name = new StringBuilder();
                for (int length = random.nextInt(5); length > 0; length--) {
                    name.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
                }
                distinct.add(name.toString());
            }
            List<String> names = new ArrayList<>(distinct);
            List<String> known = names.subList(0, names.size() / 2);
            KeyDictionary keys = KeyDictionary.of(known);
            Map<String, Integer> expected = new HashMap<>();
            known.forEach(name -> expected.put(name, expected.size()));
            for (String name : names) {
                assertEquals(expected.getOrDefault(name, -1), keys.idOf(name), name);
            }
            for (int id = 0; id < known.size(); id++) {
                assertEquals(known.get(id), keys.nameOf(id));
            }
            assertEquals(known.size(), keys.size());
        });
    }

    @Test
    void findsNamesOfOneHash() {
        List<String> names = List.of("AaAa", "AaBB", "BBAa", "BBBB");
        assertEquals(1, names.stream().mapToInt(String::hashCode).distinct().count());
        KeyDictionary keys = KeyDictionary.of(names);
        assertEquals(List.of(0, 1, 2, 3), names.stream().map(keys::idOf).toList());
        assertEquals(-1, keys.idOf("AaAaAa"));
    }

    @Test
    void whereNamesMeetIsNoName() {
        KeyDictionary keys = KeyDictionary.of(List.of("ab", "cd"));
        assertEquals(-1, keys.idOf("bc"));
        assertEquals(-1, keys.idOf("abc"));
        assertEquals(-1, keys.idOf("a"));
        assertEquals(-1, keys.idOf(""));
    }

    @Test
    void refusesANameThatOccursTwice() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> KeyDictionary.of(List.of("a", "b", "a")));
        assertTrue(e.getMessage().contains("'a'"), e.getMessage());
        KeyDictionary keys = KeyDictionary.of(List.of("a"));
        assertThrows(IndexOutOfBoundsException.class, () -> keys.nameOf(1));
        assertThrows(IndexOutOfBoundsException.class, () -> keys.nameOf(-1));
    }
}
