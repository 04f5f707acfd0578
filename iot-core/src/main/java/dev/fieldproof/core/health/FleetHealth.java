package dev.fieldproof.core.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The state of every device of a fleet, from whatever is heard of it.
 *
 * <p>Feed it beats, goodbyes, announcements of sleep and samples of promised signals; call {@link #advance} now and
 * then, about once per second; read {@link #snapshot} or {@link #subscribe}. Five hundred devices behind a dead
 * gateway are one alarm. Times are monotonic nanoseconds. Thread-safe; listeners are called by the thread that feeds
 * or advances, after the change, and must not block.
 */
public final class FleetHealth {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int FIRST_CAPACITY = 64;
    private static final double FLAP_HALF_LIFE_PERIODS = 30;
    private static final double LEAST_FLAP_HALF_LIFE_MILLIS = 3_600_000;
    private static final long STEADY_UPTIME_SECONDS = 3_600;

    private final Duration defaultPeriod;
    private final SilenceDetector silence;
    private final PromisedSignals promised;
    private final GatewayWatch gateways;
    private final FlapDamper flaps = new FlapDamper();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<DeviceProfile> profiles = new ArrayList<>();
    private final Map<Integer, String> degraded = new HashMap<>();
    private final Map<Integer, String> restarted = new HashMap<>();
    private final OpenAlarms alarms = new OpenAlarms();
    private final FleetIndex index = new FleetIndex();
    private final List<Consumer<HealthEvent>> listeners = new CopyOnWriteArrayList<>();
    private final List<HealthEvent> pending = new ArrayList<>();
    private long[] heardMillis = new long[FIRST_CAPACITY];

    /**
     * Makes an empty view.
     *
     * @param defaultPeriod assumed of devices that are fed before they are registered
     * @param parameters budget of false alarms
     */
    public FleetHealth(Duration defaultPeriod, SilenceDetector.Parameters parameters) {
        this.defaultPeriod = defaultPeriod;
        silence = new SilenceDetector(
                FIRST_CAPACITY, parameters, (device, from, to, at, misses) -> heardOrNot(device, from, to, at));
        promised = new PromisedSignals(parameters, this::show);
        gateways = new GatewayWatch(silence, this::tell, device -> heardMillis[device], this::show);
        gateways.grow(FIRST_CAPACITY);
        index.grow(FIRST_CAPACITY);
    }

    /**
     * Makes an empty view with the default budget.
     *
     * @param defaultPeriod assumed of devices that are fed before they are registered
     */
    public FleetHealth(Duration defaultPeriod) {
        this(defaultPeriod, SilenceDetector.Parameters.defaults());
    }

    /**
     * Makes a device known, whose absence is then noticed even if it never says a word; or changes what is known of it.
     *
     * @param profile what it promises
     * @param nanos now
     * @return its number in this view, which {@link #feed(int, int, long)} takes
     */
    public synchronized int register(DeviceProfile profile, long nanos) {
        Integer known = numbers.get(profile.deviceId());
        if (known != null && profiles.get(known).equals(profile)) {
            return known;
        }
        int device = known != null ? known : profiles.size();
        if (known == null) {
            numbers.put(profile.deviceId(), device);
            profiles.add(profile);
            grow(device + 1);
            index.add(profile);
            heardMillis[device] = nanos / NANOS_PER_MILLI;
        } else {
            profiles.set(device, profile);
            index.move(device, profile);
        }
        long now = nanos / NANOS_PER_MILLI;
        silence.expect(device, (int) profile.period().toMillis(), now);
        gateways.leave(device);
        profile.gatewayId().ifPresent(id -> gateways.join(device, id, profile.site(), now));
        show(device, now);
        return device;
    }

    private void grow(int needed) {
        if (needed > heardMillis.length) {
            int capacity = Math.max(needed, heardMillis.length + (heardMillis.length >> 1));
            index.grow(capacity);
            heardMillis = Arrays.copyOf(heardMillis, capacity);
            silence.grow(capacity);
            gateways.grow(capacity);
        }
    }

    private int number(String deviceId, long nanos) {
        Integer known = numbers.get(deviceId);
        if (known == null) {
            register(DeviceProfile.of(deviceId, defaultPeriod), nanos);
            return profiles.size() - 1;
        }
        return known;
    }

    /**
     * Takes a beat, or any message that stands for one.
     *
     * @param deviceId which device; registered with the default period if it is not known
     * @param nanos when it arrived
     */
    public void feed(String deviceId, long nanos) {
        synchronized (this) {
            int device = number(deviceId, nanos);
            heard(device, nanos);
            silence.beat(device, nanos / NANOS_PER_MILLI);
            reached(device);
        }
        publish();
    }

    /**
     * Takes a numbered beat, which tells lost beats from late ones.
     *
     * @param deviceId which device; registered with the default period if it is not known
     * @param sequence counts the device's beats
     * @param nanos when it arrived
     */
    public void feed(String deviceId, int sequence, long nanos) {
        synchronized (this) {
            take(number(deviceId, nanos), sequence, nanos);
        }
        publish();
    }

    /**
     * Takes a numbered beat of a device by its number, which spares the look-up of its name.
     *
     * @param device what {@link #register} returned
     * @param sequence counts the device's beats
     * @param nanos when it arrived
     * @throws IndexOutOfBoundsException if no device has this number
     */
    public void feed(int device, int sequence, long nanos) {
        synchronized (this) {
            Objects.checkIndex(device, profiles.size());
            take(device, sequence, nanos);
        }
        publish();
    }

    /**
     * Takes a beat with diagnostics. An unexpected start degrades the device until it has run for an hour.
     *
     * @param deviceId which device; registered with the default period if it is not known
     * @param beat what it says
     * @param nanos when it arrived
     */
    public void feed(String deviceId, Heartbeat beat, long nanos) {
        synchronized (this) {
            int device = number(deviceId, nanos);
            take(device, beat.sequence(), nanos);
            if (beat.resetReason().isExpected() || beat.uptimeSeconds() >= STEADY_UPTIME_SECONDS) {
                restarted.remove(device);
            } else {
                restarted.put(
                        device,
                        "started by " + beat.resetReason() + ", boot " + beat.boots() + ", less than an hour ago");
            }
            show(device, nanos / NANOS_PER_MILLI);
        }
        publish();
    }

    private void take(int device, int sequence, long nanos) {
        heard(device, nanos);
        silence.beat(device, sequence, nanos / NANOS_PER_MILLI);
        reached(device);
    }

    private void heard(int device, long nanos) {
        heardMillis[device] = nanos / NANOS_PER_MILLI;
        gateways.heard(device, heardMillis[device]);
    }

    /** A device that speaks while its gateway is down has another way. */
    private void reached(int device) {
        if (index.state(device) == DeviceState.UNREACHABLE) {
            show(device, heardMillis[device]);
        }
    }

    /**
     * Takes a goodbye: a last will, or a disconnect.
     *
     * @param deviceId which device
     * @param nanos when it was learned
     */
    public void announceOffline(String deviceId, long nanos) {
        synchronized (this) {
            silence.offline(number(deviceId, nanos), nanos / NANOS_PER_MILLI);
        }
        publish();
    }

    /**
     * Takes an announcement of sleep.
     *
     * @param deviceId which device
     * @param untilNanos when its first beat after the sleep is due
     * @param nanos when it was learned
     */
    public void announceSleep(String deviceId, long untilNanos, long nanos) {
        synchronized (this) {
            silence.sleep(number(deviceId, nanos), untilNanos / NANOS_PER_MILLI, nanos / NANOS_PER_MILLI);
        }
        publish();
    }

    /**
     * Takes an announcement of sleep to come, best repeated with every beat before it, since any of them may be lost.
     *
     * @param deviceId which device
     * @param fromNanos when it falls asleep; until then it is expected to beat
     * @param untilNanos when its first beat after the sleep is due
     * @param nanos when it was learned
     */
    public void announceSleep(String deviceId, long fromNanos, long untilNanos, long nanos) {
        synchronized (this) {
            silence.sleep(
                    number(deviceId, nanos),
                    fromNanos / NANOS_PER_MILLI,
                    untilNanos / NANOS_PER_MILLI,
                    nanos / NANOS_PER_MILLI);
        }
        publish();
    }

    /**
     * Takes a sample of a signal that the device promised to send once per period; that it stops or freezes makes the
     * device {@link DeviceState#WEDGED}. The sample is no beat.
     *
     * @param deviceId which device
     * @param signal its name
     * @param value of the sample
     * @param nanos when it arrived
     */
    public void sample(String deviceId, String signal, double value, long nanos) {
        sample(deviceId, signal, value, OptionalLong.empty(), nanos);
    }

    /**
     * Takes a sample with a witness of its freshness: anything small that changes when the sensor is read anew, such as
     * the lowest bits of the converter or a digest of the raw readings since the last sample. A value so coarse that it
     * repeats for hours is then told to be frozen within some ten samples, since its witness froze too.
     *
     * @param deviceId which device
     * @param signal its name
     * @param value of the sample
     * @param witness of its freshness; must come from the sensor, not from a counter of the program that sends it
     * @param nanos when it arrived
     */
    public void sample(String deviceId, String signal, double value, long witness, long nanos) {
        sample(deviceId, signal, value, OptionalLong.of(witness), nanos);
    }

    private void sample(String deviceId, String signal, double value, OptionalLong witness, long nanos) {
        synchronized (this) {
            int device = number(deviceId, nanos);
            promised.sample(device, profiles.get(device), signal, value, witness, nanos / NANOS_PER_MILLI);
        }
        publish();
    }

    /**
     * Says that a device works badly, or no longer does.
     *
     * @param deviceId which device
     * @param reason what is wrong, or empty if nothing is any more
     * @param nanos when it was learned
     */
    public void degraded(String deviceId, String reason, long nanos) {
        synchronized (this) {
            int device = number(deviceId, nanos);
            if (reason.isEmpty()) {
                degraded.remove(device);
            } else {
                degraded.put(device, reason);
            }
            show(device, nanos / NANOS_PER_MILLI);
        }
        publish();
    }

    /**
     * Moves time on.
     *
     * @param nanos now, not before the last call
     */
    public void advance(long nanos) {
        synchronized (this) {
            long now = nanos / NANOS_PER_MILLI;
            gateways.advance(now);
            silence.advance(now);
            promised.advance(now);
            flaps.advance(now, device -> settle(device, now));
        }
        publish();
    }

    private void heardOrNot(int device, DeviceState from, DeviceState to, long atMillis) {
        boolean wasAway = from != DeviceState.SUSPECT || index.state(device) == DeviceState.UNREACHABLE;
        if (to == DeviceState.ALIVE && wasAway) {
            promised.resume(device, atMillis);
        }
        show(device, atMillis);
    }

    /** What a device is: what it was heard to be, unless its gateway explains that nothing is heard. */
    private DeviceState stateOf(int device) {
        DeviceState heard = silence.state(device);
        boolean behindDown = gateways.isUnreachable(device);
        if (heard == DeviceState.SUSPECT || heard == DeviceState.SILENT) {
            // An alarm from before the gateway went stays open.
            DeviceState shown = index.state(device);
            return !behindDown ? heard : OpenAlarms.isAlarm(shown) ? shown : DeviceState.UNREACHABLE;
        }
        if (heard != DeviceState.ALIVE) {
            return heard;
        }
        if (promised.isWedged(device)) {
            return DeviceState.WEDGED;
        }
        if (degraded.containsKey(device) || restarted.containsKey(device)) {
            return DeviceState.DEGRADED;
        }
        return behindDown ? DeviceState.UNREACHABLE : DeviceState.ALIVE;
    }

    /** Shows a device's state, where it changed. */
    private void show(int device, long atMillis) {
        DeviceState state = stateOf(device);
        DeviceState was = index.state(device);
        if (was == state) {
            return;
        }
        index.show(device, state);
        if ((was == DeviceState.ALIVE && state == DeviceState.UNREACHABLE)
                || (was == DeviceState.UNREACHABLE && state == DeviceState.ALIVE)) {
            return; // The gateway's own alarm tells it.
        }
        boolean begins = OpenAlarms.isAlarm(state) && flaps.alarm(device, halfLifeMillis(device), atMillis);
        HealthEvent change = new HealthEvent.DeviceChanged(
                profiles.get(device).deviceId(),
                was,
                state,
                atMillis * NANOS_PER_MILLI,
                Math.min(atMillis, heardMillis[device]) * NANOS_PER_MILLI,
                evidence(device, state, atMillis),
                state.clearedBy());
        if (begins) {
            tell(new HealthEvent.Flapping(
                    profiles.get(device).deviceId(),
                    atMillis * NANOS_PER_MILLI,
                    flaps.sinceMillis(device) * NANOS_PER_MILLI,
                    "it was well and unwell again and again; now: " + change.evidence(),
                    "keeping to one state for " + Math.round(halfLifeMillis(device) / 60_000 * 1.6) + " minutes"));
        } else if (!flaps.isFlapping(device)) {
            tell(change);
        }
    }

    private double halfLifeMillis(int device) {
        return Math.max(LEAST_FLAP_HALF_LIFE_MILLIS, FLAP_HALF_LIFE_PERIODS * silence.periodMillis(device));
    }

    private void settle(int device, long atMillis) {
        DeviceState state = index.state(device);
        tell(new HealthEvent.Settled(
                profiles.get(device).deviceId(),
                state,
                atMillis * NANOS_PER_MILLI,
                flaps.lastMillis(device) * NANOS_PER_MILLI,
                evidence(device, state, atMillis),
                state.clearedBy()));
    }

    private void tell(HealthEvent event) {
        pending.add(event);
        alarms.take(event);
    }

    private String evidence(int device, DeviceState state, long atMillis) {
        double periods = (atMillis - heardMillis[device]) / silence.periodMillis(device);
        return switch (state) {
            case ALIVE -> "it beats";
            case SUSPECT, SILENT ->
                String.format(
                        Locale.ROOT,
                        "nothing heard for %.1f of its periods of %.1f s; %d misses are more than chance explains",
                        periods,
                        silence.periodMillis(device) / 1000,
                        silence.missesToSilent(device));
            case OFFLINE -> "its goodbye, or its last will, was received";
            case ASLEEP -> "it announced to sleep";
            case DEGRADED -> degraded.getOrDefault(device, restarted.getOrDefault(device, ""));
            case WEDGED -> promised.evidence(device);
            case UNREACHABLE -> "its gateway is down";
        };
    }

    private void publish() {
        List<HealthEvent> events;
        synchronized (this) {
            if (pending.isEmpty()) {
                return;
            }
            events = List.copyOf(pending);
            pending.clear();
        }
        for (HealthEvent event : events) {
            listeners.forEach(listener -> listener.accept(event));
        }
    }

    /**
     * Hears of every change from now on.
     *
     * @param listener must not block
     * @return ends the subscription; idempotent
     */
    public Runnable subscribe(Consumer<HealthEvent> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /**
     * The state of one device.
     *
     * @param deviceId which device
     * @return its state, or empty if it is not known
     */
    public synchronized Optional<DeviceState> state(String deviceId) {
        return Optional.ofNullable(numbers.get(deviceId)).map(index::state);
    }

    /**
     * Devices of which something holds.
     *
     * @param wanted asked of each profile
     * @param state in which they must be
     * @return their ids, in order of registration
     */
    public synchronized List<String> query(DeviceState state, Predicate<DeviceProfile> wanted) {
        List<String> found = new ArrayList<>();
        for (int device = 0; device < profiles.size(); device++) {
            if (index.state(device) == state && wanted.test(profiles.get(device))) {
                found.add(profiles.get(device).deviceId());
            }
        }
        return found;
    }

    /**
     * Devices by state, site and cohort: a walk through nine bytes per device, so a question about a million devices
     * holds up those that feed for a millisecond or two, plus what the ids found take.
     *
     * @param state in which they must be, or empty for any
     * @param site where they must be, or empty for any
     * @param cohort to which they must belong, or empty for any
     * @return their ids, in order of registration
     */
    public synchronized List<String> query(
            Optional<DeviceState> state, Optional<String> site, Optional<String> cohort) {
        List<String> found = new ArrayList<>();
        index.find(state, site, cohort, device -> found.add(profiles.get(device).deviceId()));
        return found;
    }

    /**
     * How many devices of each site are in which state; a walk like {@link #query(Optional, Optional, Optional)}.
     *
     * @return by site, then by state; states that no device of the site is in are left out
     */
    public synchronized Map<String, Map<DeviceState, Integer>> bySite() {
        return index.bySite();
    }

    /**
     * How many devices of each cohort are in which state; a walk like {@link #query(Optional, Optional, Optional)}.
     *
     * @return by cohort, then by state; states that no device of the cohort is in are left out
     */
    public synchronized Map<String, Map<DeviceState, Integer>> byCohort() {
        return index.byCohort();
    }

    /**
     * Memory of the arrays that grow with the fleet and its beats; names and profiles come on top.
     *
     * @return bytes
     */
    public synchronized long bytes() {
        return silence.bytes() + promised.bytes() + gateways.bytes() + index.bytes() + 8L * heardMillis.length;
    }

    /**
     * How many devices are in a state.
     *
     * @param state which
     * @return at least 0
     */
    public synchronized int count(DeviceState state) {
        return index.count(state);
    }

    /**
     * The fleet now, at no cost that grows with it.
     *
     * @return counts by state, and the gateways and sites that are down
     */
    public synchronized Snapshot snapshot() {
        EnumMap<DeviceState, Integer> byState = new EnumMap<>(DeviceState.class);
        for (DeviceState state : DeviceState.values()) {
            byState.put(state, index.count(state));
        }
        return new Snapshot(byState, gateways.gatewaysDown(), gateways.sitesDown());
    }

    /**
     * The alarms that are open now: silent, wedged, degraded and flapping devices, gateways and sites that are down.
     *
     * @return the events that opened them, oldest first
     */
    public synchronized List<HealthEvent> alarms() {
        return alarms.list();
    }

    /**
     * Signals that cannot be told to be frozen within some samples, because they are coarse and slow: promise a raw
     * digit or a counter in their place, or send a witness ({@link FrozenSignal}).
     *
     * @param samples at most this many are fine
     * @return device and signal with a slash between, in order of first sample
     */
    public synchronized List<String> slowToTell(int samples) {
        return promised.slowToTell(samples, device -> profiles.get(device).deviceId());
    }

    /**
     * Counts of a fleet at one moment.
     *
     * @param byState how many devices are in each state, 0 included
     * @param gatewaysDown which gateways are down, with the number of devices behind each
     * @param sitesDown which sites are down, with the number of gateways of each
     */
    public record Snapshot(
            Map<DeviceState, Integer> byState, Map<String, Integer> gatewaysDown, Map<String, Integer> sitesDown) {
        /** Copies the maps. */
        public Snapshot {
            byState = Map.copyOf(byState);
            gatewaysDown = Map.copyOf(gatewaysDown);
            sitesDown = Map.copyOf(sitesDown);
        }

        /**
         * All devices.
         *
         * @return how many are known
         */
        public int devices() {
            return byState.values().stream().mapToInt(Integer::intValue).sum();
        }
    }
}
