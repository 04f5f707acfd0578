package dev.fieldproof.core.health;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.IntFunction;

/**
 * The signals that devices promised to send once per period: which stopped, by the law of silence, and which froze.
 * A device is wedged as long as one of its signals is. Not thread-safe.
 */
final class PromisedSignals {
    private final SilenceDetector.Parameters parameters;
    private final SilenceDetector silence;
    private final Changed changed;
    private final Map<String, Signal> byName = new HashMap<>();
    private final List<Signal> signals = new ArrayList<>();
    private final Map<Integer, List<Signal>> ofDevice = new HashMap<>();
    /** Of each wedged device, what is wrong with which of its signals, in order of appearance. */
    private final Map<Integer, Map<Integer, String>> wedged = new HashMap<>();

    private record Signal(int number, int device, String name, FrozenSignal frozen) {}

    /** Told when a device may have become wedged, or no longer is. */
    interface Changed {
        void changed(int device, long atMillis);
    }

    PromisedSignals(SilenceDetector.Parameters parameters, Changed changed) {
        this.parameters = parameters;
        this.changed = changed;
        silence = new SilenceDetector(1, parameters, this::heardOrNot);
    }

    /** Takes a sample; a signal that was never heard of is promised from now on. */
    void sample(int device, DeviceProfile profile, String name, double value, OptionalLong witness, long nowMillis) {
        int periodMillis = (int) profile.period().toMillis();
        Signal signal = byName.computeIfAbsent(profile.deviceId() + '\0' + name, key -> {
            FrozenSignal frozen = new FrozenSignal(periodMillis, parameters.alarmsPerYear());
            Signal fresh = new Signal(signals.size(), device, name, frozen);
            signals.add(fresh);
            ofDevice.computeIfAbsent(device, d -> new ArrayList<>(1)).add(fresh);
            if (signals.size() > silence.capacity()) {
                silence.grow(signals.size() + (signals.size() >> 1));
            }
            silence.expect(fresh.number(), periodMillis, nowMillis);
            return fresh;
        });
        FrozenSignal frozen = signal.frozen();
        boolean was = frozen.isFrozen();
        boolean is = witness.isPresent() ? frozen.sample(value, witness.getAsLong()) : frozen.sample(value);
        if (is && !was) {
            blame(signal, name + " has been " + value + " for " + frozen.run() + " samples");
        } else if (was && !is) {
            clear(signal);
        }
        silence.beat(signal.number(), nowMillis);
        changed.changed(device, nowMillis);
    }

    private void heardOrNot(int number, DeviceState from, DeviceState to, long atMillis, int misses) {
        Signal signal = signals.get(number);
        if (to == DeviceState.SILENT) {
            blame(signal, signal.name() + " stopped, " + misses + " samples are missing");
        } else if (from == DeviceState.SILENT && !signal.frozen().isFrozen()) {
            clear(signal);
        }
        changed.changed(signal.device(), atMillis);
    }

    /** Gives the signals of a device their full patience again, which was silent, asleep or unreachable as a whole. */
    void resume(int device, long nowMillis) {
        for (Signal signal : ofDevice.getOrDefault(device, List.of())) {
            silence.forgive(signal.number(), nowMillis);
        }
    }

    private void blame(Signal signal, String what) {
        wedged.computeIfAbsent(signal.device(), device -> new LinkedHashMap<>()).put(signal.number(), what);
    }

    private void clear(Signal signal) {
        wedged.computeIfPresent(signal.device(), (device, reasons) -> {
            reasons.remove(signal.number());
            return reasons.isEmpty() ? null : reasons;
        });
    }

    boolean isWedged(int device) {
        return wedged.containsKey(device);
    }

    /** What is wrong with the signals of a device; empty if nothing is. */
    String evidence(int device) {
        return String.join("; ", wedged.getOrDefault(device, Map.of()).values());
    }

    void advance(long nowMillis) {
        silence.advance(nowMillis);
    }

    /** Signals that take more equal samples than that to be told frozen. */
    List<String> slowToTell(int samples, IntFunction<String> deviceIds) {
        return signals.stream()
                .filter(signal -> signal.frozen().samplesToTell() > samples)
                .map(signal -> deviceIds.apply(signal.device()) + "/" + signal.name())
                .toList();
    }

    long bytes() {
        return silence.bytes();
    }
}
