package dev.fieldproof.benchmarks.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What happened when, in simulated time since the day began. */
final class Timeline {
    private final List<Event> events = new ArrayList<>();

    /**
     * Something worth telling.
     *
     * @param atMillis simulated milliseconds since the day began
     * @param module who saw it
     * @param text what happened
     */
    record Event(long atMillis, String module, String text) {}

    void add(Duration at, String module, String text) {
        events.add(new Event(at.toMillis(), module, text));
    }

    List<Event> events() {
        return events.stream().sorted(Comparator.comparingLong(Event::atMillis)).toList();
    }

    /** Simulated time for people: hours, minutes and seconds. */
    static String clock(long atMillis) {
        long seconds = atMillis / 1000;
        return String.format(java.util.Locale.ROOT, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
