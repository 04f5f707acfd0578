package dev.fieldproof.benchmarks.scenario;

import java.util.ArrayList;
import java.util.List;

/**
 * What one step did.
 *
 * @param title in a few words
 * @param module which module did it
 * @param figures what it measured, in reading order
 * @param invariants what had to hold, and whether it did
 */
record Chapter(String title, String module, List<Figure> figures, List<Invariant> invariants) {
    /**
     * A measured value.
     *
     * @param name what it is
     * @param value with its unit
     */
    record Figure(String name, String value) {}

    /**
     * Something that must hold on the worst day.
     *
     * @param name what must hold
     * @param holds whether it did
     * @param detail the evidence
     */
    record Invariant(String name, boolean holds, String detail) {}

    boolean holds() {
        return invariants.stream().allMatch(Invariant::holds);
    }

    static Builder of(String title, String module) {
        return new Builder(title, module);
    }

    /** Collects figures and invariants in reading order. */
    static final class Builder {
        private final String title;
        private final String module;
        private final List<Figure> figures = new ArrayList<>();
        private final List<Invariant> invariants = new ArrayList<>();

        private Builder(String title, String module) {
            this.title = title;
            this.module = module;
        }

        Builder figure(String name, String value) {
            figures.add(new Figure(name, value));
            return this;
        }

        Builder figure(String name, long value) {
            return figure(name, String.format(java.util.Locale.ROOT, "%,d", value));
        }

        Builder invariant(String name, boolean holds, String detail) {
            invariants.add(new Invariant(name, holds, detail));
            return this;
        }

        Chapter build() {
            return new Chapter(title, module, List.copyOf(figures), List.copyOf(invariants));
        }
    }
}
