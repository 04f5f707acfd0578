package dev.fieldproof.core.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
    private static final int WHEEL_SLOTS = 1024;
    private static final int TICK_MILLIS = 64;
    private static final double GATEWAY_SLACK_PERIODS = 0.1;

    private final Duration defaultPeriod;
    private final SilenceDetector.Parameters parameters;
    private final SilenceDetector silence;
    private final SilenceDetector promised;
    private final CommonCause cause = new CommonCause();
    private final DeadlineWheel gatewayWheel = new DeadlineWheel(WHEEL_SLOTS, TICK_MILLIS);
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<DeviceProfile> profiles = new ArrayList<>();
    private final Map<String, Integer> gatewayNumbers = new HashMap<>();
    private final List<Gateway> gateways = new ArrayList<>();
    private final Map<String, Signal> signals = new HashMap<>();
    private final List<Signal> signalsByNumber = new ArrayList<>();
    private final Map<Integer, String> degraded = new HashMap<>();
    private final Map<Integer, String> wedged = new HashMap<>();
    private final List<Consumer<HealthEvent>> listeners = new CopyOnWriteArrayList<>();
    private final List<HealthEvent> pending = new ArrayList<>();
    private DeviceState[] shown = new DeviceState[FIRST_CAPACITY];
    private long[] heardMillis = new long[FIRST_CAPACITY];
    private long[] judgedUntilMillis = new long[FIRST_CAPACITY];
    private boolean[] missedLast = new boolean[FIRST_CAPACITY];
    private boolean[] everHeard = new boolean[FIRST_CAPACITY];

    private record Gateway(String id, List<Integer> children) {}

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
     */
    public synchronized void register(DeviceProfile profile, long nanos) {
        Integer known = numbers.get(profile.deviceId());
        if (known != null && profiles.get(known).equals(profile)) {
            return;
        }
        boolean judged = known != null && profiles.get(known).gatewayId().isPresent();
        int device = known != null ? known : profiles.size();
        if (known == null) {
            numbers.put(profile.deviceId(), device);
            profiles.add(profile);
            grow(device + 1);
            shown[device] = DeviceState.ALIVE;
            heardMillis[device] = nanos / NANOS_PER_MILLI;
        } else {
            DeviceProfile old = profiles.set(device, profile);
            old.gatewayId().ifPresent(id -> leave(known, id));
        }
        long now = nanos / NANOS_PER_MILLI;
        silence.expect(device, (int) profile.period().toMillis(), now);
        profile.gatewayId().ifPresent(id -> join(device, id, !judged, now));
    }

    private void join(int device, String gatewayId, boolean first, long now) {
        int gateway = gatewayNumbers.computeIfAbsent(gatewayId, id -> {
            gateways.add(new Gateway(id, new ArrayList<>()));
            cause.add(gateways.size() - 1);
            return gateways.size() - 1;
        });
        gateways.get(gateway).children().add(device);
        gatewayWheel.start(now);
        judgedUntilMillis[device] = now + slackPeriods(device);
        if (first) {
            gatewayWheel.add(device, judgedUntilMillis[device]);
        }
    }

    private void leave(Integer device, String gatewayId) {
        Integer gateway = gatewayNumbers.get(gatewayId);
        if (gateway != null) {
            gateways.get(gateway).children().remove(device);
        }
    }

    private long slackPeriods(int device) {
        return (long) (silence.periodMillis(device) * (1 + GATEWAY_SLACK_PERIODS));
    }

    private void grow(int needed) {
        if (needed > shown.length) {
            int capacity = Math.max(needed, shown.length + (shown.length >> 1));
            shown = Arrays.copyOf(shown, capacity);
            heardMillis = Arrays.copyOf(heardMillis, capacity);
            judgedUntilMillis = Arrays.copyOf(judgedUntilMillis, capacity);
            missedLast = Arrays.copyOf(missedLast, capacity);
            everHeard = Arrays.copyOf(everHeard, capacity);
            silence.grow(capacity);
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
            int device = number(deviceId, nanos);
            heard(device, nanos);
            silence.beat(device, sequence, nanos / NANOS_PER_MILLI);
        }
        publish();
    }

    private void heard(int device, long nanos) {
        heardMillis[device] = nanos / NANOS_PER_MILLI;
        judgedUntilMillis[device] = heardMillis[device] + slackPeriods(device);
        gatewayOf(device).ifPresent(gateway -> {
            if (cause.beat(gateway, silence.lossProbability(device, missedLast[device]))) {
                gatewayChanged(gateway, nanos);
            }
        });
        missedLast[device] = false;
        everHeard[device] = true;
    }

    private Optional<Integer> gatewayOf(int device) {
        return profiles.get(device).gatewayId().map(gatewayNumbers::get);
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
            gatewayWheel.advance(now, this::judge);
            silence.advance(now);
            promised.advance(now);
        }
        publish();
    }

    /** Judges each child whose beat is due and late by the slack as one miss of its gateway. */
    private void judge(int[] devices, int count, long now, long[] nextMillis) {
        for (int i = 0; i < count; i++) {
            int device = devices[i];
            int gateway = gatewayOf(device).orElse(-1);
            DeviceState state = silence.state(device);
            boolean due = judgedUntilMillis[device] <= now;
            if (gateway >= 0
                    && due
                    && everHeard[device]
                    && state != DeviceState.ASLEEP
                    && state != DeviceState.OFFLINE) {
                if (cause.miss(gateway, silence.lossProbability(device, missedLast[device]))) {
                    gatewayChanged(gateway, now * NANOS_PER_MILLI);
                }
                missedLast[device] = true;
            }
            if (due) {
                judgedUntilMillis[device] += (long) silence.periodMillis(device);
            }
            nextMillis[i] = gateway >= 0 ? judgedUntilMillis[device] : -1;
        }
    }

    private void gatewayChanged(int gateway, long nanos) {
        Gateway changed = gateways.get(gateway);
        if (cause.isDown(gateway)) {
            long missing = changed.children().stream()
                    .filter(device -> missedLast[device])
                    .count();
            String evidence = "the beats of " + missing + " of "
                    + changed.children().size() + " devices behind it are missing together";
            pending.add(new HealthEvent.GatewayDown(
                    changed.id(), nanos, changed.children().size(), evidence));
        } else {
            long now = nanos / NANOS_PER_MILLI;
            for (int device : changed.children()) {
                silence.forgive(device, now);
                double period = silence.periodMillis(device);
                double late = Math.max(0, now + 2 * GATEWAY_SLACK_PERIODS * period - judgedUntilMillis[device]);
                // Each keeps its own phase, or those that miss next would be counted all at once.
                judgedUntilMillis[device] += (long) (Math.ceil(late / period) * period);
                missedLast[device] = false;
            }
            pending.add(new HealthEvent.GatewayUp(changed.id(), nanos, "the devices behind it beat again"));
        }
    }

    /** Shows a device's state, unless its gateway explains it. */
    private void show(int device, long atMillis) {
        DeviceState heard = silence.state(device);
        boolean absent = heard == DeviceState.SUSPECT || heard == DeviceState.SILENT;
        if (absent && gatewayOf(device).map(cause::isDown).orElse(false)) {
            return;
        }
        DeviceState state = heard;
        if (heard == DeviceState.ALIVE) {
            state = wedged.containsKey(device)
                    ? DeviceState.WEDGED
                    : degraded.containsKey(device) ? DeviceState.DEGRADED : DeviceState.ALIVE;
        }
        DeviceState was = shown[device];
        if (was != state) {
            shown[device] = state;
            pending.add(new HealthEvent.DeviceChanged(
                    profiles.get(device).deviceId(),
                    was,
                    state,
                    atMillis * NANOS_PER_MILLI,
                    heardMillis[device] * NANOS_PER_MILLI,
                    evidence(device, state, atMillis),
                    clearedBy(state)));
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
            case DEGRADED -> degraded.getOrDefault(device, "");
            case WEDGED -> wedged.getOrDefault(device, "");
        };
    }

    private static String clearedBy(DeviceState state) {
        return switch (state) {
            case ALIVE -> "nothing to clear";
            case SUSPECT, SILENT, OFFLINE -> "its next beat";
            case ASLEEP -> "its waking time";
            case DEGRADED -> "a report that it is well";
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
     * The fleet now.
     *
     * @return counts by state and the gateways that are down
     */
    public synchronized Snapshot snapshot() {
        EnumMap<DeviceState, Integer> counts = new EnumMap<>(DeviceState.class);
        for (DeviceState state : DeviceState.values()) {
            counts.put(state, 0);
        }
        for (int device = 0; device < profiles.size(); device++) {
            counts.merge(shown[device], 1, Integer::sum);
        }
        TreeMap<String, Integer> down = new TreeMap<>();
        for (int gateway = 0; gateway < gateways.size(); gateway++) {
            if (cause.isDown(gateway)) {
                down.put(
                        gateways.get(gateway).id(),
                        gateways.get(gateway).children().size());
            }
        }
        return new Snapshot(counts, down);
    }

    /**
     * Counts of a fleet at one moment.
     *
     * @param byState how many devices are in each state, 0 included
     * @param gatewaysDown which gateways are down, with the number of devices behind each
     */
    public record Snapshot(Map<DeviceState, Integer> byState, Map<String, Integer> gatewaysDown) {
        /** Copies the maps. */
        public Snapshot {
            byState = Map.copyOf(byState);
            gatewaysDown = Map.copyOf(gatewaysDown);
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
