package dev.fieldproof.core.health;

import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Writes health events for other programs: one JSON object per line (NDJSON, RFC 8259 in UTF-8), with {@code event},
 * {@code subject}, {@code at}, {@code since} (RFC 3339), {@code evidence}, {@code clearedBy}, and {@code from} and
 * {@code to}, or {@code state}, where the event has them. Stateless and thread-safe.
 */
public final class HealthJson {
    private HealthJson() {}

    /**
     * One event.
     *
     * @param event what happened
     * @param wallClock the time of day that a monotonic time in nanoseconds stands for
     * @return a JSON object in one line, without the line's end
     */
    public static String line(HealthEvent event, LongFunction<Instant> wallClock) {
        StringBuilder json = new StringBuilder(256).append('{');
        field(json, "event", event.getClass().getSimpleName());
        field(json, "subject", event.subject());
        if (event instanceof HealthEvent.DeviceChanged changed) {
            field(json, "from", changed.from().name());
            field(json, "to", changed.to().name());
        } else if (event instanceof HealthEvent.Settled settled) {
            field(json, "state", settled.state().name());
        }
        field(json, "at", wallClock.apply(event.atNanos()).toString());
        field(json, "since", wallClock.apply(event.sinceNanos()).toString());
        field(json, "evidence", event.evidence());
        field(json, "clearedBy", event.clearedBy());
        return json.append('}').toString();
    }

    /**
     * A listener that writes each event as a line; give it to {@link FleetHealth#subscribe}.
     *
     * @param out takes the lines; must not block for long
     * @param wallClock the time of day that a monotonic time in nanoseconds stands for
     * @param failed told when a line could not be written; the event is then lost to this listener
     * @return the listener
     */
    public static Consumer<HealthEvent> writer(
            Appendable out, LongFunction<Instant> wallClock, Consumer<IOException> failed) {
        return event -> {
            try {
                out.append(line(event, wallClock)).append('\n');
            } catch (IOException e) {
                failed.accept(e);
            }
        };
    }

    private static void field(StringBuilder json, String name, String value) {
        if (json.length() > 1) {
            json.append(',');
        }
        json.append('"').append(name).append("\":\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < 0x20 || Character.isSurrogate(c)) {
                json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
