package dev.fieldproof.serial.flash;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How far a session is.
 *
 * @param link the loader in use
 * @param part index of the part being worked on
 * @param runs what of it is still to be written, as far as known; empty while it is being compared or verified
 * @param faultsInARow since the last progress
 * @param faults in all
 * @param suspect whether a damaged begin may have hit flash outside its target
 * @param sweeping whether this is the last look at all parts after a session with faults
 * @param guard what was behind the part before it was written, where the loader would not say that it erased more
 */
record Work(
        Link link,
        int part,
        List<Run> runs,
        int faultsInARow,
        int faults,
        boolean suspect,
        boolean sweeping,
        Optional<Guard> guard) {
    /**
     * A piece of flash that must not change.
     *
     * @param piece where, from the beginning of flash
     * @param md5 as the loader tells it
     */
    record Guard(Run piece, String md5) {}

    Work(Link link) {
        this(link, 0, List.of(), 0, 0, false, false, Optional.empty());
    }

    /** What an earlier process left counts as one fault: at the end all parts are looked at again. */
    static Work of(Link link, SessionState earlier) {
        return new Work(link, earlier.part(), earlier.runs(), 0, 1, earlier.suspect(), false, Optional.empty());
    }

    Work withLink(Link newLink) {
        return new Work(newLink, part, runs, faultsInARow, faults, suspect, sweeping, guard);
    }

    Work withRuns(List<Run> newRuns) {
        return new Work(link, part, newRuns, faultsInARow, faults, suspect, sweeping, guard);
    }

    Work withFirstRun(Run first) {
        List<Run> changed = new ArrayList<>(runs);
        changed.set(0, first);
        return withRuns(List.copyOf(changed));
    }

    Work splittingFirstRun(int lengthBytes) {
        Run first = runs.get(0);
        if (lengthBytes >= first.length()) {
            return this;
        }
        List<Run> split = new ArrayList<>(runs);
        split.set(0, new Run(first.from(), lengthBytes));
        split.add(1, new Run(first.from() + lengthBytes, first.length() - lengthBytes));
        return withRuns(List.copyOf(split));
    }

    Work withoutFirstRun() {
        return withRuns(runs.subList(1, runs.size()));
    }

    Work nextPart() {
        return new Work(link, part + 1, List.of(), 0, faults, suspect, sweeping, Optional.empty());
    }

    Work sweep() {
        return new Work(link, 0, List.of(), 0, faults, suspect, true, Optional.empty());
    }

    Work progressed() {
        return faultsInARow == 0 ? this : new Work(link, part, runs, 0, faults, suspect, sweeping, guard);
    }

    Work faulted() {
        return new Work(link, part, runs, faultsInARow + 1, faults + 1, suspect, sweeping, guard);
    }

    Work suspecting() {
        return new Work(link, part, runs, faultsInARow, faults, true, sweeping, guard);
    }

    Work guarding(Guard newGuard) {
        return new Work(link, part, runs, faultsInARow, faults, suspect, sweeping, Optional.of(newGuard));
    }
}
