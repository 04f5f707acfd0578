package dev.fieldproof.benchmarks.scenario;

import java.util.Locale;

/** Numbers as people read them. */
final class Text {
    private Text() {}

    static String bytes(long bytes) {
        return String.format(Locale.ROOT, "%,d B", bytes);
    }

    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** Rounded down, as on the map: 99.97 % must not read as everything. */
    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", Math.floor(share * 1000) / 10);
    }
}
