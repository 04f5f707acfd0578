package dev.fieldproof.geo.plan;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What parts draw in each of their states, each figure with its source. Immutable and thread-safe.
 *
 * @param entries in the order of the file
 */
public record CurrentCatalogue(List<Entry> entries) {
    private static final List<String> HEADING = List.of("part", "state", "milliamps", "volts", "basis", "source");

    /** Where a figure comes from. */
    public enum Basis {
        /** The maker's document, as the source tells. */
        DATA_SHEET("data sheet"),
        /** Somebody's measurement. */
        MEASURED("measured"),
        /** A planning figure that stands in until somebody measures. */
        ASSUMED("assumed");

        private final String word;

        Basis(String word) {
            this.word = word;
        }

        /**
         * The word in a catalogue's file.
         *
         * @return such as {@code data sheet}
         */
        public String word() {
            return word;
        }

        private static Basis of(String word) {
            return java.util.Arrays.stream(values())
                    .filter(each -> each.word.equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "basis '" + word + "' is none of data sheet, measured, assumed"));
        }
    }

    /**
     * One figure.
     *
     * @param part name of the chip or board
     * @param state such as deep sleep
     * @param milliamps drawn, above 0
     * @param volts of the supply it holds for, above 0
     * @param basis where it comes from
     * @param source where it is from
     */
    public record Entry(String part, String state, double milliamps, double volts, Basis basis, String source) {
        /**
         * Checks the ranges.
         *
         * @throws IllegalArgumentException if a figure is not positive or has no source
         */
        public Entry {
            if (!(milliamps > 0 && milliamps < 1e6) || !(volts > 0 && volts < 1e3) || source.isBlank()) {
                throw new IllegalArgumentException("'" + part + "', " + state + ": " + milliamps + " mA at " + volts
                        + " V, source '" + source + "'");
            }
        }
    }

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if a part has a state twice
     */
    public CurrentCatalogue {
        entries = List.copyOf(entries);
        for (int i = 0; i < entries.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (entries.get(i).part().equals(entries.get(j).part())
                        && entries.get(i).state().equals(entries.get(j).state())) {
                    throw new IllegalArgumentException(
                            "'" + entries.get(i).part() + "', " + entries.get(i).state() + ": for the second time");
                }
            }
        }
    }

    /**
     * The figures that come with the library: chips and boards of the ESP32 class.
     *
     * @return the catalogue in the file {@code currents.csv} among this package's resources
     */
    public static CurrentCatalogue reference() {
        try (InputStream in = CurrentCatalogue.class.getResourceAsStream("currents.csv")) {
            if (in == null) {
                throw new IllegalStateException("the library lacks its currents.csv");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("the library's currents.csv cannot be read", e);
        }
    }

    /**
     * Reads a catalogue: a heading {@code part,state,milliamps,volts,basis,source}, then a line for each figure; its
     * basis is {@code data sheet}, {@code measured} or {@code assumed}.
     *
     * @param csv comma-separated values (RFC 4180)
     * @return the catalogue
     * @throws IllegalArgumentException if a line is wrong; names the line
     */
    public static CurrentCatalogue parse(String csv) {
        List<List<String>> lines = CsvText.parse(csv.startsWith("\uFEFF") ? csv.substring(1) : csv);
        if (lines.isEmpty() || !lines.get(0).equals(HEADING)) {
            throw new IllegalArgumentException("currents begin with the line " + String.join(",", HEADING));
        }
        List<Entry> entries = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            List<String> line = lines.get(i);
            try {
                if (line.size() != HEADING.size()) {
                    throw new IllegalArgumentException("not six fields");
                }
                entries.add(new Entry(
                        line.get(0),
                        line.get(1),
                        Double.parseDouble(line.get(2)),
                        Double.parseDouble(line.get(3)),
                        Basis.of(line.get(4)),
                        line.get(5)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("currents line " + (i + 1) + ": " + e.getMessage(), e);
            }
        }
        return new CurrentCatalogue(entries);
    }

    /**
     * These figures and others, which go before these where both have one.
     *
     * @param others such as those of one's own boards
     * @return a new catalogue
     */
    public CurrentCatalogue with(CurrentCatalogue others) {
        List<Entry> all = new ArrayList<>(others.entries);
        for (Entry entry : entries) {
            boolean known = others.entries.stream()
                    .anyMatch(each ->
                            each.part().equals(entry.part()) && each.state().equals(entry.state()));
            if (!known) {
                all.add(entry);
            }
        }
        return new CurrentCatalogue(all);
    }

    /**
     * Whether there is a figure.
     *
     * @param part name of the chip or board
     * @param state such as deep sleep
     * @return whether {@link #find} finds one
     */
    public boolean has(String part, String state) {
        return entries.stream()
                .anyMatch(each -> each.part().equals(part) && each.state().equals(state));
    }

    /**
     * Finds a figure.
     *
     * @param part name of the chip or board
     * @param state such as deep sleep
     * @return the figure
     * @throws IllegalArgumentException if there is none
     */
    public Entry find(String part, String state) {
        return entries.stream()
                .filter(each -> each.part().equals(part) && each.state().equals(state))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no current for '" + part + "', " + state
                        + "; there are parts "
                        + entries.stream().map(Entry::part).distinct().toList()));
    }
}
