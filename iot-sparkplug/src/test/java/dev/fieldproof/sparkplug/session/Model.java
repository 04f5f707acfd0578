package dev.fieldproof.sparkplug.session;

import dev.fieldproof.sparkplug.session.EdgeSession.Effect;
import dev.fieldproof.sparkplug.session.EdgeSession.Event;
import dev.fieldproof.sparkplug.session.EdgeSession.Phase;
import dev.fieldproof.sparkplug.session.HostSession.Status;
import dev.fieldproof.sparkplug.session.World.Change;
import dev.fieldproof.sparkplug.session.World.Kind;
import dev.fieldproof.sparkplug.session.World.Sent;
import dev.fieldproof.sparkplug.session.World.State;
import java.util.List;

/**
 * An edge node, a broker and a host application, with everything that may go wrong between them. Each action takes the
 * real state machines one step; a broken invariant is a {@link Violation}.
 */
final class Model {
    static final long REORDER_NANOS = 1_000;
    static final long COOLDOWN_NANOS = 2_000;
    static final String DEVICE = "D";
    private static final int MAX_TRANSIT = 4;

    final Mutant mutant;
    final boolean awaitHost;
    private final EdgeSession.Rules edgeRules;
    private final HostSession.Rules hostRules = new HostSession.Rules(REORDER_NANOS, 3);

    /** What the model found to be untrue. */
    static final class Violation extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Violation(String rule) {
            super(rule, null, false, false);
        }
    }

    /** Everything that can happen. */
    enum Action {
        START,
        CONNECT,
        CONNECTION_LOST,
        EDGE_RESTART,
        PUBLISH,
        PUBLISH_DEVICE,
        DEVICE_UP,
        DEVICE_DOWN,
        DELIVER,
        DELIVER_SECOND,
        DELIVER_LAST,
        LOSE,
        DUPLICATE,
        DELIVER_COMMAND,
        LOSE_COMMAND,
        HOST_TIMER,
        HOST_RESTART,
        HOST_RECONNECT,
        DELIVER_STATE,
        DELIVER_SECOND_STATE,
        POISON_STATE,
        CLOCK_BACK,
        COOLED_DOWN
    }

    Model(Mutant mutant, boolean awaitHost) {
        this.mutant = mutant;
        this.awaitHost = awaitHost;
        this.edgeRules = new EdgeSession.Rules(awaitHost, 1, COOLDOWN_NANOS, 10, 0);
    }

    static void require(boolean holds, String rule) {
        if (!holds) {
            throw new Violation(rule);
        }
    }

    boolean allowed(World w, Action action) {
        return allowed(new Change(w), action);
    }

    World apply(World world, Action action) {
        Change w = new Change(world);
        act(w, action);
        return w.done();
    }

    boolean allowed(Change w, Action action) {
        boolean mayFault = w.faults > 0;
        boolean room = w.transit.size() < MAX_TRANSIT;
        return switch (action) {
            case START -> w.edge.phase() == Phase.IDLE;
            case CONNECT -> w.edge.phase() == Phase.CONNECTING && w.will < 0;
            case CONNECTION_LOST, EDGE_RESTART -> mayFault && w.will >= 0 && room;
            case PUBLISH, PUBLISH_DEVICE, DEVICE_UP, DEVICE_DOWN -> w.edge.phase() != Phase.IDLE && room;
            case DELIVER -> !w.transit.isEmpty();
            case DELIVER_SECOND -> mayFault && w.transit.size() > 1 && mayOvertake(w.transit, 1);
            case DELIVER_LAST -> mayFault && w.transit.size() > 2 && mayOvertake(w.transit, w.transit.size() - 1);
            case LOSE, DUPLICATE -> mayFault && !w.transit.isEmpty();
            case DELIVER_COMMAND -> w.commands > 0;
            case LOSE_COMMAND -> mayFault && w.commands > 0;
            case HOST_TIMER -> w.host.deadlineNanos() != Long.MAX_VALUE || mutant == Mutant.TIMER_NOT_STOPPED;
            case HOST_RESTART -> mayFault;
            case HOST_RECONNECT, POISON_STATE -> awaitHost && mayFault && w.states.size() < 3;
            case DELIVER_STATE -> w.will >= 0 && !w.states.isEmpty();
            case DELIVER_SECOND_STATE -> mayFault && w.will >= 0 && w.states.size() > 1;
            case CLOCK_BACK -> mayFault;
            case COOLED_DOWN -> w.wake;
        };
    }

    /**
     * A birth does not overtake what an earlier one began, which version 3 of the protocol could not tell; wills may.
     */
    private static boolean mayOvertake(List<Sent> transit, int index) {
        return transit.get(index).kind() != Kind.NBIRTH
                || transit.subList(0, index).stream().allMatch(sent -> sent.kind() == Kind.NDEATH);
    }

    void act(Change w, Action action) {
        switch (action) {
            case START -> edge(w, new Event.Start());
            case CONNECT -> connect(w);
            case CONNECTION_LOST -> {
                dropConnection(w);
                edge(w, new Event.Lost(true));
                w.faults--;
            }
            case EDGE_RESTART -> restartEdge(w);
            case PUBLISH -> edge(w, new Event.DataReady(EdgeSession.NODE));
            case PUBLISH_DEVICE -> edge(w, new Event.DataReady(DEVICE));
            case DEVICE_UP -> edge(w, new Event.DeviceUp(DEVICE));
            case DEVICE_DOWN -> edge(w, new Event.DeviceDown(DEVICE));
            case DELIVER -> deliver(w, 0);
            case DELIVER_SECOND -> deliverOutOfTurn(w, 1);
            case DELIVER_LAST -> deliverOutOfTurn(w, w.transit.size() - 1);
            case LOSE -> {
                w.transit.remove(0);
                w.faults--;
            }
            case DUPLICATE -> {
                w.transit.add(1, w.transit.get(0));
                w.faults--;
            }
            case DELIVER_COMMAND -> {
                w.commands--;
                rebirthAsked(w);
            }
            case LOSE_COMMAND -> {
                w.commands--;
                w.faults--;
            }
            case HOST_TIMER -> {
                w.nanos += REORDER_NANOS;
                HostModel.step(this, w, new HostSession.Event.Tick<>(w.nanos));
            }
            case HOST_RESTART -> {
                w.host = HostSession.initial();
                w.takenBirth = -1;
                w.takenLife = -1;
                w.asks = 0;
                w.faults--;
            }
            case HOST_RECONNECT -> {
                w.states.add(new State(false, w.stateMillis));
                w.stateMillis += 5;
                w.states.add(new State(true, w.stateMillis));
                w.faults--;
            }
            case DELIVER_STATE -> hostSeen(w, w.states.remove(0));
            case DELIVER_SECOND_STATE -> {
                hostSeen(w, w.states.remove(1));
                w.faults--;
            }
            case POISON_STATE -> {
                w.states.add(new State(false, 1_000_000_000L));
                w.faults--;
            }
            case CLOCK_BACK -> {
                w.millis -= 500;
                w.faults--;
            }
            case COOLED_DOWN -> cooledDown(w);
        }
    }

    private void restartEdge(Change w) {
        dropConnection(w);
        w.edge = EdgeSession.initial();
        w.published.clear();
        if (mutant == Mutant.BD_SEQ_NOT_PERSISTED) {
            w.stored = -1;
        }
        w.faults--;
    }

    HostSession.Rules hostRules() {
        return hostRules;
    }

    private void deliver(Change w, int index) {
        HostModel.receive(this, w, w.transit.remove(index));
    }

    private void deliverOutOfTurn(Change w, int index) {
        deliver(w, index);
        w.faults--;
    }

    private void connect(Change w) {
        if (mutant != Mutant.BD_SEQ_KEPT_OVER_CONNECTIONS || w.stored < 0) {
            w.stored = w.stored + 1 & 0xFF;
        }
        w.will = w.stored;
        w.life++;
        edge(w, new Event.WillAsked(w.stored));
        w.states.clear();
        w.states.add(new State(true, w.stateMillis));
        edge(w, new Event.Ready());
    }

    /** The broker publishes the will; it may arrive late. */
    private static void dropConnection(Change w) {
        w.transit.add(new Sent(Kind.NDEATH, -1, w.will, w.millis, w.life, w.birth, -1));
        w.will = -1;
        w.states.clear();
        w.commands = 0;
        w.wake = false;
    }

    private void hostSeen(Change w, State state) {
        long millis = state.millis();
        boolean known = w.edge.hostTimestampMillis() != Long.MIN_VALUE;
        boolean old = known && millis < w.edge.hostTimestampMillis();
        if (mutant == Mutant.OLD_STATE_COUNTS) {
            millis = Math.max(millis, w.edge.hostTimestampMillis());
        } else if (mutant == Mutant.STATE_MUST_BE_NEWER && millis == w.edge.hostTimestampMillis()) {
            return;
        }
        boolean wasBorn = w.edge.phase() == Phase.BORN;
        if (mutant != Mutant.OFFLINE_STATE_IGNORED || state.online()) {
            edge(w, new Event.HostSeen(state.online(), millis, w.stateMillis));
        }
        if (awaitHost) {
            old |= millis > w.stateMillis + 10 && mutant != Mutant.STATE_POISONED;
            require(!old || wasBorn == (w.edge.phase() == Phase.BORN), "an old STATE changes nothing");
            require(old || state.online() || w.edge.phase() != Phase.BORN, "an offline STATE ends the session");
        }
    }

    private void rebirthAsked(Change w) {
        if (mutant == Mutant.REBIRTH_IGNORED) {
            return;
        }
        boolean due = w.edge.phase() == Phase.BORN;
        int births = w.birth;
        EdgeSession before = w.edge;
        edge(w, new Event.RebirthAsked(w.nanos));
        if (mutant == Mutant.REBIRTH_FORGOTTEN_IN_COOLDOWN && w.edge.rebirthDue()) {
            w.edge = before;
            w.wake = false;
        }
        require(!due || w.birth > births || w.edge.rebirthDue(), "a rebirth request is obeyed, now or after the pause");
    }

    private void cooledDown(Change w) {
        w.wake = false;
        w.nanos += COOLDOWN_NANOS;
        edge(w, new Event.CooledDown(w.nanos));
    }

    /** Steps the edge node, through the mutant if there is one, and puts what it publishes under way. */
    private void edge(Change w, Event event) {
        EdgeSession before = w.edge;
        EdgeSession.Rules rules = mutant == Mutant.BIRTH_WITHOUT_HOST
                ? new EdgeSession.Rules(false, 1, COOLDOWN_NANOS, 10, 0)
                : mutant == Mutant.STATE_POISONED
                        ? new EdgeSession.Rules(awaitHost, 1, COOLDOWN_NANOS, Long.MAX_VALUE / 2, 0)
                        : edgeRules;
        EdgeSession.Step step = EdgeMutants.step(mutant, before, rules, event);
        w.edge = step.session();
        for (Effect effect : step.effects()) {
            carryOut(w, effect);
        }
    }

    private void carryOut(Change w, Effect effect) {
        if (effect instanceof Effect.Nbirth birth) {
            require(w.will >= 0, "births need a connection");
            require(birth.bdSeq() == w.will, "NBIRTH carries the bdSeq of the will");
            require(birth.seq() == 0, "NBIRTH begins at sequence number 0");
            require(!awaitHost || w.edge.hostOnline(), "births wait for the primary host");
            w.birth++;
            w.ordinal = 0;
            w.published.clear();
            w.published.add(EdgeSession.NODE);
            send(w, Kind.NBIRTH, 0, birth.bdSeq());
        } else if (effect instanceof Effect.Dbirth birth) {
            require(w.published.contains(EdgeSession.NODE), "a node is born before its devices");
            w.published.remove(birth.device());
            w.published.add(birth.device());
            send(w, Kind.DBIRTH, birth.seq(), -1);
        } else if (effect instanceof Effect.Ddeath death) {
            require(w.published.remove(death.device()), "a device that dies was born");
            send(w, Kind.DDEATH, death.seq(), -1);
        } else if (effect instanceof Effect.Data data) {
            require(w.published.contains(data.device()), "data follows a birth");
            require(!w.edge.rebirthDue(), "no data while a rebirth is due");
            send(w, Kind.DATA, data.seq(), -1);
        } else if (effect instanceof Effect.Leave leave) {
            if (mutant != Mutant.LEAVES_WITHOUT_NDEATH) {
                w.transit.add(new Sent(Kind.NDEATH, -1, leave.bdSeq(), w.millis, w.life, w.birth, -1));
            }
            leaveBroker(w);
        } else if (effect instanceof Effect.Hangup) {
            leaveBroker(w);
        } else if (effect instanceof Effect.WakeIn) {
            w.wake = true;
        }
    }

    private static void leaveBroker(Change w) {
        w.will = -1;
        w.published.clear();
        w.states.clear();
        w.commands = 0;
        w.wake = false;
    }

    private void send(Change w, Kind kind, int seq, int bdSeq) {
        require(seq == (w.ordinal & 0xFF), "sequence numbers count up by one from the birth and wrap after 255");
        w.transit.add(new Sent(kind, seq, bdSeq, ++w.millis, w.life, w.birth, w.ordinal));
        w.ordinal++;
    }

    /** Without further faults everything comes right: births are taken, nothing waits, values are current. */
    void requireConvergence(World world) {
        World w = new World.Change(world).done();
        for (int round = 0; round < 16; round++) {
            for (Action action : List.of(Action.START, Action.CONNECT)) {
                w = allowed(w, action) ? apply(w, action) : w;
            }
            w = drain(w);
            w = apply(w, Action.PUBLISH);
            w = drain(w);
            if (w.host().deadlineNanos() != Long.MAX_VALUE) {
                w = apply(w, Action.HOST_TIMER);
            }
            if (w.host().asked() && w.host().status() != Status.ONLINE && w.commands() == 0 && w.connected()) {
                // The budget asks again after a pause.
                Change again = new Change(w);
                again.commands = mutant == Mutant.GAP_NOT_ASKED_FOR ? 0 : 1;
                w = again.done();
            }
            w = drain(w);
            if (w.edge().rebirthDue() && w.wake()) {
                w = apply(w, Action.COOLED_DOWN);
            }
            w = drain(w);
        }
        require(w.born(), "in the end the node is born");
        require(w.host().status() == Status.ONLINE, "in the end the host knows it");
        if (w.takenBirth() != w.birth()) {
            // Its birth was lost and the numbers happen to fit: version 3 of the protocol cannot tell.
            require(
                    w.takenBirth() < w.birth()
                            && w.host().expected() == w.edge().seq(),
                    "the host follows the birth");
            return;
        }
        require(w.takenOrdinal() == w.ordinal() - 1, "in the end the host has taken everything");
        World end = w;
        Change closing = new Change(end);
        edge(closing, new Event.Close());
        World closed = drain(closing.done());
        require(closed.host().status() == Status.OFFLINE, "a node that leaves is dead to the host");
    }

    private World drain(World from) {
        World w = from;
        for (int i = 0; i < 64; i++) {
            Action next = !w.states().isEmpty() && w.connected()
                    ? Action.DELIVER_STATE
                    : !w.transit().isEmpty() ? Action.DELIVER : w.commands() > 0 ? Action.DELIVER_COMMAND : null;
            if (next == null) {
                return w;
            }
            w = apply(w, next);
        }
        return w;
    }
}
