package dev.fieldproof.ota.site;

import java.util.LinkedHashMap;
import java.util.Map;

/** How many requests each client has made in the minute that runs; remembers a bounded number of clients. */
final class RequestLimit {
    private static final long MINUTE_NANOS = 60_000_000_000L;
    private static final int MAX_CLIENTS = 20_000;

    private final int perMinute;
    private final Map<String, int[]> made = new LinkedHashMap<>();
    private long beganNanos;

    RequestLimit(int perMinute) {
        if (perMinute < 1) {
            throw new IllegalArgumentException(perMinute + " requests a minute");
        }
        this.perMinute = perMinute;
    }

    synchronized boolean admits(String client, long nowNanos) {
        if (made.isEmpty() || nowNanos - beganNanos >= MINUTE_NANOS) {
            made.clear();
            beganNanos = nowNanos;
        }
        if (made.size() >= MAX_CLIENTS && !made.containsKey(client)) {
            return false;
        }
        return ++made.computeIfAbsent(client, unused -> new int[1])[0] <= perMinute;
    }
}
