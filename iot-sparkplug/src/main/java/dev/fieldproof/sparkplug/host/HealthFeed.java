package dev.fieldproof.sparkplug.host;

import dev.fieldproof.core.health.DeviceProfile;
import dev.fieldproof.core.health.FleetHealth;
import dev.fieldproof.sparkplug.EdgeNodeDescriptor;
import dev.fieldproof.sparkplug.payload.Value;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Tells iot-core's view of a fleet's health what a host application hears: births and deaths announce, chosen metrics
 * stand for beats, and others are signals that must neither stop nor freeze. A node is {@code group/node}, a device
 * {@code group/node/device}, all behind the node, so that the loss of a node is one alarm and not one for each device.
 * The group is the site. To be given to {@link HostApplicationBuilder#onEvent}; one event at a time, as hosts tell
 * them.
 */
public final class HealthFeed implements Consumer<HostEvent> {
    private final FleetHealth fleet;
    private final Duration period;
    private final LongSupplier nanos;
    private final Predicate<HostEvent.Sample> beats;
    private final Predicate<HostEvent.Sample> signals;
    /** By node, the devices that were born, which die with it. */
    private final Map<EdgeNodeDescriptor, Set<String>> devices = new HashMap<>();

    /**
     * A feed of one host application.
     *
     * @param fleet what is told
     * @param period in which each node and device promises its beat, 100 ms to 11 days
     * @param nanos the time, in nanoseconds since whatever {@code fleet} counts from
     * @param beats which samples stand for a beat: one metric of each node and device that is sent once per period even
     *     if its value stays. Historical samples are never asked about
     * @param signals which samples, of numbers, belong to a signal promised once per period
     */
    public HealthFeed(
            FleetHealth fleet,
            Duration period,
            LongSupplier nanos,
            Predicate<HostEvent.Sample> beats,
            Predicate<HostEvent.Sample> signals) {
        this.fleet = fleet;
        this.period = period;
        this.nanos = nanos;
        this.beats = beats;
        this.signals = signals;
    }

    @Override
    public void accept(HostEvent event) {
        long now = nanos.getAsLong();
        if (event instanceof HostEvent.NodeBorn born) {
            devices.computeIfAbsent(born.node(), node -> new TreeSet<>());
            bear(profile(born.node(), ""), now);
        } else if (event instanceof HostEvent.DeviceBorn born) {
            devices.computeIfAbsent(born.node(), node -> new TreeSet<>()).add(born.device());
            bear(profile(born.node(), born.device()), now);
        } else if (event instanceof HostEvent.NodeDied died) {
            fleet.announceOffline(id(died.node(), ""), now);
            for (String device : devices.getOrDefault(died.node(), Set.of())) {
                fleet.announceOffline(id(died.node(), device), now);
            }
        } else if (event instanceof HostEvent.DeviceDied died) {
            devices.getOrDefault(died.node(), new TreeSet<>()).remove(died.device());
            fleet.announceOffline(id(died.node(), died.device()), now);
        } else if (event instanceof HostEvent.NodeStale stale) {
            fleet.degraded(id(stale.node(), ""), stale.reason(), now);
        } else if (event instanceof HostEvent.Sample sample && !sample.historical()) {
            take(sample, now);
        }
    }

    /** Registered at its birth at the latest, so that what says no word afterwards is missed. */
    private void bear(DeviceProfile profile, long now) {
        fleet.register(profile, now);
        fleet.feed(profile.deviceId(), now);
        fleet.degraded(profile.deviceId(), "", now);
    }

    private void take(HostEvent.Sample sample, long now) {
        String id = id(sample.node(), sample.device());
        if (beats.test(sample)) {
            fleet.feed(id, now);
        }
        if (signals.test(sample)) {
            double value = number(sample.value());
            if (!Double.isNaN(value)) {
                fleet.sample(id, sample.metric(), value, now);
            }
        }
    }

    private static double number(Value value) {
        if (value instanceof Value.Whole whole) {
            return whole.value();
        }
        if (value instanceof Value.Single single) {
            return single.value();
        }
        return value instanceof Value.Real real ? real.value() : Double.NaN;
    }

    private DeviceProfile profile(EdgeNodeDescriptor node, String device) {
        return DeviceProfile.of(id(node, device), period).at(node.groupId()).behind(id(node, ""));
    }

    private static String id(EdgeNodeDescriptor node, String device) {
        return device.isEmpty() ? node.toString() : node + "/" + device;
    }
}
