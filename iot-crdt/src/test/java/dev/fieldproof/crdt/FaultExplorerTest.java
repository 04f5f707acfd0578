package dev.fieldproof.crdt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Visits every history of one owned key whose owner may lose its flash and whose gateway may fall back to an old copy:
 * six writes, three restarts or wipes, two roll-backs, twelve steps. The owner keeps its last write in flash until it
 * is acknowledged. In no state may what was acknowledged, or what outlives in any replica, be missing after a merge.
 * The rules that other systems follow have to be found out.
 */
class FaultExplorerTest {
    private static final int MAX_WRITES = 6;
    private static final int MAX_FAULTS = 3;
    private static final int DEPTH = 12;

    /** One write: its number in the order of writing, which no order may look at, and its stamp. */
    record Write(int truth, int incarnation, int epoch, int sequence) implements Comparable<Write> {
        @Override
        public int compareTo(Write other) {
            Dot mine = new Dot(new Boot(Fixtures.DEVICE, incarnation, epoch), sequence);
            return mine.compareTo(new Dot(new Boot(Fixtures.DEVICE, other.incarnation, other.epoch), other.sequence));
        }
    }

    /** Whose word lets the owner forget, where a wiped owner gets its incarnation, and when an epoch is saved. */
    enum Rule {
        SOUND,
        GATEWAY_ACKNOWLEDGES,
        WIPED_RESTARTS_AT_ONE,
        WIPED_ASKS_THE_GATEWAY,
        EPOCH_SAVED_AFTER_THE_FIRST_WRITE
    }

    /** An incarnation of -1 is unknown: the owner may not write until it has been told one. */
    record State(
            @Nullable Write owner,
            @Nullable Write unacknowledged,
            @Nullable Write gateway,
            @Nullable Write gatewayCopy,
            @Nullable Write cloud,
            int acknowledged,
            int writes,
            int faults,
            int rollBacks,
            int incarnation,
            int epoch,
            int savedEpoch,
            int sequence,
            int cloudCounter) {

        State holding(int place, @Nullable Write write) {
            return new State(
                    place == 0 ? write : owner,
                    unacknowledged,
                    place == 1 ? write : gateway,
                    gatewayCopy,
                    place == 2 ? write : cloud,
                    acknowledged,
                    writes,
                    faults,
                    rollBacks,
                    incarnation,
                    epoch,
                    savedEpoch,
                    sequence,
                    cloudCounter);
        }

        State copied(@Nullable Write copy, @Nullable Write restored, int back) {
            return new State(
                    owner,
                    unacknowledged,
                    restored,
                    copy,
                    cloud,
                    acknowledged,
                    writes,
                    faults,
                    rollBacks + back,
                    incarnation,
                    epoch,
                    savedEpoch,
                    sequence,
                    cloudCounter);
        }

        State living(@Nullable Write kept, int lives, int life, int saved, int counter, int fault) {
            return new State(
                    kept,
                    kept,
                    gateway,
                    gatewayCopy,
                    cloud,
                    acknowledged,
                    writes,
                    faults + fault,
                    rollBacks,
                    lives,
                    life,
                    saved,
                    0,
                    counter);
        }

        State written(Rule rule) {
            int saved = rule == Rule.EPOCH_SAVED_AFTER_THE_FIRST_WRITE && sequence > 0 ? epoch : savedEpoch;
            Write write = new Write(writes + 1, incarnation, epoch, sequence + 1);
            return new State(
                    write,
                    write,
                    gateway,
                    gatewayCopy,
                    cloud,
                    acknowledged,
                    writes + 1,
                    faults,
                    rollBacks,
                    incarnation,
                    epoch,
                    saved,
                    sequence + 1,
                    cloudCounter);
        }

        State acknowledgedBy(@Nullable Write holder) {
            if (unacknowledged == null || holder == null || holder.compareTo(unacknowledged) < 0) {
                return this;
            }
            return new State(
                    owner,
                    null,
                    gateway,
                    gatewayCopy,
                    cloud,
                    unacknowledged.truth,
                    writes,
                    faults,
                    rollBacks,
                    incarnation,
                    epoch,
                    savedEpoch,
                    sequence,
                    cloudCounter);
        }
    }

    private static @Nullable Write later(@Nullable Write mine, @Nullable Write theirs) {
        if (mine == null || theirs == null) {
            return mine == null ? theirs : mine;
        }
        return theirs.compareTo(mine) > 0 ? theirs : mine;
    }

    /** Whether a merge of everything shows less than was acknowledged or than outlives anywhere. */
    private static boolean loses(State s) {
        Write end = null;
        int outlives = s.acknowledged;
        for (Write write : new Write[] {s.owner, s.unacknowledged, s.gateway, s.cloud}) {
            end = later(end, write);
            outlives = Math.max(outlives, write == null ? 0 : write.truth);
        }
        return (end == null ? 0 : end.truth) < outlives;
    }

    private static List<State> moves(State s, Rule rule) {
        List<State> after = new ArrayList<>();
        if (s.writes < MAX_WRITES && s.incarnation >= 0) {
            after.add(s.written(rule));
        }
        if (s.faults < MAX_FAULTS) {
            boolean late = rule == Rule.EPOCH_SAVED_AFTER_THE_FIRST_WRITE;
            int next = s.savedEpoch + 1;
            after.add(s.living(s.unacknowledged, s.incarnation, next, late ? s.savedEpoch : next, s.cloudCounter, 1));
            after.add(s.living(null, rule == Rule.WIPED_RESTARTS_AT_ONE ? 0 : -1, 1, 1, s.cloudCounter, 1));
        }
        if (s.incarnation < 0) {
            if (rule == Rule.WIPED_ASKS_THE_GATEWAY) {
                int known = s.gateway == null ? 0 : s.gateway.incarnation;
                after.add(s.living(null, known + 1, 1, 1, s.cloudCounter, 0));
            } else {
                after.add(s.living(null, s.cloudCounter + 1, 1, 1, s.cloudCounter + 1, 0));
            }
        }
        Write[] at = {s.owner, s.gateway, s.cloud};
        int[][] pairs = {{0, 1}, {1, 0}, {1, 2}, {2, 1}};
        for (int[] pair : pairs) {
            State moved = s.holding(pair[1], later(at[pair[1]], at[pair[0]]));
            boolean heard = pair[1] == 0;
            if (heard) {
                // The gateway tells how far it has come, or hands on the word of the cloud.
                moved = moved.acknowledgedBy(rule == Rule.GATEWAY_ACKNOWLEDGES ? s.gateway : s.cloud);
            }
            after.add(moved);
        }
        after.add(s.copied(s.gateway, s.gateway, 0));
        if (s.rollBacks < 2) {
            after.add(s.copied(s.gatewayCopy, s.gatewayCopy, 1));
        }
        return after;
    }

    private record Result(int states, int lost) {}

    private static Result explore(Rule rule) {
        Set<State> seen = new HashSet<>();
        ArrayDeque<State> frontier = new ArrayDeque<>();
        State start = new State(null, null, null, null, null, 0, 0, 0, 0, 0, 1, 1, 0, 0);
        frontier.add(start);
        seen.add(start);
        int lost = 0;
        for (int depth = 0; depth <= DEPTH; depth++) {
            ArrayDeque<State> next = new ArrayDeque<>();
            for (State state : frontier) {
                lost += loses(state) ? 1 : 0;
                if (depth < DEPTH && (rule == Rule.SOUND || lost < 1000)) {
                    for (State after : moves(state, rule)) {
                        if (seen.add(after)) {
                            next.add(after);
                        }
                    }
                }
            }
            frontier = next;
        }
        return new Result(seen.size(), lost);
    }

    @ParameterizedTest
    @EnumSource(Rule.class)
    void onlyTheSoundRulesLoseNothing(Rule rule) {
        Result result = explore(rule);
        if (rule == Rule.SOUND) {
            assertEquals(0, result.lost, result.toString());
            assertTrue(result.states > 100_000, result.toString());
        } else {
            assertTrue(result.lost > 0, "the fault was not found: " + result);
        }
    }
}
