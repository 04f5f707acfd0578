package dev.fieldproof.sparkplug.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Maps each of the 299 assertions of the specification to the tests that prove it, or to a stated reason. */
class AssertionTableTest {
    private static final List<Class<?>> TESTS = List.of(
            EdgeConformanceTest.class,
            HostConformanceTest.class,
            PayloadConformanceTest.class,
            TemplateConformanceTest.class,
            MosquittoFieldTest.class);
    private static final String PREFIX = "tck-id-";

    private static List<String> lines(String resource) throws IOException {
        try (var in = AssertionTableTest.class.getResourceAsStream("/dev/fieldproof/sparkplug/" + resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    @Test
    void everyAssertionIsProvenOrExplained() throws IOException {
        List<String> assertions = lines("assertions.txt");
        assertEquals(299, assertions.size());
        Map<String, List<String>> proofs = new HashMap<>();
        for (Class<?> test : TESTS) {
            for (Method method : test.getDeclaredMethods()) {
                Proves proves = method.getAnnotation(Proves.class);
                if (proves != null) {
                    for (String id : proves.value()) {
                        assertTrue(assertions.contains(PREFIX + id), "no such assertion: " + id);
                        proofs.computeIfAbsent(PREFIX + id, key -> new ArrayList<>())
                                .add(test.getSimpleName() + "." + method.getName());
                    }
                }
            }
        }
        Map<String, String> reasons = new HashMap<>();
        for (String line : lines("assertions-without-test.txt")) {
            String[] parts = line.split("\t", 2);
            assertTrue(assertions.contains(parts[0]), "no such assertion: " + parts[0]);
            assertTrue(!proofs.containsKey(parts[0]), "proven and explained away: " + parts[0]);
            reasons.put(parts[0], parts[1]);
        }
        StringBuilder table = new StringBuilder("| assertion | proven by |\n|---|---|\n");
        TreeSet<String> open = new TreeSet<>();
        for (String id : assertions) {
            List<String> tests = proofs.get(id);
            String proof = tests != null ? String.join(", ", tests) : reasons.get(id);
            if (proof == null) {
                open.add(id);
            }
            table.append("| ").append(id).append(" | ").append(proof).append(" |\n");
        }
        table.append("\n")
                .append(proofs.size())
                .append(" proven, ")
                .append(reasons.size())
                .append(" explained\n");
        Files.writeString(Path.of("target", "sparkplug-assertions.md"), table);
        assertEquals(new TreeSet<>(), open, "neither proven nor explained");
    }
}
