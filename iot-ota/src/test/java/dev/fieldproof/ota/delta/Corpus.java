package dev.fieldproof.ota.delta;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Real firmware pairs that lie beside the checkout, where they do. */
final class Corpus {
    private static final Set<String> MAJOR =
            Set.of("wled-esp32-0.15.0", "marlin-skr3-3.0.1", "opensbi-rv64-1.6", "uboot-mipsel-2025.01");

    /** By the beginning of the name, the longer ones first. */
    private static final List<Map.Entry<String, String>> ISAS = List.of(
            Map.entry("wled-esp32c3", "riscv32"),
            Map.entry("wled-esp32", "xtensa"),
            Map.entry("nina", "xtensa"),
            Map.entry("wled-esp8266", "xtensa-call0"),
            Map.entry("mpy-esp8266", "xtensa-call0"),
            Map.entry("opensbi", "riscv64"),
            Map.entry("uboot", "mips"),
            Map.entry("emonpi", "avr"),
            Map.entry("atc", "tc32"));

    private Corpus() {}

    record Pair(Path old, Path target) {
        byte[] oldBytes() throws IOException {
            return Files.readAllBytes(old);
        }

        byte[] targetBytes() throws IOException {
            return Files.readAllBytes(target);
        }

        boolean major() {
            return MAJOR.contains(name());
        }

        /** The instruction set that the images are known to hold. */
        String isa() {
            String name = name();
            return ISAS.stream()
                    .filter(isa -> name.startsWith(isa.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse("thumb");
        }

        String name() {
            String file = target.getFileName().toString();
            return file.substring(0, file.lastIndexOf('.'));
        }

        @Override
        public String toString() {
            return name();
        }
    }

    /** All pairs of the manifest; without the corpus the calling test is skipped. */
    static List<Pair> pairs() throws IOException {
        Path folder = folder();
        assumeTrue(folder != null, "skipped: no shared/corpus/firmware beside the checkout");
        List<Pair> pairs = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("MANIFEST.md"))) {
            String[] cells = line.split("\\|", -1);
            if (cells.length == 5 && cells[1].trim().matches("\\d+")) {
                pairs.add(new Pair(folder.resolve(cells[2].trim()), folder.resolve(cells[3].trim())));
            }
        }
        return pairs;
    }

    static Pair pair(String name) throws IOException {
        return pairs().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
    }

    private static Path folder() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            for (String up : List.of("../shared", "../../shared")) {
                Path folder = at.resolve(up).resolve("corpus/firmware").normalize();
                if (Files.isRegularFile(folder.resolve("MANIFEST.md"))) {
                    return folder;
                }
            }
        }
        return null;
    }
}
