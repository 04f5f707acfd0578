package dev.fieldproof.core.health;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Binds a fleet's figures to a metrics library: gauges that are read when the library likes, and counters. {@code
 * dev.fieldproof.core.health.micrometer} has the adapter to Micrometer.
 */
public interface HealthMetrics {
    /**
     * Registers a figure that is asked for when needed.
     *
     * @param name dotted, such as {@code fleet.devices}
     * @param tag the name of its one tag
     * @param value the value of that tag
     * @param fleet handed to the function
     * @param figure reads the figure; fast and thread-safe
     */
    void gauge(String name, String tag, String value, FleetHealth fleet, ToDoubleFunction<FleetHealth> figure);

    /**
     * Counts an event.
     *
     * @param name dotted, such as {@code fleet.events}
     * @param tag the name of its one tag
     * @param value the value of that tag
     */
    void count(String name, String tag, String value);

    /**
     * Binds all figures of a fleet: {@code fleet.devices} by state, {@code fleet.alarms}, {@code fleet.down} of
     * gateways and sites, and {@code fleet.events} by kind.
     *
     * @param fleet whose figures
     * @return ends the counting; gauges stay until the library drops them
     */
    default Runnable bind(FleetHealth fleet) {
        for (DeviceState state : DeviceState.values()) {
            gauge("fleet.devices", "state", state.name().toLowerCase(Locale.ROOT), fleet, f -> f.count(state));
        }
        gauge("fleet.alarms", "open", "all", fleet, f -> f.alarms().size());
        gauge(
                "fleet.down",
                "of",
                "gateways",
                fleet,
                f -> f.snapshot().gatewaysDown().size());
        gauge("fleet.down", "of", "sites", fleet, f -> f.snapshot().sitesDown().size());
        return fleet.subscribe(
                event -> count("fleet.events", "kind", event.getClass().getSimpleName()));
    }
}
