package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.benchmarks.rival.PhiAccrual;
import dev.fieldproof.core.health.DeviceState;
import dev.fieldproof.core.health.SilenceDetector;
import dev.fieldproof.core.sim.SimBeats;
import dev.fieldproof.core.sim.SimBeats.Channel;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/**
 * False alarms per device-year awake, and the delay from a device's death to the alarm, of detectors on the same
 * traces: beats every 60 s, 120 device-years for the alarms (ten for the rivals, who ring all the time) and 1,500
 * deaths for the delays, seeds 42,000,126 + 7,919 per device.
 */
final class SilenceTrials {
    private static final double PERIOD = 60_000;
    private static final double YEAR_MILLIS = 365.25 * 86_400_000;
    private static final int DEVICES = 120;
    private static final int RIVAL_DEVICES = 10;
    private static final int DEATHS = 1500;
    private static final int WARM_BEATS = 2000;
    private static final int MOST_PERIODS = 400;
    private static final long SEED = 42_000_126;
    private static final long STRIDE = 7919;
    private static final double NORMAL_95 = 1.96;

    /**
     * What a trial found: false alarms in some device-years, the median delay of deaths in periods, and the upper end
     * of its 95 % interval.
     */
    record Score(double alarms, double years, double medianPeriods, double mostMedianPeriods) {
        /** The interval of the median is that of its ranks. */
        static Score of(double alarms, double years, double[] delays) {
            double[] sorted = delays.clone();
            Arrays.sort(sorted);
            int most = (int) Math.ceil(sorted.length / 2.0 + NORMAL_95 * Math.sqrt(sorted.length) / 2);
            return new Score(alarms, years, sorted[sorted.length / 2], sorted[most]);
        }

        double alarmsPerYear() {
            return alarms / years;
        }

        /** The upper end of the 95 % interval of the rate. */
        double mostAlarmsPerYear() {
            return most(alarms) / years;
        }
    }

    /** How devices beat. */
    record Life(Channel channel, int retries, int awakeBeats, int asleepPeriods) {
        static Life of(Channel channel) {
            return new Life(channel, 0, Integer.MAX_VALUE, 0);
        }

        SimBeats beats(int device) {
            return new SimBeats(SEED + device * STRIDE, channel, PERIOD, retries, awakeBeats, asleepPeriods);
        }

        boolean sleeps() {
            return asleepPeriods > 0;
        }
    }

    /** A detector that is asked at the end of each gap whether it would have alarmed in it. */
    interface GapDetector {
        boolean isAvailable(long nowMillis);

        void beat(long nowMillis);
    }

    private SilenceTrials() {}

    /** The upper end of the 95 % interval of what was counted once (Poisson; Wilson and Hilferty 1931). */
    static double most(double counted) {
        double k = counted + 1;
        return k * Math.pow(1 - 1 / (9 * k) + NORMAL_95 / (3 * Math.sqrt(k)), 3);
    }

    static GapDetector phi() {
        PhiAccrual detector = new PhiAccrual(8, 100, 500, 3000, (long) PERIOD);
        return new GapDetector() {
            @Override
            public boolean isAvailable(long nowMillis) {
                return detector.isAvailable(nowMillis);
            }

            @Override
            public void beat(long nowMillis) {
                detector.beat(nowMillis);
            }
        };
    }

    static GapDetector fixed(double periods) {
        long[] last = {Long.MAX_VALUE};
        return new GapDetector() {
            @Override
            public boolean isAvailable(long nowMillis) {
                return nowMillis - last[0] < periods * PERIOD;
            }

            @Override
            public void beat(long nowMillis) {
                last[0] = nowMillis;
            }
        };
    }

    static Score ours(Life life) {
        double[] silent = new double[DEATHS];
        if (!life.sleeps()) {
            deaths(life, silent);
        }
        return falseAlarms(life, silent);
    }

    private static Score falseAlarms(Life life, double[] delays) {
        int[] alarms = new int[1];
        double warm = WARM_BEATS * PERIOD;
        double end = warm + YEAR_MILLIS;
        SilenceDetector detector = detector(life, DEVICES, (device, from, to, at, misses) -> {
            alarms[0] += to == DeviceState.SILENT && at > warm ? 1 : 0;
        });
        SimBeats[] beats = start(life, DEVICES, detector);
        long awake = 0;
        for (double now = 0; now < end; now += PERIOD / 20) {
            for (int device = 0; device < DEVICES; device++) {
                int heard = hear(life, device, beats[device], detector, now);
                awake += now > warm ? heard : 0;
            }
            detector.advance((long) now);
        }
        return Score.of(alarms[0], awake * PERIOD / YEAR_MILLIS, delays);
    }

    private static SilenceDetector detector(Life life, int devices, SilenceDetector.Listener listener) {
        return new SilenceDetector(devices, new SilenceDetector.Parameters(0.5, life.retries()), listener);
    }

    private static SimBeats[] start(Life life, int devices, SilenceDetector detector) {
        SimBeats[] beats = new SimBeats[devices];
        for (int device = 0; device < devices; device++) {
            beats[device] = life.beats(device);
            beats[device].next();
            detector.expect(device, (int) PERIOD, 0);
        }
        return beats;
    }

    /** Plays what a device sends until now; returns how many beats were due. */
    private static int hear(Life life, int device, SimBeats beats, SilenceDetector detector, double now) {
        int due = 0;
        while (beats.dueMillis() <= now && !(beats.arrivalMillis() > now)) {
            if (!Double.isNaN(beats.arrivalMillis())) {
                long arrival = (long) beats.arrivalMillis();
                detector.beat(device, beats.sequence(), arrival);
                if (life.sleeps()) {
                    long bed = (long) (beats.dueMillis() + (beats.beatsUntilSleep() + 0.5) * PERIOD);
                    detector.sleep(device, bed, (long) beats.wakeMillis(), arrival);
                }
            }
            beats.next();
            due++;
        }
        return due;
    }

    private static void deaths(Life life, double[] silent) {
        double[] died = new double[DEATHS];
        double end = WARM_BEATS * PERIOD;
        SilenceDetector detector = detector(life, DEATHS, (device, from, to, at, misses) -> {
            if (died[device] > 0 && to == DeviceState.SILENT) {
                silent[device] = Math.max(0, (at - died[device]) / PERIOD);
            }
        });
        SimBeats[] beats = start(life, DEATHS, detector);
        double now = 0;
        for (; now < end; now += PERIOD / 10) {
            for (int device = 0; device < DEATHS; device++) {
                hear(life, device, beats[device], detector, now);
            }
            detector.advance((long) now);
        }
        SplittableRandom random = new SplittableRandom(SEED);
        for (int device = 0; device < DEATHS; device++) {
            // It dies somewhere between two beats, the last of which was sent at or before the end.
            died[device] = beats[device].dueMillis() - PERIOD + random.nextDouble() * PERIOD;
        }
        for (double stop = now + MOST_PERIODS * PERIOD; now < stop; now += 500) {
            detector.advance((long) now);
        }
    }

    static Score gaps(Life life, IntFunction<GapDetector> detectors) {
        long alarms = 0;
        double awakeMillis = 0;
        double warm = WARM_BEATS * PERIOD;
        for (int device = 0; device < RIVAL_DEVICES; device++) {
            GapDetector detector = detectors.apply(device);
            SimBeats beats = life.beats(device);
            for (beats.next(); beats.dueMillis() < warm + YEAR_MILLIS; beats.next()) {
                awakeMillis += beats.dueMillis() > warm ? PERIOD : 0;
                if (!Double.isNaN(beats.arrivalMillis())) {
                    long arrival = (long) beats.arrivalMillis();
                    alarms += beats.dueMillis() > warm && !detector.isAvailable(arrival) ? 1 : 0;
                    detector.beat(arrival);
                }
            }
        }
        double[] delays = new double[DEATHS];
        SplittableRandom random = new SplittableRandom(SEED);
        for (int device = 0; device < DEATHS; device++) {
            GapDetector detector = detectors.apply(device);
            SimBeats beats = life.beats(device);
            for (beats.next(); beats.dueMillis() < WARM_BEATS / 4 * PERIOD; beats.next()) {
                if (!Double.isNaN(beats.arrivalMillis())) {
                    detector.beat((long) beats.arrivalMillis());
                }
            }
            double died = beats.dueMillis() - PERIOD + random.nextDouble() * PERIOD;
            double now = died;
            while (detector.isAvailable((long) now) && now < died + MOST_PERIODS * PERIOD) {
                now += PERIOD / 50;
            }
            delays[device] = (now - died) / PERIOD;
        }
        return Score.of((double) alarms, awakeMillis / YEAR_MILLIS, delays);
    }
}
