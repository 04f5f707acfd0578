package dev.fieldproof.geo.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How much of the sun gets through, month by month. Immutable and thread-safe.
 *
 * @param clearness share of the sun's energy outside the air that reaches level ground, above 0 to 0.8; January first
 */
public record Weather(List<Double> clearness) {
    private static final int MONTHS = 12;

    /**
     * Copies the list and checks it.
     *
     * @throws IllegalArgumentException if there are not twelve months or a value is out of range
     */
    public Weather {
        clearness = List.copyOf(clearness);
        if (clearness.size() != MONTHS || !clearness.stream().allMatch(each -> each > 0 && each <= 0.8)) {
            throw new IllegalArgumentException("clearness of the months: " + clearness);
        }
    }

    /**
     * The same in every month.
     *
     * @param clearness above 0 to 0.8
     * @return the weather
     * @throws IllegalArgumentException if the value is out of range
     */
    public static Weather always(double clearness) {
        return new Weather(Collections.nCopies(MONTHS, clearness));
    }

    /**
     * Reads a table: a heading {@code month,clearness} or {@code month,kwh_per_m2_day}, the second being what falls on
     * level ground on a mean day, as most services for solar energy give it; then a line for each month from 1 to 12.
     *
     * @param csv comma-separated values (RFC 4180)
     * @param latitudeDegrees of the place, -66 to 66
     * @return the weather
     * @throws IllegalArgumentException if a line is wrong, or more reaches the ground than can; names the line
     */
    public static Weather parse(String csv, double latitudeDegrees) {
        List<List<String>> lines = CsvText.parse(csv.startsWith("\uFEFF") ? csv.substring(1) : csv);
        List<String> heading = lines.isEmpty() ? List.of() : lines.get(0);
        boolean energy = heading.equals(List.of("month", "kwh_per_m2_day"));
        if (!energy && !heading.equals(List.of("month", "clearness"))) {
            throw new IllegalArgumentException("weather begins with the line month,clearness or month,kwh_per_m2_day");
        }
        if (!(Math.abs(latitudeDegrees) <= 66)) {
            throw new IllegalArgumentException("latitude " + latitudeDegrees);
        }
        List<Double> clearness = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            List<String> line = lines.get(i);
            if (line.size() != 2
                    || !line.get(0).equals(String.valueOf(i))
                    || !line.get(1).matches("\\d{1,4}([.]\\d+)?")) {
                throw new IllegalArgumentException("weather line " + (i + 1) + ": not month " + i + " and a number");
            }
            double value = Double.parseDouble(line.get(1));
            double share =
                    energy ? value * 1000 / SolarPanel.outsideWattHours(latitudeDegrees, (i - 1) % MONTHS) : value;
            if (!(share > 0 && share <= 0.8)) {
                throw new IllegalArgumentException("weather line " + (i + 1) + ": " + line.get(1)
                        + " is not within 0 to 0.8 of what is outside the air");
            }
            clearness.add(share);
        }
        return new Weather(clearness);
    }
}
