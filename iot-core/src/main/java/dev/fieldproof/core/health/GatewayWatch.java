package dev.fieldproof.core.health;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntToLongFunction;

/**
 * Tells a gateway that died from devices that did, and a site from its gateways. Each child is judged once per period,
 * a tenth of it after its beat is due, as evidence for or against its gateway ({@link CommonCause}). When all gateways
 * of a site are down the site is; where a site has several gateways, an alarm of one waits a tenth of a period for the
 * others. Not thread-safe.
 */
final class GatewayWatch {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final double SLACK_PERIODS = 0.1;
    private static final double HOLD_PERIODS = 0.1;
    private static final int WHEEL_SLOTS = 1024;
    private static final int TICK_MILLIS = 64;
    private static final int NONE = -1;
    private static final byte UNHEARD = 0;
    private static final byte HEARD = 1;
    private static final byte SILENT_BEFORE = 2;

    private final SilenceDetector silence;
    private final Consumer<HealthEvent> events;
    private final IntToLongFunction heardAt;
    private final PromisedSignals.Changed reachable;
    private final CommonCause cause = new CommonCause();
    private final DeadlineWheel wheel = new DeadlineWheel(WHEEL_SLOTS, TICK_MILLIS);
    private final Map<String, Gateway> byId = new HashMap<>();
    private final List<Gateway> gateways = new ArrayList<>();
    private final Map<String, List<Gateway>> sites = new HashMap<>();
    private final TreeMap<String, Integer> sitesDown = new TreeMap<>();
    private final List<Gateway> held = new ArrayList<>();
    private int[] gatewayOf = {};
    private long[] judgedUntilMillis = {};
    private boolean[] missedLast = {};
    private boolean[] everHeard = {};
    /** Whether it was heard and that is still to be judged. */
    private boolean[] unjudged = {};
    /** What is known of each device since its gateway went down last. */
    private byte[] outage = {};

    private static final class Gateway {
        private final String id;
        private final int number;
        private final String site;
        private final List<Integer> children = new ArrayList<>();
        private boolean announced;
        private long heardMillis;
        private long holdUntilMillis;

        Gateway(String id, int number, String site) {
            this.id = id;
            this.number = number;
            this.site = site;
        }
    }

    /**
     * Makes a watch over no gateway.
     *
     * @param heardAt when a device was last heard, in milliseconds
     * @param reachable told of each device whose gateway went down or came back
     */
    GatewayWatch(
            SilenceDetector silence,
            Consumer<HealthEvent> events,
            IntToLongFunction heardAt,
            PromisedSignals.Changed reachable) {
        this.silence = silence;
        this.events = events;
        this.heardAt = heardAt;
        this.reachable = reachable;
    }

    void grow(int capacity) {
        int before = gatewayOf.length;
        gatewayOf = Arrays.copyOf(gatewayOf, capacity);
        Arrays.fill(gatewayOf, before, capacity, NONE);
        judgedUntilMillis = Arrays.copyOf(judgedUntilMillis, capacity);
        missedLast = Arrays.copyOf(missedLast, capacity);
        everHeard = Arrays.copyOf(everHeard, capacity);
        unjudged = Arrays.copyOf(unjudged, capacity);
        outage = Arrays.copyOf(outage, capacity);
    }

    /** Puts a device behind a gateway; a gateway's site is that of the device that was first behind it. */
    void join(int device, String gatewayId, String site, long now) {
        leave(device);
        Gateway gateway = byId.computeIfAbsent(gatewayId, id -> {
            Gateway fresh = new Gateway(id, gateways.size(), site);
            gateways.add(fresh);
            cause.add(fresh.number);
            if (!site.isEmpty()) {
                sites.computeIfAbsent(site, s -> new ArrayList<>()).add(fresh);
            }
            return fresh;
        });
        gateway.children.add(device);
        boolean inWheel = judgedUntilMillis[device] != 0;
        gatewayOf[device] = gateway.number;
        wheel.start(now);
        judgedUntilMillis[device] = now + lateMillis(device);
        if (!inWheel) {
            wheel.add(device, judgedUntilMillis[device]);
        }
    }

    void leave(int device) {
        if (gatewayOf[device] != NONE) {
            gateways.get(gatewayOf[device]).children.remove((Integer) device);
            gatewayOf[device] = NONE;
        }
    }

    private long lateMillis(int device) {
        return Math.max(1, (long) (silence.periodMillis(device) * (1 + SLACK_PERIODS)));
    }

    /** Whether a device's gateway is down and nothing was heard of the device since. */
    boolean isUnreachable(int device) {
        return gatewayOf[device] != NONE && cause.isDown(gatewayOf[device]) && outage[device] != HEARD;
    }

    void heard(int device, long now) {
        boolean first = !everHeard[device];
        everHeard[device] = true;
        outage[device] = HEARD;
        if (gatewayOf[device] != NONE) {
            Gateway gateway = gateways.get(gatewayOf[device]);
            unjudged[device] = !first;
            if (first) {
                // Its phase is known from here on, and its next beat is the first to be judged.
                judgedUntilMillis[device] = now + lateMillis(device);
            }
            if (cause.isDown(gateway.number)) {
                judgedUntilMillis[device] = now + lateMillis(device);
                creditBeat(gateway, device, now);
            }
            if (!cause.isDown(gateway.number)) {
                gateway.heardMillis = now;
            }
        }
    }

    private void creditBeat(Gateway gateway, int device, long now) {
        boolean changed = cause.beat(gateway.number, silence.lossProbability(device, missedLast[device]));
        missedLast[device] = false;
        unjudged[device] = false;
        if (changed) {
            up(gateway, now);
        }
    }

    void advance(long now) {
        wheel.advance(now, this::judge);
        held.removeIf(gateway -> {
            boolean waits = now < gateway.holdUntilMillis;
            if (!waits) {
                announce(gateway, now);
            }
            return !waits;
        });
    }

    /**
     * Judges each child once per period, when its beat is due and a slack has passed: as a beat if it was heard since,
     * else as a miss. Beats wait for that too while the gateway is up, or children that beat all at once would first
     * give all their beats and then all their misses.
     */
    private void judge(int[] devices, int count, long now, long[] nextMillis) {
        for (int i = 0; i < count; i++) {
            int device = devices[i];
            boolean due = judgedUntilMillis[device] <= now;
            if (gatewayOf[device] != NONE && due && unjudged[device]) {
                creditBeat(gateways.get(gatewayOf[device]), device, now);
                judgedUntilMillis[device] = Math.max(now + 1, heardAt.applyAsLong(device) + lateMillis(device));
            } else if (gatewayOf[device] != NONE && due && everHeard[device] && isExpectedToBeat(device)) {
                Gateway gateway = gateways.get(gatewayOf[device]);
                double loss = silence.lossProbability(device, missedLast[device]);
                missedLast[device] = true;
                if (cause.miss(gateway.number, loss)) {
                    down(gateway, now);
                }
            }
            if (judgedUntilMillis[device] <= now) {
                judgedUntilMillis[device] += Math.max(1, (long) silence.periodMillis(device));
            }
            boolean watched = gatewayOf[device] != NONE;
            nextMillis[i] = watched ? judgedUntilMillis[device] : -1;
            judgedUntilMillis[device] = watched ? judgedUntilMillis[device] : 0;
        }
    }

    private boolean isExpectedToBeat(int device) {
        DeviceState state = silence.state(device);
        return state != DeviceState.ASLEEP && state != DeviceState.OFFLINE;
    }

    private void down(Gateway gateway, long now) {
        for (int device : gateway.children) {
            outage[device] = silence.state(device) == DeviceState.SILENT ? SILENT_BEFORE : UNHEARD;
            reachable.changed(device, now);
        }
        List<Gateway> neighbours = sites.getOrDefault(gateway.site, List.of());
        if (neighbours.size() > 1 && neighbours.stream().allMatch(g -> cause.isDown(g.number))) {
            siteDown(gateway.site, neighbours, now);
        } else if (neighbours.size() > 1) {
            double period = gateway.children.isEmpty() ? 0 : silence.periodMillis(gateway.children.get(0));
            gateway.holdUntilMillis = now + (long) (HOLD_PERIODS * period);
            held.add(gateway);
        } else {
            announce(gateway, now);
        }
    }

    private void announce(Gateway gateway, long now) {
        if (gateway.announced || !cause.isDown(gateway.number) || sitesDown.containsKey(gateway.site)) {
            return;
        }
        gateway.announced = true;
        long missing =
                gateway.children.stream().filter(device -> missedLast[device]).count();
        events.accept(new HealthEvent.GatewayDown(
                gateway.id,
                now * NANOS_PER_MILLI,
                Math.min(now, gateway.heardMillis) * NANOS_PER_MILLI,
                gateway.children.size(),
                String.format(
                        Locale.ROOT,
                        "the beats of %d of %d devices behind it are missing together",
                        missing,
                        gateway.children.size()),
                "beats of the devices behind it"));
    }

    private void siteDown(String site, List<Gateway> neighbours, long now) {
        sitesDown.put(site, neighbours.size());
        held.removeAll(neighbours);
        long heard = neighbours.stream().mapToLong(g -> g.heardMillis).max().orElse(now);
        events.accept(new HealthEvent.SiteDown(
                site,
                now * NANOS_PER_MILLI,
                Math.min(now, heard) * NANOS_PER_MILLI,
                neighbours.size(),
                "all " + neighbours.size() + " gateways of the site are down",
                "beats through any of its gateways"));
    }

    private void up(Gateway gateway, long now) {
        held.remove(gateway);
        if (sitesDown.remove(gateway.site) != null) {
            events.accept(new HealthEvent.SiteUp(
                    gateway.site,
                    now * NANOS_PER_MILLI,
                    now * NANOS_PER_MILLI,
                    "devices beat again through " + gateway.id,
                    "nothing to clear"));
            for (Gateway other : sites.getOrDefault(gateway.site, List.of())) {
                if (cause.isDown(other.number) && !other.announced) {
                    other.holdUntilMillis = now + lateMillis(other);
                    held.add(other);
                }
            }
        }
        for (int device : gateway.children) {
            if (outage[device] != SILENT_BEFORE) {
                silence.forgive(device, now);
            }
            double period = silence.periodMillis(device);
            double late = Math.max(0, now + 2 * SLACK_PERIODS * period - judgedUntilMillis[device]);
            // Each keeps its own phase, or those that miss next would be counted all at once.
            judgedUntilMillis[device] += (long) (Math.ceil(late / period) * period);
            missedLast[device] = false;
            reachable.changed(device, now);
        }
        if (gateway.announced) {
            gateway.announced = false;
            events.accept(new HealthEvent.GatewayUp(
                    gateway.id,
                    now * NANOS_PER_MILLI,
                    now * NANOS_PER_MILLI,
                    "the devices behind it beat again",
                    "nothing to clear"));
        }
    }

    private long lateMillis(Gateway gateway) {
        return gateway.children.isEmpty() ? 0 : lateMillis(gateway.children.get(0));
    }

    /** Gateways that are down, with the number of devices behind each. */
    Map<String, Integer> gatewaysDown() {
        TreeMap<String, Integer> down = new TreeMap<>();
        for (Gateway gateway : gateways) {
            if (cause.isDown(gateway.number)) {
                down.put(gateway.id, gateway.children.size());
            }
        }
        return down;
    }

    /** Sites that are down, with the number of gateways of each. */
    Map<String, Integer> sitesDown() {
        return sitesDown;
    }

    long bytes() {
        return wheel.bytes() + 16L * gatewayOf.length;
    }
}
