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

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
