package dev.fieldproof.crdt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Visits every history of one owned key in a small scope: its owner, whose clock is in 1970, right, or far ahead, and
 * who forgets its memory at every restart; a gateway; and the cloud. At most six writes, three restarts, twelve steps.
 * In no state may two replicas disagree once they have merged, and none may show anything but the owner's latest
 * surviving write. Faulty orders, known from the field, have to be found out.
 */
class OwnerOrderExplorerTest {
    private static final int MAX_WRITES = 6;
    private static final int MAX_RESTARTS = 3;
    private static final int DEPTH = 12;
    private static final int[] CLOCKS = {0, 1000, 9000};

    /** One write: its number in the order of the owner's writing, which no order may look at, and what stamps it. */
    record Write(int truth, int epoch, int sequence, int clock) {}

    /** What each side holds; null for nothing. The sequence of the present life lives in the owner's memory. */
    record State(Write owner, Write gateway, Write cloud, int writes, int restarts, int sequence, int clock) {
        Write at(int i) {
            return i == 0 ? owner : i == 1 ? gateway : cloud;
        }

        State with(int i, Write write) {
            return new State(
                    i == 0 ? write : owner,
                    i == 1 ? write : gateway,
                    i == 2 ? write : cloud,
                    writes,
                    restarts,
                    sequence,
                    clock);
        }
    }

    /** How writes are stamped and compared: the rule of this library, and four that others follow. */
    @SuppressWarnings("ImmutableEnumChecker") // comparators of lambdas without state
    enum Order {
        BOOT_AND_SEQUENCE(Comparator.comparing(w -> new Dot(Fixtures.boot(Fixtures.DEVICE, w.epoch()), w.sequence()))),
        WALL_CLOCK(Comparator.comparingInt(Write::clock).thenComparingInt(Write::truth)),
        CLOCK_OR_CURRENT_PLUS_ONE(Comparator.comparingInt(Write::clock).thenComparingInt(Write::truth)),
        CLOCK_WITHOUT_TIE_RULE(Comparator.comparingInt(Write::clock)),
        SEQUENCE_THAT_RESTARTS(Comparator.comparingInt(Write::sequence).thenComparingInt(Write::truth));

        final Comparator<Write> comparator;

        Order(Comparator<Write> comparator) {
            this.comparator = comparator;
        }

        Write later(Write mine, Write theirs) {
            if (mine == null || theirs == null) {
                return mine == null ? theirs : mine;
            }
            return comparator.compare(theirs, mine) > 0 ? theirs : mine;
        }

        Write write(State s) {
            int clock = this == CLOCK_OR_CURRENT_PLUS_ONE && s.owner != null
                    ? Math.max(s.clock, s.owner.clock + 1)
                    : s.clock;
            return new Write(s.writes + 1, s.restarts, s.sequence + 1, clock);
        }
    }

    private record Result(int states, int diverged, int lost) {}

    private static Result explore(Order order) {
        Set<State> seen = new HashSet<>();
        ArrayDeque<State> frontier = new ArrayDeque<>();
        State start = new State(null, null, null, 0, 0, 0, CLOCKS[1]);
        frontier.add(start);
        seen.add(start);
        int diverged = 0;
        int lost = 0;
        for (int depth = 0; depth <= DEPTH; depth++) {
            ArrayDeque<State> next = new ArrayDeque<>();
            for (State state : frontier) {
                Set<Write> ends = mergedInEveryOrder(state, order);
                diverged += ends.size() > 1 ? 1 : 0;
                lost += ends.stream().anyMatch(end -> end != null && end.truth < latest(state)) ? 1 : 0;
                for (State after : moves(state, order)) {
                    if (seen.add(after)) {
                        next.add(after);
                    }
                }
            }
            frontier = next;
        }
        return new Result(seen.size(), diverged, lost);
    }

    private static int latest(State state) {
        int latest = 0;
        for (int i = 0; i < 3; i++) {
            latest = state.at(i) == null ? latest : Math.max(latest, state.at(i).truth);
        }
        return latest;
    }

    private static Set<Write> mergedInEveryOrder(State s, Order order) {
        Set<Write> ends = new TreeSet<>(Comparator.nullsFirst(Comparator.comparingInt(Write::truth)));
        int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
        for (int[] o : orders) {
            ends.add(order.later(order.later(s.at(o[0]), s.at(o[1])), s.at(o[2])));
        }
        return ends;
    }

    private static List<State> moves(State s, Order order) {
        List<State> after = new ArrayList<>();
        if (s.writes < MAX_WRITES) {
            Write write = order.write(s);
            after.add(new State(write, s.gateway, s.cloud, s.writes + 1, s.restarts, s.sequence + 1, s.clock));
        }
        if (s.restarts < MAX_RESTARTS) {
            for (int clock : CLOCKS) {
                after.add(new State(null, s.gateway, s.cloud, s.writes, s.restarts + 1, 0, clock));
            }
        }
        int[][] pairs = {{0, 1}, {1, 0}, {1, 2}, {2, 1}, {0, 2}, {2, 0}};
        for (int[] pair : pairs) {
            after.add(s.with(pair[1], order.later(s.at(pair[1]), s.at(pair[0]))));
        }
        return after;
    }

    @ParameterizedTest
    @EnumSource(Order.class)
    void onlyBootAndSequenceNeverLosesTheOwnersLatestWrite(Order order) {
        Result result = explore(order);
        if (order == Order.BOOT_AND_SEQUENCE) {
            assertEquals(new Result(result.states, 0, 0), result);
            assertTrue(result.states > 10_000, result.toString());
        } else {
            assertTrue(result.lost > 0, "the fault was not found: " + result);
        }
        if (order == Order.CLOCK_WITHOUT_TIE_RULE) {
            assertTrue(result.diverged > 0, "the fault was not found: " + result);
        }
    }
}
