package dev.fieldproof.core.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
    private final SilenceDetector.Parameters parameters;
    private final SilenceDetector silence;
    private final SilenceDetector promised;
    private final GatewayWatch gateways;
    private final FlapDamper flaps = new FlapDamper();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<DeviceProfile> profiles = new ArrayList<>();
    private final Map<String, Signal> signals = new HashMap<>();
    private final List<Signal> signalsByNumber = new ArrayList<>();
    private final Map<Integer, String> degraded = new HashMap<>();
    private final Map<Integer, String> restarted = new HashMap<>();
    private final Map<Integer, String> wedged = new HashMap<>();
    private final Map<String, HealthEvent> alarms = new LinkedHashMap<>();
    private final int[] counts = new int[DeviceState.values().length];
    private final List<Consumer<HealthEvent>> listeners = new CopyOnWriteArrayList<>();
    private final List<HealthEvent> pending = new ArrayList<>();
    private DeviceState[] shown = new DeviceState[FIRST_CAPACITY];
    private long[] heardMillis = new long[FIRST_CAPACITY];

    private record Signal(int number, int device, String name, FrozenSignal frozen) {}

    /**
     * Makes an empty view.
     *
     * @param defaultPeriod assumed of devices that are fed before they are registered
     * @param parameters budget of false alarms
     */
    public FleetHealth(Duration defaultPeriod, SilenceDetector.Parameters parameters) {
        this.defaultPeriod = defaultPeriod;
        this.parameters = parameters;
        silence = new SilenceDetector(FIRST_CAPACITY, parameters, (device, from, to, at, misses) -> show(device, at));
        promised = new SilenceDetector(FIRST_CAPACITY, parameters, this::promiseChanged);
        gateways = new GatewayWatch(silence, this::tell);
        gateways.grow(FIRST_CAPACITY);
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
            shown[device] = DeviceState.ALIVE;
            counts[DeviceState.ALIVE.code()]++;
            heardMillis[device] = nanos / NANOS_PER_MILLI;
        } else {
            profiles.set(device, profile);
        }
        long now = nanos / NANOS_PER_MILLI;
        silence.expect(device, (int) profile.period().toMillis(), now);
        gateways.leave(device);
        profile.gatewayId().ifPresent(id -> gateways.join(device, id, profile.site(), now));
        return device;
    }

    private void grow(int needed) {
        if (needed > shown.length) {
            int capacity = Math.max(needed, shown.length + (shown.length >> 1));
            shown = Arrays.copyOf(shown, capacity);
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
    }

    private void heard(int device, long nanos) {
        heardMillis[device] = nanos / NANOS_PER_MILLI;
        gateways.heard(device, heardMillis[device]);
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
        synchronized (this) {
            int device = number(deviceId, nanos);
            long now = nanos / NANOS_PER_MILLI;
            int periodMillis = (int) profiles.get(device).period().toMillis();
            Signal watched = signals.computeIfAbsent(deviceId + '\0' + signal, key -> {
                Signal fresh = new Signal(
                        signalsByNumber.size(),
                        device,
                        signal,
                        new FrozenSignal(periodMillis, parameters.alarmsPerYear()));
                signalsByNumber.add(fresh);
                promised.grow(signalsByNumber.size());
                promised.expect(signalsByNumber.size() - 1, periodMillis, now);
                return fresh;
            });
            boolean was = watched.frozen().isFrozen();
            boolean frozen = watched.frozen().sample(value);
            if (frozen) {
                wedged.putIfAbsent(
                        device,
                        signal + " has been " + value + " for "
                                + watched.frozen().run() + " samples");
            } else if (was) {
                wedged.remove(device);
            }
            promised.beat(watched.number(), now);
            show(device, now);
        }
        publish();
    }

    private void promiseChanged(int signal, DeviceState from, DeviceState to, long at, int misses) {
        Signal watched = signalsByNumber.get(signal);
        if (to == DeviceState.SILENT) {
            wedged.putIfAbsent(watched.device(), watched.name() + " stopped, " + misses + " samples are missing");
        } else if (from == DeviceState.SILENT) {
            wedged.remove(watched.device());
        }
        show(watched.device(), at);
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

    /** Shows a device's state, unless its gateway explains it. */
    private void show(int device, long atMillis) {
        DeviceState heard = silence.state(device);
        boolean absent = heard == DeviceState.SUSPECT || heard == DeviceState.SILENT;
        if (absent && gateways.isDown(device)) {
            return;
        }
        DeviceState state = heard;
        if (heard == DeviceState.ALIVE) {
            boolean bad = degraded.containsKey(device) || restarted.containsKey(device);
            state = wedged.containsKey(device) ? DeviceState.WEDGED : bad ? DeviceState.DEGRADED : DeviceState.ALIVE;
        }
        DeviceState was = shown[device];
        if (was == state) {
            return;
        }
        shown[device] = state;
        counts[was.code()]--;
        counts[state.code()]++;
        boolean begins = isAlarm(state) && flaps.alarm(device, halfLifeMillis(device), atMillis);
        HealthEvent change = new HealthEvent.DeviceChanged(
                profiles.get(device).deviceId(),
                was,
                state,
                atMillis * NANOS_PER_MILLI,
                Math.min(atMillis, heardMillis[device]) * NANOS_PER_MILLI,
                evidence(device, state, atMillis),
                clearedBy(state));
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
        DeviceState state = shown[device];
        tell(new HealthEvent.Settled(
                profiles.get(device).deviceId(),
                state,
                atMillis * NANOS_PER_MILLI,
                flaps.lastMillis(device) * NANOS_PER_MILLI,
                evidence(device, state, atMillis),
                clearedBy(state)));
    }

    private static boolean isAlarm(DeviceState state) {
        return state == DeviceState.SILENT || state == DeviceState.WEDGED || state == DeviceState.DEGRADED;
    }

    /** Queues an event, and keeps the list of alarms that are open. */
    private void tell(HealthEvent event) {
        pending.add(event);
        boolean open = true;
        String kind = "device ";
        if (event instanceof HealthEvent.DeviceChanged changed) {
            open = isAlarm(changed.to());
        } else if (event instanceof HealthEvent.Settled settled) {
            open = isAlarm(settled.state());
        } else if (event instanceof HealthEvent.GatewayDown || event instanceof HealthEvent.GatewayUp) {
            kind = "gateway ";
            open = event instanceof HealthEvent.GatewayDown;
        } else if (event instanceof HealthEvent.SiteDown || event instanceof HealthEvent.SiteUp) {
            kind = "site ";
            open = event instanceof HealthEvent.SiteDown;
        }
        if (open) {
            alarms.put(kind + event.subject(), event);
        } else {
            alarms.remove(kind + event.subject());
        }
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
            case WEDGED -> wedged.getOrDefault(device, "");
        };
    }

    private static String clearedBy(DeviceState state) {
        return switch (state) {
            case ALIVE -> "nothing to clear";
            case SUSPECT, SILENT, OFFLINE -> "its next beat";
            case ASLEEP -> "its waking time";
            case DEGRADED -> "a report that it is well, or an hour without a restart";
            case WEDGED -> "a new value of the signal";
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
        return Optional.ofNullable(numbers.get(deviceId)).map(device -> shown[device]);
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
            if (shown[device] == state && wanted.test(profiles.get(device))) {
                found.add(profiles.get(device).deviceId());
            }
        }
        return found;
    }

    /**
     * Memory of the arrays that grow with the fleet and its beats; names and profiles come on top.
     *
     * @return bytes
     */
    public synchronized long bytes() {
        return silence.bytes() + promised.bytes() + gateways.bytes() + 12L * shown.length;
    }

    /**
     * How many devices are in a state.
     *
     * @param state which
     * @return at least 0
     */
    public synchronized int count(DeviceState state) {
        return counts[state.code()];
    }

    /**
     * The fleet now, at no cost that grows with it.
     *
     * @return counts by state, and the gateways and sites that are down
     */
    public synchronized Snapshot snapshot() {
        EnumMap<DeviceState, Integer> byState = new EnumMap<>(DeviceState.class);
        for (DeviceState state : DeviceState.values()) {
            byState.put(state, counts[state.code()]);
        }
        return new Snapshot(byState, gateways.gatewaysDown(), gateways.sitesDown());
    }

    /**
     * The alarms that are open now: silent, wedged, degraded and flapping devices, gateways and sites that are down.
     *
     * @return the events that opened them, oldest first
     */
    public synchronized List<HealthEvent> alarms() {
        return List.copyOf(alarms.values());
    }

    /**
     * Signals that cannot be told to be frozen within some samples, because they are coarse and slow: promise a raw
     * digit or a counter in their place ({@link FrozenSignal}).
     *
     * @param samples at most this many are fine
     * @return device and signal with a slash between, in order of first sample
     */
    public synchronized List<String> slowToTell(int samples) {
        return signalsByNumber.stream()
                .filter(signal -> signal.frozen().samplesToTell() > samples)
                .map(signal -> profiles.get(signal.device()).deviceId() + "/" + signal.name())
                .toList();
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
