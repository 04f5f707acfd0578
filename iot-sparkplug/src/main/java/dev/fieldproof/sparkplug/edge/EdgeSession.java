package dev.fieldproof.sparkplug.edge;

import java.util.ArrayList;
import java.util.List;

/**
 * The lifecycle of an edge node as a pure state machine (Sparkplug 3.0, sections 5.4 to 5.8 and 5.13). What it wants done
 * comes back as effects, in order; it reads no clock and does nothing itself.
 *
 * @param phase how far the session is
 * @param bdSeq number in the will of the latest connection attempt; -1 before the first
 * @param seq number of the next message that carries one
 * @param hostKnown whether a STATE of the primary host was accepted on this connection
 * @param hostOnline what it said
 * @param hostTimestampMillis its timestamp, capped; kept over connections to a single broker
 * @param rebirthAtNanos monotonic time of the latest rebirth; {@link Long#MIN_VALUE} for none
 * @param rebirthDue whether a rebirth waits for the cool-down, during which no data may be sent
 * @param devices those that are up, in order of coming up
 */
record EdgeSession(
        Phase phase,
        int bdSeq,
        int seq,
        boolean hostKnown,
        boolean hostOnline,
        long hostTimestampMillis,
        long rebirthAtNanos,
        boolean rebirthDue,
        List<String> devices) {
    /** How far a session is. */
    enum Phase {
        /** No connection, and none wanted yet. */
        IDLE,
        /** A connection is being made, or waited for. */
        CONNECTING,
        /** Connected and subscribed, waiting for the primary host. */
        WAITING,
        /** Born: data may flow. */
        BORN,
        /** Ended by its owner. */
        CLOSED
    }

    /**
     * The rules that the owner chose.
     *
     * @param awaitHost whether births wait for a primary host
     * @param brokers how many brokers there are to walk
     * @param cooldownNanos shortest time between two rebirths on request
     * @param skewMillis how far ahead of the local clock a STATE timestamp is remembered
     */
    record Rules(boolean awaitHost, int brokers, long cooldownNanos, long skewMillis) {}

    /** What happens to an edge node. */
    sealed interface Event {
        record Start() implements Event {}

        record WillAsked(int bdSeq) implements Event {}

        record Ready() implements Event {}

        record Lost(boolean wasReady) implements Event {}

        record HostSeen(boolean online, long timestampMillis, long nowMillis) implements Event {}

        record RebirthAsked(long nowNanos) implements Event {}

        record CooledDown(long nowNanos) implements Event {}

        record DeviceUp(String id) implements Event {}

        record DeviceDown(String id) implements Event {}

        record DataReady(String device) implements Event {}

        record NextServer() implements Event {}

        record Close() implements Event {}
    }

    /** What an edge node is to do. */
    sealed interface Effect {
        record Open(boolean nextBroker, boolean afterFailure) implements Effect {}

        record Nbirth(int bdSeq, int seq) implements Effect {}

        record Dbirth(String device, int seq) implements Effect {}

        record Ddeath(String device, int seq) implements Effect {}

        record Data(String device, int seq) implements Effect {}

        /** Publish the death certificate, then disconnect. */
        record Leave(int bdSeq) implements Effect {}

        /** Disconnect without ceremony: the session was not born. */
        record Hangup() implements Effect {}

        record WakeIn(long nanos) implements Effect {}
    }

    /** A new state and what is to be done, in order. */
    record Step(EdgeSession session, List<Effect> effects) {}

    /** Device name that stands for the node itself. */
    static final String NODE = "";

    static EdgeSession initial() {
        return new EdgeSession(Phase.IDLE, -1, 0, false, false, Long.MIN_VALUE, Long.MIN_VALUE, false, List.of());
    }

    Step step(Rules rules, Event event) {
        if (phase == Phase.CLOSED) {
            return stay();
        }
        if (event instanceof Event.Start) {
            return phase == Phase.IDLE ? to(Phase.CONNECTING, List.of(new Effect.Open(false, false))) : stay();
        } else if (event instanceof Event.WillAsked asked) {
            return new Step(with(phase, asked.bdSeq(), seq, rebirthAtNanos, rebirthDue, devices), List.of());
        } else if (event instanceof Event.Ready) {
            return ready(rules);
        } else if (event instanceof Event.Lost lost) {
            return lost(rules, lost.wasReady());
        } else if (event instanceof Event.HostSeen seen) {
            return rules.awaitHost() ? hostSeen(rules, seen) : stay();
        } else if (event instanceof Event.RebirthAsked asked) {
            return rebirthAsked(rules, asked.nowNanos());
        } else if (event instanceof Event.CooledDown cooled) {
            return phase == Phase.BORN && rebirthDue ? born(cooled.nowNanos()) : stay();
        } else if (event instanceof Event.DeviceUp up) {
            return deviceUp(up.id());
        } else if (event instanceof Event.DeviceDown down) {
            return deviceDown(down.id());
        } else if (event instanceof Event.DataReady data) {
            return data(data.device());
        } else if (event instanceof Event.NextServer) {
            return leave(rules, Phase.CONNECTING, true);
        } else {
            return leave(rules, Phase.CLOSED, false);
        }
    }

    boolean mayPublish(String device) {
        return phase == Phase.BORN && !rebirthDue && (device.equals(NODE) || devices.contains(device));
    }

    private Step ready(Rules rules) {
        if (phase != Phase.CONNECTING) {
            return stay();
        }
        EdgeSession waiting = with(Phase.WAITING, bdSeq, seq, rebirthAtNanos, false, devices);
        return !rules.awaitHost() || (hostKnown && hostOnline)
                ? waiting.born(rebirthAtNanos)
                : new Step(waiting, List.of());
    }

    private Step lost(Rules rules, boolean wasReady) {
        if (phase == Phase.IDLE || (!wasReady && rules.brokers() == 1 && phase == Phase.CONNECTING)) {
            // The transport itself tries again.
            return stay();
        }
        EdgeSession next = forgetHost(rules).with(Phase.CONNECTING, bdSeq, 0, rebirthAtNanos, false, devices);
        return new Step(next, List.of(new Effect.Hangup(), new Effect.Open(true, true)));
    }

    private Step hostSeen(Rules rules, Event.HostSeen seen) {
        if (phase == Phase.IDLE || seen.timestampMillis() < hostTimestampMillis) {
            return stay();
        }
        // A timestamp far ahead would shut out every honest STATE after it, so it is remembered only up to the skew.
        long capped =
                Math.max(hostTimestampMillis, Math.min(seen.timestampMillis(), seen.nowMillis() + rules.skewMillis()));
        EdgeSession next =
                new EdgeSession(phase, bdSeq, seq, true, seen.online(), capped, rebirthAtNanos, rebirthDue, devices);
        if (seen.online()) {
            return phase == Phase.WAITING ? next.born(rebirthAtNanos) : new Step(next, List.of());
        }
        if (phase == Phase.BORN || (phase == Phase.WAITING && rules.brokers() > 1)) {
            return next.leave(rules, Phase.CONNECTING, true);
        }
        return new Step(next, List.of());
    }

    private Step rebirthAsked(Rules rules, long now) {
        if (phase != Phase.BORN || rebirthDue) {
            return stay();
        }
        long since = now - rebirthAtNanos;
        if (rebirthAtNanos == Long.MIN_VALUE || since >= rules.cooldownNanos()) {
            return born(now);
        }
        return new Step(
                with(phase, bdSeq, seq, rebirthAtNanos, true, devices),
                List.of(new Effect.WakeIn(rules.cooldownNanos() - since)));
    }

    private Step born(long rebirthAt) {
        List<Effect> effects = new ArrayList<>();
        effects.add(new Effect.Nbirth(bdSeq, 0));
        for (int i = 0; i < devices.size(); i++) {
            effects.add(new Effect.Dbirth(devices.get(i), (i + 1) & 0xFF));
        }
        return new Step(with(Phase.BORN, bdSeq, devices.size() + 1 & 0xFF, rebirthAt, false, devices), effects);
    }

    private Step deviceUp(String id) {
        List<String> up = new ArrayList<>(devices);
        if (!up.contains(id)) {
            up.add(id);
        }
        if (phase != Phase.BORN) {
            return new Step(with(phase, bdSeq, seq, rebirthAtNanos, rebirthDue, List.copyOf(up)), List.of());
        }
        return new Step(
                with(phase, bdSeq, seq + 1 & 0xFF, rebirthAtNanos, rebirthDue, List.copyOf(up)),
                List.of(new Effect.Dbirth(id, seq)));
    }

    private Step deviceDown(String id) {
        List<String> up = new ArrayList<>(devices);
        if (!up.remove(id)) {
            return stay();
        }
        if (phase != Phase.BORN) {
            return new Step(with(phase, bdSeq, seq, rebirthAtNanos, rebirthDue, List.copyOf(up)), List.of());
        }
        return new Step(
                with(phase, bdSeq, seq + 1 & 0xFF, rebirthAtNanos, rebirthDue, List.copyOf(up)),
                List.of(new Effect.Ddeath(id, seq)));
    }

    private Step data(String device) {
        if (!mayPublish(device)) {
            return stay();
        }
        return new Step(
                with(phase, bdSeq, seq + 1 & 0xFF, rebirthAtNanos, false, devices),
                List.of(new Effect.Data(device, seq)));
    }

    private Step leave(Rules rules, Phase next, boolean reopen) {
        if (phase == Phase.IDLE) {
            return to(next == Phase.CLOSED ? Phase.CLOSED : Phase.IDLE, List.of());
        }
        List<Effect> effects = new ArrayList<>();
        effects.add(phase == Phase.BORN ? new Effect.Leave(bdSeq) : new Effect.Hangup());
        if (reopen) {
            effects.add(new Effect.Open(true, false));
        }
        return new Step(forgetHost(rules).with(next, bdSeq, 0, rebirthAtNanos, false, devices), effects);
    }

    /** The retained STATE comes again on each connection; a host stamps it for each broker apart. */
    private EdgeSession forgetHost(Rules rules) {
        long timestamp = rules.brokers() > 1 ? Long.MIN_VALUE : hostTimestampMillis;
        return new EdgeSession(phase, bdSeq, seq, false, false, timestamp, rebirthAtNanos, rebirthDue, devices);
    }

    private EdgeSession with(
            Phase phase, int bdSeq, int seq, long rebirthAtNanos, boolean rebirthDue, List<String> devices) {
        return new EdgeSession(
                phase, bdSeq, seq, hostKnown, hostOnline, hostTimestampMillis, rebirthAtNanos, rebirthDue, devices);
    }

    private Step to(Phase next, List<Effect> effects) {
        return new Step(with(next, bdSeq, seq, rebirthAtNanos, rebirthDue, devices), effects);
    }

    private Step stay() {
        return new Step(this, List.of());
    }
}
