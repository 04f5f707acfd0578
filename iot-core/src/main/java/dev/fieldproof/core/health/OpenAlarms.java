package dev.fieldproof.core.health;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The alarms that are open: each event opens, replaces or closes the alarm of its subject. Not thread-safe. */
final class OpenAlarms {
    private final Map<String, HealthEvent> open = new LinkedHashMap<>();

    static boolean isAlarm(DeviceState state) {
        return state == DeviceState.SILENT || state == DeviceState.WEDGED || state == DeviceState.DEGRADED;
    }

    void take(HealthEvent event) {
        boolean opens = true;
        String kind = "device ";
        if (event instanceof HealthEvent.DeviceChanged changed) {
            opens = isAlarm(changed.to());
        } else if (event instanceof HealthEvent.Settled settled) {
            opens = isAlarm(settled.state());
        } else if (event instanceof HealthEvent.GatewayDown || event instanceof HealthEvent.GatewayUp) {
            kind = "gateway ";
            opens = event instanceof HealthEvent.GatewayDown;
        } else if (event instanceof HealthEvent.SiteDown || event instanceof HealthEvent.SiteUp) {
            kind = "site ";
            opens = event instanceof HealthEvent.SiteDown;
        }
        if (opens) {
            open.put(kind + event.subject(), event);
        } else {
            open.remove(kind + event.subject());
        }
    }

    /** Oldest first. */
    List<HealthEvent> list() {
        return List.copyOf(open.values());
    }

    int size() {
        return open.size();
    }
}
