package dev.fieldproof.core.health;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/**
 * What state, site and cohort each device is shown with, in primitive arrays of 9 bytes per device, so that a question
 * about a million devices is a walk through memory of a millisecond or two. Not thread-safe.
 */
final class FleetIndex {
    private static final int STATES = DeviceState.values().length;
    private static final int ANY = -1;
    private static final int NONE = -2;

    private byte[] states = {};
    private final Names sites = new Names();
    private final Names cohorts = new Names();
    private final int[] counts = new int[STATES];
    private int devices;

    /** A number for each name that occurs, and the number of each device's. */
    private static final class Names {
        private final Map<String, Integer> numbers = new HashMap<>();
        private final List<String> names = new ArrayList<>();
        private int[] of = {};

        void set(int device, String name) {
            of[device] = numbers.computeIfAbsent(name, fresh -> {
                names.add(fresh);
                return names.size() - 1;
            });
        }

        int number(Optional<String> name) {
            return name.isEmpty() ? ANY : numbers.getOrDefault(name.get(), NONE);
        }
    }

    void grow(int capacity) {
        states = Arrays.copyOf(states, capacity);
        sites.of = Arrays.copyOf(sites.of, capacity);
        cohorts.of = Arrays.copyOf(cohorts.of, capacity);
    }

    /** Adds the next device, alive. */
    void add(DeviceProfile profile) {
        states[devices] = (byte) DeviceState.ALIVE.code();
        counts[DeviceState.ALIVE.code()]++;
        move(devices++, profile);
    }

    /** Notes where a device stands. */
    void move(int device, DeviceProfile profile) {
        sites.set(device, profile.site());
        cohorts.set(device, profile.cohort());
    }

    DeviceState state(int device) {
        return DeviceState.ofCode(states[device]);
    }

    void show(int device, DeviceState state) {
        counts[states[device]]--;
        counts[state.code()]++;
        states[device] = (byte) state.code();
    }

    int count(DeviceState state) {
        return counts[state.code()];
    }

    /** Visits the devices of a state, a site and a cohort, each of which may be left open, in order of registration. */
    void find(Optional<DeviceState> state, Optional<String> site, Optional<String> cohort, IntConsumer found) {
        int wantedState = state.map(DeviceState::code).orElse(ANY);
        int wantedSite = sites.number(site);
        int wantedCohort = cohorts.number(cohort);
        for (int device = 0; device < devices; device++) {
            if ((wantedState == ANY || states[device] == wantedState)
                    && (wantedSite == ANY || sites.of[device] == wantedSite)
                    && (wantedCohort == ANY || cohorts.of[device] == wantedCohort)) {
                found.accept(device);
            }
        }
    }

    Map<String, Map<DeviceState, Integer>> bySite() {
        return tally(sites);
    }

    Map<String, Map<DeviceState, Integer>> byCohort() {
        return tally(cohorts);
    }

    private Map<String, Map<DeviceState, Integer>> tally(Names names) {
        int[] tally = new int[STATES * names.names.size()];
        for (int device = 0; device < devices; device++) {
            tally[STATES * names.of[device] + states[device]]++;
        }
        Map<String, Map<DeviceState, Integer>> byName = new TreeMap<>();
        for (int name = 0; name < names.names.size(); name++) {
            EnumMap<DeviceState, Integer> states = new EnumMap<>(DeviceState.class);
            for (DeviceState state : DeviceState.values()) {
                int count = tally[STATES * name + state.code()];
                if (count > 0) {
                    states.put(state, count);
                }
            }
            if (!states.isEmpty()) {
                byName.put(names.names.get(name), states);
            }
        }
        return byName;
    }

    long bytes() {
        return 9L * states.length;
    }
}
