package dev.fieldproof.core.health;

import java.util.Arrays;

/**
 * Tells a dead device from an unlucky one, for very many devices in primitive arrays: 36 bytes of state per device and
 * about 5 in a timing wheel.
 *
 * <p>Each device's beats are fitted to a grid, whose phase and period follow the device's clock; losses are counted as
 * runs ({@link RunLaw}). A device is {@link DeviceState#SUSPECT} when two beats are missing, and {@link
 * DeviceState#SILENT} when so many are missing that chance explains it no more often than the budget of false alarms.
 * Announced sleep is no absence. Not thread-safe; times are monotonic milliseconds, with gaps up to 24 days.
 */
public final class SilenceDetector {
    private static final int FIELDS = 9;
    private static final int GRID = 0;
    private static final int PERIOD = 1;
    private static final int JITTER = 2;
    private static final int FLAGS = 3;
    private static final int COUNTS = 4;
    private static final int WAKE = 7;
    /** When an announced sleep begins; equal to WAKE when none is announced. */
    private static final int BED = 8;

    private static final int SEQUENCE_MASK = 0xFFFF;
    private static final int MISSES_SHIFT = 16;
    private static final int MISSES_MASK = 0xFF;
    private static final int WARM_SHIFT = 24;
    private static final int WARM_MASK = 0xF;
    private static final int STATE_SHIFT = 28;
    private static final int STATE_MASK = 0x7;
    private static final int IN_WHEEL = 1 << 31;

    private static final int WARM_BEATS = 14;
    /** In place of a count of warm-up beats: the next beat sets the phase of the grid, and nothing else. */
    private static final int RESYNC = 15;

    private static final int LONG_GAP_PERIODS = 50;
    private static final int WHEEL_SLOTS = 4096;
    private static final int TICK_MILLIS = 128;
    private static final int MOST_STEPS = 4;

    private final Parameters parameters;
    private final Listener listener;
    private final RunLaw law;
    private int[] state;
    private final DeadlineWheel wheel = new DeadlineWheel(WHEEL_SLOTS, TICK_MILLIS);

    /**
     * What false alarms may cost and what the devices promise.
     *
     * @param alarmsPerYear budget of false alarms per device and year, above 0
     * @param acknowledgedRetries how often a device repeats a beat that is not acknowledged, each after a tenth of its
     *     period; 0 for beats that nobody acknowledges. From 2 on, two missing beats are enough evidence
     */
    public record Parameters(double alarmsPerYear, int acknowledgedRetries) {
        /**
         * Checks the ranges.
         *
         * @throws IllegalArgumentException if a value is out of range
         */
        public Parameters {
            if (!(alarmsPerYear > 0) || acknowledgedRetries < 0 || acknowledgedRetries > 8) {
                throw new IllegalArgumentException(
                        alarmsPerYear + " alarms per year, " + acknowledgedRetries + " retries");
            }
        }

        /**
         * Half a false alarm per device and year, beats without acknowledgement.
         *
         * @return the defaults
         */
        public static Parameters defaults() {
            return new Parameters(0.5, 0);
        }
    }

    /** Learns of changes; called in the middle of the detector's work, so it must not call the detector back. */
    @FunctionalInterface
    public interface Listener {
        /**
         * A device is in another state.
         *
         * @param device its number
         * @param from the state it leaves
         * @param to the state it enters
         * @param atMillis when it was noticed
         * @param misses beats missing now
         */
        void changed(int device, DeviceState from, DeviceState to, long atMillis, int misses);
    }

    /**
     * Makes a detector of devices 0 to capacity - 1, none of which has been heard of.
     *
     * @param capacity how many, at most 250 million
     * @param parameters for all of them
     * @param listener learns of changes
     */
    public SilenceDetector(int capacity, Parameters parameters, Listener listener) {
        this.parameters = parameters;
        this.listener = listener;
        law = new RunLaw(parameters.alarmsPerYear());
        state = new int[Math.multiplyExact(capacity, FIELDS)];
    }

    /**
     * Expects a device, so that its absence is noticed even if it never beats.
     *
     * @param device its number
     * @param periodMillis what it promises, 100 to 1,000,000,000
     * @param nowMillis when its first beat is due, one period later at most
     * @throws IllegalArgumentException if the period is out of range
     */
    public void expect(int device, int periodMillis, long nowMillis) {
        if (periodMillis < 100 || periodMillis > 1_000_000_000) {
            throw new IllegalArgumentException("period " + periodMillis + " ms");
        }
        int base = device * FIELDS;
        state[base + GRID] = (int) nowMillis;
        state[base + PERIOD] = Float.floatToRawIntBits(periodMillis);
        state[base + JITTER] = Float.floatToRawIntBits(0.05f);
        int inWheel = state[base + FLAGS] & IN_WHEEL;
        state[base + FLAGS] = inWheel | DeviceState.ALIVE.code() << STATE_SHIFT;
        state[base + COUNTS] = 0;
        state[base + COUNTS + 1] = 0;
        state[base + COUNTS + 2] = 0;
        state[base + BED] = state[base + WAKE];
        solve(base);
        wheel.start(nowMillis);
        arm(device, nowMillis);
    }

    /**
     * Takes a beat without a sequence number: a beat that comes more than half a period late or early is then taken for
     * its neighbour.
     *
     * @param device its number, which was {@link #expect expected}
     * @param nowMillis when it arrived
     */
    public void beat(int device, long nowMillis) {
        int base = device * FIELDS;
        take(device, nowMillis, Math.max(0, Math.round(elapsed(base, nowMillis))));
    }

    /** Periods since the last point of the grid. */
    private float elapsed(int base, long nowMillis) {
        return ((int) nowMillis - state[base + GRID]) / period(base);
    }

    /**
     * Takes a numbered beat.
     *
     * @param device its number, which was {@link #expect expected}
     * @param sequence counts beats, also those that are lost; its lowest 16 bits are used
     * @param nowMillis when it arrived
     */
    public void beat(int device, int sequence, long nowMillis) {
        int base = device * FIELDS;
        int flags = state[base + FLAGS];
        int periods = (short) (sequence - flags);
        boolean known = (flags >>> WARM_SHIFT & WARM_MASK) > 0;
        state[base + FLAGS] = (flags & ~SEQUENCE_MASK) | (sequence & SEQUENCE_MASK);
        float elapsed = elapsed(base, nowMillis);
        boolean plausible = known && periods >= 0 && Math.abs(periods - elapsed) < 2 + 0.1f * elapsed;
        take(device, nowMillis, plausible ? periods : Math.max(0, Math.round(elapsed)));
    }

    private void take(int device, long nowMillis, int periods) {
        int base = device * FIELDS;
        int flags = state[base + FLAGS];
        int warm = flags >>> WARM_SHIFT & WARM_MASK;
        DeviceState was = DeviceState.ofCode(flags >>> STATE_SHIFT & STATE_MASK);
        boolean stillAsleep = was == DeviceState.ASLEEP && state[base + WAKE] - (int) nowMillis > period(base) / 2;
        if (was != DeviceState.ALIVE && !stillAsleep) {
            enter(device, DeviceState.ALIVE, nowMillis, 0);
        }
        if (warm == 0 || warm == RESYNC) {
            if (warm == RESYNC) {
                // Beats lost between waking and the first that arrives are losses like any other.
                law.count(state, base + COUNTS, Math.max(0, Math.round(elapsed(base, nowMillis)) - 1));
            }
            state[base + GRID] = (int) nowMillis;
            warm(base, warm == 0 ? 1 : WARM_BEATS);
        } else if (periods > 0) {
            if ((was != DeviceState.ASLEEP || stillAsleep) && was != DeviceState.OFFLINE) {
                law.count(state, base + COUNTS, periods - 1);
            }
            follow(base, (int) nowMillis, periods, warm);
        }
        if ((state[base + FLAGS] & IN_WHEEL) == 0) {
            arm(device, nowMillis);
        } else if (was != DeviceState.ALIVE) {
            solve(base);
        }
    }

    private void warm(int base, int warm) {
        state[base + FLAGS] = (state[base + FLAGS] & ~(WARM_MASK << WARM_SHIFT)) | warm << WARM_SHIFT;
    }

    /** Moves the grid a little toward the beat; a new device's grid follows at once. */
    private void follow(int base, int now, int periods, int warm) {
        float period = period(base);
        float jitter = Float.intBitsToFloat(state[base + JITTER]);
        float elapsed = now - state[base + GRID];
        float error = elapsed / period - periods;
        if (warm < WARM_BEATS) {
            period += (elapsed / periods - period) / warm;
            jitter += (Math.min(Math.abs(error), 0.2f) - jitter) / (warm + 1);
            state[base + GRID] = now;
            warm(base, warm + 1);
            if (warm + 1 == WARM_BEATS) {
                solve(base);
            }
        } else {
            boolean longGap = periods >= LONG_GAP_PERIODS;
            float limit = longGap ? 0.3f : 4 * jitter;
            float clipped = Math.max(-limit, Math.min(limit, error));
            jitter += 0.01f * (Math.min(Math.abs(clipped), 0.2f) - jitter);
            int predicted = state[base + GRID] + Math.round(periods * period);
            state[base + GRID] = longGap ? now : predicted + Math.round(0.1f * clipped * period);
            period += (longGap ? 0.1f : 0.001f) * clipped * period / periods;
            if ((state[base + COUNTS] >>> 16 & 15) == 0) {
                solve(base);
            }
        }
        state[base + PERIOD] = Float.floatToRawIntBits(period);
        state[base + JITTER] = Float.floatToRawIntBits(jitter);
    }

    private void solve(int base) {
        int misses = parameters.acknowledgedRetries() >= 2 ? 2 : law.misses(state, base + COUNTS, period(base));
        state[base + FLAGS] = (state[base + FLAGS] & ~(MISSES_MASK << MISSES_SHIFT)) | misses << MISSES_SHIFT;
    }

    /**
     * Takes a goodbye: a last will, a disconnect.
     *
     * @param device its number
     * @param nowMillis when it was learned
     */
    public void offline(int device, long nowMillis) {
        enter(device, DeviceState.OFFLINE, nowMillis, 0);
    }

    /**
     * Takes an announcement of sleep from now on.
     *
     * @param device its number
     * @param untilMillis when its first beat after the sleep is due
     * @param nowMillis when it was learned
     * @throws IllegalArgumentException if the sleep is longer than 20 days
     */
    public void sleep(int device, long untilMillis, long nowMillis) {
        sleep(device, nowMillis, untilMillis, nowMillis);
    }

    /**
     * Takes an announcement of sleep, best sent with many beats before it, since any of them may be lost. Until it
     * begins the device is expected to beat. A later announcement replaces an earlier one.
     *
     * @param device its number
     * @param fromMillis when it falls asleep
     * @param untilMillis when its first beat after the sleep is due
     * @param nowMillis when it was learned
     * @throws IllegalArgumentException if the sleep ends more than 20 days from now or before it begins
     */
    public void sleep(int device, long fromMillis, long untilMillis, long nowMillis) {
        if (untilMillis - nowMillis > 20L * 86_400_000 || untilMillis < fromMillis) {
            throw new IllegalArgumentException("sleep from " + fromMillis + " to " + untilMillis + " at " + nowMillis);
        }
        int base = device * FIELDS;
        state[base + WAKE] = (int) untilMillis;
        state[base + BED] = (int) fromMillis;
        if (fromMillis <= nowMillis) {
            fallAsleep(device, nowMillis);
        }
        if ((state[base + FLAGS] & IN_WHEEL) == 0) {
            arm(device, nowMillis);
        }
    }

    private void fallAsleep(int device, long nowMillis) {
        state[device * FIELDS + BED] = state[device * FIELDS + WAKE];
        enter(device, DeviceState.ASLEEP, nowMillis, 0);
    }

    /** Whether a sleep is announced whose time has come. */
    private boolean isBedtime(int base, long nowMillis) {
        return state[base + BED] != state[base + WAKE] && state[base + BED] - (int) nowMillis <= 0;
    }

    /**
     * Gives a device its full patience again from now on, such as after the gateway before it came back.
     *
     * @param device its number
     * @param nowMillis monotonic time
     */
    public void forgive(int device, long nowMillis) {
        int base = device * FIELDS;
        DeviceState was = state(device);
        if (was == DeviceState.OFFLINE || was == DeviceState.ASLEEP) {
            return;
        }
        int whole = Math.max(0, (int) (((int) nowMillis - state[base + GRID]) / period(base)));
        state[base + GRID] += Math.round(whole * period(base));
        int flags = state[base + FLAGS];
        state[base + FLAGS] = (flags & ~SEQUENCE_MASK) | ((flags + whole) & SEQUENCE_MASK);
        enter(device, DeviceState.ALIVE, nowMillis, 0);
        if ((state[base + FLAGS] & IN_WHEEL) == 0) {
            arm(device, nowMillis);
        }
    }

    /**
     * Moves time on and reports what falls due.
     *
     * @param nowMillis monotonic time
     */
    public void advance(long nowMillis) {
        wheel.advance(nowMillis, this::visit);
    }

    private void visit(int[] devices, int count, long nowMillis, long[] nextMillis) {
        for (int i = 0; i < count; i++) {
            int device = devices[i];
            long due = dueMillis(device, nowMillis);
            // What falls due now may be followed at once by what falls due next: suspect, then silent.
            for (int steps = 0; due >= 0 && due <= nowMillis && steps < MOST_STEPS; steps++) {
                escalate(device, nowMillis);
                due = dueMillis(device, nowMillis);
            }
            if (due < 0) {
                state[device * FIELDS + FLAGS] &= ~IN_WHEEL;
            }
            nextMillis[i] = due;
        }
    }

    private void arm(int device, long nowMillis) {
        long due = dueMillis(device, nowMillis);
        if (due >= 0) {
            state[device * FIELDS + FLAGS] |= IN_WHEEL;
            wheel.add(device, due);
        }
    }

    /** When the device is to be looked at next, or -1 if only a beat can change its state. */
    private long dueMillis(int device, long nowMillis) {
        int base = device * FIELDS;
        int flags = state[base + FLAGS];
        return switch (DeviceState.ofCode(flags >>> STATE_SHIFT & STATE_MASK)) {
            case ALIVE ->
                bedOr(
                        base,
                        missedMillis(base, Math.min(2, flags >>> MISSES_SHIFT & MISSES_MASK), nowMillis),
                        nowMillis);
            case SUSPECT -> bedOr(base, missedMillis(base, flags >>> MISSES_SHIFT & MISSES_MASK, nowMillis), nowMillis);
            case ASLEEP -> nowMillis + (state[base + WAKE] - (int) nowMillis);
            default -> -1;
        };
    }

    private long bedOr(int base, long missedMillis, long nowMillis) {
        int bed = state[base + BED];
        return bed == state[base + WAKE] ? missedMillis : Math.min(missedMillis, nowMillis + (bed - (int) nowMillis));
    }

    /** When that many beats are certainly missing: due, and later than jitter and retries explain. */
    private long missedMillis(int base, int misses, long nowMillis) {
        float jitter = Float.intBitsToFloat(state[base + JITTER]);
        int retries = parameters.acknowledgedRetries();
        float slack = Math.max(0.05f, 3 * jitter) + (retries > 0 ? 0.1f * (retries + 1) : 0);
        return nowMillis + (state[base + GRID] - (int) nowMillis) + (long) ((misses + slack) * period(base));
    }

    private void escalate(int device, long nowMillis) {
        int base = device * FIELDS;
        int misses = (int) (((int) nowMillis - state[base + GRID]) / period(base));
        DeviceState was = state(device);
        if ((was == DeviceState.ALIVE || was == DeviceState.SUSPECT) && isBedtime(base, nowMillis)) {
            fallAsleep(device, nowMillis);
            return;
        }
        switch (was) {
            case ALIVE -> enter(device, DeviceState.SUSPECT, nowMillis, misses);
            case SUSPECT -> enter(device, DeviceState.SILENT, nowMillis, misses);
            case ASLEEP -> {
                // The first beat is due at waking: one period after an imagined one.
                state[base + GRID] = state[base + WAKE] - Math.round(period(base));
                warm(base, (state[base + FLAGS] >>> WARM_SHIFT & WARM_MASK) == 0 ? 0 : RESYNC);
                enter(device, DeviceState.ALIVE, nowMillis, 0);
            }
            default -> throw new IllegalStateException("device " + device + " is " + was);
        }
    }

    private void enter(int device, DeviceState to, long nowMillis, int misses) {
        int at = device * FIELDS + FLAGS;
        DeviceState from = DeviceState.ofCode(state[at] >>> STATE_SHIFT & STATE_MASK);
        if (from != to) {
            state[at] = (state[at] & ~(STATE_MASK << STATE_SHIFT)) | to.code() << STATE_SHIFT;
            listener.changed(device, from, to, nowMillis, misses);
        }
    }

    private float period(int base) {
        return Float.intBitsToFloat(state[base + PERIOD]);
    }

    /**
     * The state of a device.
     *
     * @param device its number
     * @return alive, suspect, offline, silent or asleep; alive for a device that was never expected
     */
    public DeviceState state(int device) {
        return DeviceState.ofCode(state[device * FIELDS + FLAGS] >>> STATE_SHIFT & STATE_MASK);
    }

    /**
     * The rhythm that a device was found to have.
     *
     * @param device its number
     * @return milliseconds between beats
     */
    public double periodMillis(int device) {
        return period(device * FIELDS);
    }

    /**
     * How many beats in a row must be missing for {@link DeviceState#SILENT}.
     *
     * @param device its number
     * @return 2 to 200
     */
    public int missesToSilent(int device) {
        return state[device * FIELDS + FLAGS] >>> MISSES_SHIFT & MISSES_MASK;
    }

    /**
     * Makes room for more devices; never shrinks.
     *
     * @param capacity how many at least
     */
    public void grow(int capacity) {
        if (Math.multiplyExact(capacity, FIELDS) > state.length) {
            state = Arrays.copyOf(state, capacity * FIELDS);
        }
    }

    int capacity() {
        return state.length / FIELDS;
    }

    /**
     * How likely a device's next beat is lost, from its own history and the fleet's.
     *
     * @param device its number
     * @param afterLoss whether the beat before it was lost
     * @return above 0, below 1
     */
    public double lossProbability(int device, boolean afterLoss) {
        return law.loss(state, device * FIELDS + COUNTS, afterLoss ? 1 : 0);
    }

    /**
     * Memory in use.
     *
     * @return bytes of all arrays
     */
    public long bytes() {
        return 4L * state.length + wheel.bytes();
    }
}
