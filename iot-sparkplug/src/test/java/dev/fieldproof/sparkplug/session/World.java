package dev.fieldproof.sparkplug.session;

import dev.fieldproof.sparkplug.session.EdgeSession.Phase;
import java.util.ArrayList;
import java.util.List;

/**
 * An edge node, a broker and a host at one moment, with what is under way between them and what is true: a state of the
 * model. Immutable.
 *
 * @param will number of the will that the broker holds; -1 without a connection
 * @param stored number that the node has persisted
 * @param life how many connections there were
 * @param birth how many births were published
 * @param ordinal how many messages since the latest birth
 * @param published devices that were born and not dead in the current birth, by truth of the wire
 * @param transit from the edge node to the host, in order of sending
 * @param commands rebirth requests under way to the node
 * @param states STATE messages under way to the node
 * @param stateMillis timestamp of the host's current connection
 * @param takenBirth birth that the host follows; -1 for none
 * @param takenOrdinal latest message that it took of it
 * @param takenLife connection that the birth belongs to
 * @param asks rebirth requests since the host's latest birth
 * @param millis wall clock
 * @param nanos monotonic clock
 * @param wake whether the node waits for its cool-down
 * @param faults how many may still happen
 */
record World(
        EdgeSession edge,
        HostSession<World.Sent> host,
        int will,
        int stored,
        int life,
        int birth,
        int ordinal,
        List<String> published,
        List<Sent> transit,
        int commands,
        List<State> states,
        long stateMillis,
        int takenBirth,
        int takenOrdinal,
        int takenLife,
        int asks,
        long millis,
        long nanos,
        boolean wake,
        int faults) {
    /** Kinds of message. */
    enum Kind {
        NBIRTH,
        NDEATH,
        DBIRTH,
        DDEATH,
        DATA
    }

    /** A message of the edge node, with the truth of where it belongs. */
    record Sent(Kind kind, int seq, int bdSeq, long millis, int life, int birth, int ordinal) {}

    /** A STATE of the host. */
    record State(boolean online, long millis) {}

    static World initial(int faults) {
        return new World(
                EdgeSession.initial(),
                HostSession.initial(),
                -1,
                -1,
                0,
                0,
                0,
                List.of(),
                List.of(),
                0,
                List.of(),
                1_000,
                -1,
                0,
                -1,
                0,
                1_000,
                0,
                false,
                faults);
    }

    boolean connected() {
        return will >= 0;
    }

    boolean born() {
        return edge.phase() == Phase.BORN;
    }

    /** Changes parts of a world. */
    static final class Change {
        EdgeSession edge;
        HostSession<Sent> host;
        int will;
        int stored;
        int life;
        int birth;
        int ordinal;
        List<String> published;
        List<Sent> transit;
        int commands;
        List<State> states;
        long stateMillis;
        int takenBirth;
        int takenOrdinal;
        int takenLife;
        int asks;
        long millis;
        long nanos;
        boolean wake;
        int faults;

        Change(World from) {
            edge = from.edge;
            host = from.host;
            will = from.will;
            stored = from.stored;
            life = from.life;
            birth = from.birth;
            ordinal = from.ordinal;
            published = new ArrayList<>(from.published);
            transit = new ArrayList<>(from.transit);
            commands = from.commands;
            states = new ArrayList<>(from.states);
            stateMillis = from.stateMillis;
            takenBirth = from.takenBirth;
            takenOrdinal = from.takenOrdinal;
            takenLife = from.takenLife;
            asks = from.asks;
            millis = from.millis;
            nanos = from.nanos;
            wake = from.wake;
            faults = from.faults;
        }

        World done() {
            return new World(
                    edge,
                    host,
                    will,
                    stored,
                    life,
                    birth,
                    ordinal,
                    List.copyOf(published),
                    List.copyOf(transit),
                    commands,
                    List.copyOf(states),
                    stateMillis,
                    takenBirth,
                    takenOrdinal,
                    takenLife,
                    asks,
                    millis,
                    nanos,
                    wake,
                    faults);
        }
    }
}
