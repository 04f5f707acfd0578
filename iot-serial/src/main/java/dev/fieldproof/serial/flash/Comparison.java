package dev.fieldproof.serial.flash;

import java.util.List;

/**
 * Finds what of a part differs from flash, by asking for the MD5 of ever smaller pieces: three sample sectors to see
 * whether a search can pay at all, then the whole, then windows of 64 KiB, then sectors. Immutable.
 */
final class Comparison {
    /** More differing sectors of one window than this, and the window is rewritten as a whole. */
    private static final int MAX_SECTORS = 6;

    private static final int SAMPLES = 3;

    private enum Level {
        SAMPLE,
        WHOLE,
        WINDOW,
        SECTOR
    }

    /** What comes next. */
    sealed interface Step {
        /** Ask for the MD5 of a piece and tell {@link Comparison#answered}. */
        record Ask(int from, int length) implements Step {}

        /** These pieces differ; there is at least one. */
        record Differs(List<Run> runs) implements Step {}

        /** Nothing differs. */
        record Same() implements Step {}
    }

    private final int size;
    private final Level level;
    private final int index;
    private final boolean anyEqual;
    private final boolean anyDifferent;
    private final List<Run> sectorRuns;
    private final List<Run> runs;

    private Comparison(
            int size,
            Level level,
            int index,
            boolean anyEqual,
            boolean anyDifferent,
            List<Run> sectorRuns,
            List<Run> runs) {
        this.size = size;
        this.level = level;
        this.index = index;
        this.anyEqual = anyEqual;
        this.anyDifferent = anyDifferent;
        this.sectorRuns = sectorRuns;
        this.runs = runs;
    }

    /** Begins to compare a part of so many bytes. */
    static Comparison of(int size) {
        Level first = sectors(size) > SAMPLES ? Level.SAMPLE : Level.WHOLE;
        return new Comparison(size, first, 0, false, false, List.of(), List.of());
    }

    /** Begins with the windows, for a part that is known to be partly right. */
    static Comparison byWindows(int size) {
        return new Comparison(size, Level.WINDOW, 0, true, true, List.of(), List.of());
    }

    private static int sectors(int size) {
        return (size + FlashPart.SECTOR_BYTES - 1) / FlashPart.SECTOR_BYTES;
    }

    private Run piece(int at, int unit) {
        return new Run(at * unit, Math.min(unit, size - at * unit));
    }

    private Run asked() {
        return switch (level) {
            case SAMPLE -> piece((int) ((long) (sectors(size) - 1) * index / (SAMPLES - 1)), FlashPart.SECTOR_BYTES);
            case WHOLE -> new Run(0, size);
            case WINDOW -> piece(index, FlashSession.WINDOW_BYTES);
            case SECTOR -> piece(index, FlashPart.SECTOR_BYTES);
        };
    }

    Step next() {
        if (level == Level.WHOLE && anyEqual && !anyDifferent && index == 1) {
            return new Step.Same();
        }
        if (level == Level.WINDOW && (long) index * FlashSession.WINDOW_BYTES >= size) {
            return runs.isEmpty() ? new Step.Same() : new Step.Differs(runs);
        }
        Run run = asked();
        return new Step.Ask(run.from(), run.length());
    }

    /** Goes on with the answer to the last question. */
    Comparison answered(boolean equal) {
        return switch (level) {
            case SAMPLE -> sampled(anyEqual || equal, anyDifferent || !equal);
            case WHOLE -> equal ? at(Level.WHOLE, 1, true, false) : search();
            case WINDOW -> window(equal);
            case SECTOR -> sector(equal);
        };
    }

    private Comparison at(Level newLevel, int newIndex, boolean equal, boolean different) {
        return new Comparison(size, newLevel, newIndex, equal, different, List.of(), runs);
    }

    private Comparison sampled(boolean equal, boolean different) {
        if (index + 1 < SAMPLES) {
            return at(Level.SAMPLE, index + 1, equal, different);
        }
        if (!equal) {
            return done(List.of(new Run(0, size)));
        }
        return different ? search() : at(Level.WHOLE, 0, true, true);
    }

    private Comparison search() {
        return sectors(size) == 1 ? done(List.of(new Run(0, size))) : at(Level.WINDOW, 0, true, true);
    }

    private Comparison done(List<Run> differing) {
        int end = (size + FlashSession.WINDOW_BYTES - 1) / FlashSession.WINDOW_BYTES;
        return new Comparison(size, Level.WINDOW, end, true, true, List.of(), differing);
    }

    private Comparison window(boolean equal) {
        if (equal) {
            return at(Level.WINDOW, index + 1, true, true);
        }
        int firstSector = index * (FlashSession.WINDOW_BYTES / FlashPart.SECTOR_BYTES);
        return at(Level.SECTOR, firstSector, true, true);
    }

    private Comparison sector(boolean equal) {
        Run asked = asked();
        int window = asked.from() / FlashSession.WINDOW_BYTES;
        Run wholeWindow = piece(window, FlashSession.WINDOW_BYTES);
        List<Run> found = equal ? sectorRuns : Run.append(sectorRuns, asked);
        int differing = found.stream().mapToInt(run -> sectors(run.length())).sum();
        if (differing > MAX_SECTORS) {
            return nextWindow(window, Run.append(runs, wholeWindow));
        }
        if (asked.end() < wholeWindow.end()) {
            return new Comparison(size, Level.SECTOR, index + 1, true, true, found, runs);
        }
        List<Run> all = runs;
        for (Run run : found) {
            all = Run.append(all, run);
        }
        return nextWindow(window, all);
    }

    private Comparison nextWindow(int window, List<Run> all) {
        return new Comparison(size, Level.WINDOW, window + 1, true, true, List.of(), all);
    }
}
