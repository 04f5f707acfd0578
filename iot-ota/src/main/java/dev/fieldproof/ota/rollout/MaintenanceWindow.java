package dev.fieldproof.ota.rollout;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * When devices may be updated, by their own clocks. A window that ends before it begins lasts over midnight. Immutable.
 *
 * @param days on which it begins
 * @param from local time at which it begins
 * @param to local time at which it ends, not equal to {@code from}
 */
public record MaintenanceWindow(Set<DayOfWeek> days, LocalTime from, LocalTime to) {
    private static final int DAYS_AHEAD = 8;

    /**
     * Checks the window.
     *
     * @throws IllegalArgumentException if it has no days or no length
     */
    public MaintenanceWindow {
        days = Set.copyOf(days);
        if (days.isEmpty() || from.equals(to)) {
            throw new IllegalArgumentException("a window on " + days + " from " + from + " to " + to);
        }
    }

    /**
     * A window on every day.
     *
     * @param from local time at which it begins
     * @param to local time at which it ends
     * @return the window
     */
    public static MaintenanceWindow daily(LocalTime from, LocalTime to) {
        return new MaintenanceWindow(EnumSet.allOf(DayOfWeek.class), from, to);
    }

    /** Whether windows are open, and until when that holds. */
    record Opening(boolean open, long untilMillis) {}

    static Opening openingAt(List<MaintenanceWindow> windows, ZoneId zone, long nowMillis) {
        if (windows.isEmpty()) {
            return new Opening(true, Long.MAX_VALUE);
        }
        LocalDate today = Instant.ofEpochMilli(nowMillis).atZone(zone).toLocalDate();
        long openUntil = Long.MIN_VALUE;
        long nextBegin = Long.MAX_VALUE;
        for (MaintenanceWindow window : windows) {
            for (int day = -1; day <= DAYS_AHEAD; day++) {
                LocalDate date = today.plusDays(day);
                if (!window.days.contains(date.getDayOfWeek())) {
                    continue;
                }
                long begin = millis(date, window.from, zone);
                long end = millis(window.to.isAfter(window.from) ? date : date.plusDays(1), window.to, zone);
                if (begin <= nowMillis && nowMillis < end) {
                    openUntil = Math.max(openUntil, end);
                } else if (begin > nowMillis) {
                    nextBegin = Math.min(nextBegin, begin);
                }
            }
        }
        return openUntil > nowMillis ? new Opening(true, openUntil) : new Opening(false, nextBegin);
    }

    private static long millis(LocalDate date, LocalTime time, ZoneId zone) {
        return ZonedDateTime.of(date, time, zone).toInstant().toEpochMilli();
    }
}
