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

    private static final Set<String> TYPICAL = Set.of(
            "emonpi-avr-1.8",
            "atc-v58",
            "softrf-s76g-1.8",
            "opensbi-rv64-1.6",
            "uboot-mipsel-2025.01",
            "mpy-esp8266-1.10",
            "mpy-rp2040-20230610",
            "nina-w102-1.4.3",
            "wled-esp32c3-0.14.4");

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

    /** One pair for each instruction set and one in UF2; with {@code fieldproof.runs} above 1 all. */
    static List<Pair> some() throws IOException {
        return thorough()
                ? pairs()
                : pairs().stream().filter(p -> TYPICAL.contains(p.name())).toList();
    }

    /** Those of them that are small enough to be encoded again and again. */
    static List<Pair> light() throws IOException {
        int most = thorough() ? Integer.MAX_VALUE : 400_000;
        return some().stream().filter(p -> p.target().toFile().length() < most).toList();
    }

    /** Those that the full profile is quick enough with. */
    static List<Pair> lightest() throws IOException {
        int most = thorough() ? 400_000 : 200_000;
        return some().stream().filter(p -> p.target().toFile().length() < most).toList();
    }

    private static boolean thorough() {
        return Integer.getInteger("fieldproof.runs", 1) > 1;
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
