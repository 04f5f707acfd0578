package dev.fieldproof.sparkplug.session;

import java.util.ArrayList;
import java.util.List;

/**
 * The lifecycle of an edge node as a pure state machine (Sparkplug 3.0, sections 5.4 to 5.8 and 5.13). What it wants
 * done comes back as effects, in order; it reads no clock and does nothing itself.
 *
 * @param phase how far the session is
 * @param bdSeq number in the will of the latest connection attempt; -1 before the first
 * @param seq number of the next message that carries one
 * @param hostKnown whether a STATE of the primary host was accepted on this connection
 * @param hostOnline what it said
 * @param hostTimestampMillis its timestamp; kept over connections to a single broker
 * @param rebirthAtNanos monotonic time of the latest rebirth; {@link Long#MIN_VALUE} for none
 * @param rebirthDue whether a rebirth waits for the cool-down, during which no data may be sent
 * @param devices those that are up, in order of coming up
 */
public record EdgeSession(
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
    public enum Phase {
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
     * @param skewMillis how far ahead of the local clock a STATE timestamp may be
     * @param plausibleMillis a local clock before this was never set
     */
    public record Rules(boolean awaitHost, int brokers, long cooldownNanos, long skewMillis, long plausibleMillis) {}

    /** What happens to an edge node. */
    public sealed interface Event {
        /** The owner wants a session. */
        record Start() implements Event {}

        /** A connection attempt took a number.
         *
         * @param bdSeq in its will
         */
        record WillAsked(int bdSeq) implements Event {}

        /** Connected, with all subscriptions granted. */
        record Ready() implements Event {}

        /** The connection, or an attempt, failed.
         *
         * @param wasReady whether a new transport is needed
         */
        record Lost(boolean wasReady) implements Event {}

        /** A STATE of the primary host came.
         *
         * @param online what it says
         * @param timestampMillis its timestamp
         * @param nowMillis the local clock
         */
        record HostSeen(boolean online, long timestampMillis, long nowMillis) implements Event {}

        /** A host asked for a rebirth.
         *
         * @param nowNanos monotonic time
         */
        record RebirthAsked(long nowNanos) implements Event {}

        /** The cool-down that was waited for is over.
         *
         * @param nowNanos monotonic time
         */
        record CooledDown(long nowNanos) implements Event {}

        /** A device can be reached, or is to be born again.
         *
         * @param id the device
         */
        record DeviceUp(String id) implements Event {}

        /** A device cannot be reached.
         *
         * @param id the device
         */
        record DeviceDown(String id) implements Event {}

        /** A data message is to be sent.
         *
         * @param device or {@link #NODE}
         */
        record DataReady(String device) implements Event {}

        /** A host orders the walk to the next broker. */
        record NextServer() implements Event {}

        /** The owner ends it. */
        record Close() implements Event {}
    }

    /** What an edge node is to do. */
    public sealed interface Effect {
        /** Make a connection, later if one failed before.
         *
         * @param nextBroker whether to go on to the next
         * @param afterFailure whether to pause first
         */
        record Open(boolean nextBroker, boolean afterFailure) implements Effect {}

        /** Publish NBIRTH.
         *
         * @param bdSeq as in the will of this connection
         * @param seq its sequence number
         */
        record Nbirth(int bdSeq, int seq) implements Effect {}

        /** Publish DBIRTH.
         *
         * @param device which
         * @param seq its sequence number
         */
        record Dbirth(String device, int seq) implements Effect {}

        /** Publish DDEATH.
         *
         * @param device which
         * @param seq its sequence number
         */
        record Ddeath(String device, int seq) implements Effect {}

        /** Publish NDATA or DDATA.
         *
         * @param device or {@link #NODE}
         * @param seq its sequence number
         */
        record Data(String device, int seq) implements Effect {}

        /**
         * Publish the death certificate, then disconnect.
         *
         * @param bdSeq as in the will of this connection
         */
        record Leave(int bdSeq) implements Effect {}

        /** Disconnect without ceremony: the session was not born. */
        record Hangup() implements Effect {}

        /** Send {@link Event.CooledDown} later.
         *
         * @param nanos how much later
         */
        record WakeIn(long nanos) implements Effect {}
    }

    /**
     * A new state and what is to be done, in order.
     *
     * @param session the state
     * @param effects in order
     */
    public record Step(EdgeSession session, List<Effect> effects) {}

    /** Device name that stands for the node itself. */
    public static final String NODE = "";

    /**
     * A node that was never started.
     *
     * @return phase {@link Phase#IDLE}
     */
    public static EdgeSession initial() {
        return new EdgeSession(Phase.IDLE, -1, 0, false, false, Long.MIN_VALUE, Long.MIN_VALUE, false, List.of());
    }

    /**
     * Takes one event.
     *
     * @param rules the owner's choices
     * @param event what happened
     * @return the state after it, and what is to be done
     */
    public Step step(Rules rules, Event event) {
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

    /**
     * Whether data may be sent now.
     *
     * @param device or {@link #NODE}
     * @return false before birth, while a rebirth is due, and for a device that is down
     */
    public boolean mayPublish(String device) {
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
        // A timestamp far ahead would shut out every honest STATE after it. A clock that was never set cannot judge.
        boolean forged = seen.nowMillis() >= rules.plausibleMillis()
                && seen.timestampMillis() > seen.nowMillis() + rules.skewMillis();
        if (phase == Phase.IDLE || forged || seen.timestampMillis() < hostTimestampMillis) {
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
            // Where the host is nowhere online, walking from broker to broker must not become a storm.
            effects.add(new Effect.Open(true, phase != Phase.BORN));
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
