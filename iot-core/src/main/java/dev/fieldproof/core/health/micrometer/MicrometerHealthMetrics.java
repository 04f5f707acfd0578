package dev.fieldproof.core.health.micrometer;

import dev.fieldproof.core.health.FleetHealth;
import dev.fieldproof.core.health.HealthMetrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** Binds a fleet's figures to a Micrometer registry. Thread-safe. */
public final class MicrometerHealthMetrics implements HealthMetrics {
    private final MeterRegistry registry;

    /**
     * Makes an adapter.
     *
     * @param registry takes the meters; it holds the fleet weakly, as Micrometer does
     */
    @SuppressWarnings("exports") // who calls this has the library; who does not must not need it
    public MicrometerHealthMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void gauge(String name, String tag, String value, FleetHealth fleet, ToDoubleFunction<FleetHealth> figure) {
        Gauge.builder(name, fleet, figure).tag(tag, value).register(registry);
    }

    @Override
    public void count(String name, String tag, String value) {
        registry.counter(name, tag, value).increment();
    }
}
