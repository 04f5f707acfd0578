package dev.fieldproof.serial;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where each chip keeps its revision in its one-time memory, and how the bits make a number (the chips' technical
 * reference manuals, chapter on eFuses). Stateless and thread-safe.
 */
public final class ChipRevision {
    /** What a chip without a revision, or one that does not let itself be read, has. */
    public static final int UNKNOWN = -1;

    /** The ESP32's three bits count in Gray's manner: 0, 1, 3 and 7 are 0 to 3. */
    private static final List<Integer> ESP32_MAJORS = List.of(0, 1, 3, 7);

    /**
     * Early ESP32-S3 chips used the bits of the major number otherwise; what tells them is their memory's own version.
     */
    private static final Field S3_MEMORY_MAJOR = new Field(0x6000_706C, 0, 2);

    private static final Field S3_MEMORY_MINOR = new Field(0x6000_7050, 24, 3);

    /** Some bits of a register, the lowest first. */
    private record Field(int address, int shift, int bits) {
        int of(Map<Integer, Integer> words) {
            return (words.getOrDefault(address, 0) >>> shift) & ((1 << bits) - 1);
        }
    }

    /** Fields of which each goes above the one before. */
    private record Layout(List<Field> major, List<Field> minor) {}

    private ChipRevision() {}

    private static Layout layout(Chip chip) {
        int block1 = switch (chip) {
            case ESP32S2 -> 0x3F41_A044;
            case ESP32S3 -> 0x6000_7044;
            case ESP32C3 -> 0x6000_8844;
            case ESP32C5 -> 0x600B_4844;
            case ESP32C6, ESP32H2 -> 0x600B_0844;
            case ESP32P4 -> 0x5012_D044;
            case ESP32C2, ESP32, ESP8266 -> 0;
        };
        return switch (chip) {
            case ESP8266 -> new Layout(List.of(), List.of());
            case ESP32 ->
                new Layout(
                        List.of(
                                new Field(0x3FF5_A00C, 15, 1),
                                new Field(0x3FF5_A014, 20, 1),
                                new Field(0x3FF6_607C, 31, 1)),
                        List.of(new Field(0x3FF5_A014, 24, 2)));
            case ESP32S2 ->
                new Layout(
                        List.of(new Field(block1 + 12, 18, 2)),
                        List.of(new Field(block1 + 16, 4, 3), new Field(block1 + 12, 20, 1)));
            case ESP32S3, ESP32C3 ->
                new Layout(
                        List.of(new Field(block1 + 20, 24, 2)),
                        List.of(new Field(block1 + 12, 18, 3), new Field(block1 + 20, 23, 1)));
            case ESP32C2 -> new Layout(List.of(new Field(0x6000_8844, 20, 2)), List.of(new Field(0x6000_8844, 16, 4)));
            case ESP32C5 -> new Layout(List.of(new Field(block1 + 8, 4, 2)), List.of(new Field(block1 + 8, 0, 4)));
            case ESP32C6 -> new Layout(List.of(new Field(block1 + 12, 22, 2)), List.of(new Field(block1 + 12, 18, 4)));
            case ESP32H2 -> new Layout(List.of(new Field(block1 + 12, 21, 2)), List.of(new Field(block1 + 12, 18, 3)));
            case ESP32P4 ->
                new Layout(
                        List.of(new Field(block1 + 8, 4, 2), new Field(block1 + 8, 23, 1)),
                        List.of(new Field(block1 + 8, 0, 4)));
        };
    }

    /**
     * What has to be read.
     *
     * @param chip which chip
     * @return addresses of registers; empty for the ESP8266, which has no revision
     */
    public static List<Integer> registers(Chip chip) {
        Layout layout = layout(chip);
        TreeMap<Integer, Integer> addresses = new TreeMap<>();
        layout.major.forEach(field -> addresses.put(field.address, 0));
        layout.minor.forEach(field -> addresses.put(field.address, 0));
        if (chip == Chip.ESP32S3) {
            addresses.put(S3_MEMORY_MAJOR.address, 0);
            addresses.put(S3_MEMORY_MINOR.address, 0);
        }
        return List.copyOf(addresses.keySet());
    }

    /**
     * The revision that registers tell.
     *
     * @param chip which chip
     * @param words what was read, by address
     * @return major x 100 + minor as in image headers, or {@link #UNKNOWN} for the ESP8266
     */
    public static int of(Chip chip, Map<Integer, Integer> words) {
        Layout layout = layout(chip);
        if (layout.major.isEmpty()) {
            return UNKNOWN;
        }
        int major = number(layout.major, words);
        int minor = number(layout.minor, words);
        if (chip == Chip.ESP32S3
                && (minor & 7) == 0
                && S3_MEMORY_MAJOR.of(words) == 1
                && S3_MEMORY_MINOR.of(words) == 1) {
            return 0;
        }
        return 100 * (chip == Chip.ESP32 ? Math.max(0, ESP32_MAJORS.indexOf(major)) : major) + minor;
    }

    private static int number(List<Field> fields, Map<Integer, Integer> words) {
        int value = 0;
        int shift = 0;
        for (Field field : fields) {
            value |= field.of(words) << shift;
            shift += field.bits;
        }
        return value;
    }

    /**
     * The registers of a chip of a revision, for simulators.
     *
     * @param chip which chip
     * @param revision major x 100 + minor
     * @return words by address, with all other bits zero
     * @throws IllegalArgumentException if the chip's bits cannot say that revision
     */
    public static Map<Integer, Integer> words(Chip chip, int revision) {
        Layout layout = layout(chip);
        Map<Integer, Integer> words = new TreeMap<>();
        int major = revision / 100;
        boolean esp32 = chip == Chip.ESP32;
        put(layout.major, esp32 && major < ESP32_MAJORS.size() ? ESP32_MAJORS.get(major) : major, words);
        put(layout.minor, revision % 100, words);
        if (revision < 0 || of(chip, words) != revision) {
            throw new IllegalArgumentException(chip + " has no revision " + revision);
        }
        return words;
    }

    private static void put(List<Field> fields, int number, Map<Integer, Integer> words) {
        int value = number;
        for (Field field : fields) {
            words.merge(field.address, (value & ((1 << field.bits) - 1)) << field.shift, (a, b) -> a | b);
            value >>>= field.bits;
        }
    }
}
