package dev.fieldproof.sparkplug.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.sparkplug.session.Model.Action;
import dev.fieldproof.sparkplug.session.Model.Violation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every history of an edge node, a broker and a host within a small scope, and many long random ones. */
class SessionModelTest {
    private static final Action[] ACTIONS = Action.values();
    private static final int RUNS = Integer.getInteger("fieldproof.runs", 1);

    /** One state in so many is followed to its quiet end; all of them in longer runs. */
    private static final int CONVERGENCE_SHARE = RUNS > 1 ? 1 : 4;

    /** How far an exhaustive search got. */
    private record Search(int depth, int states, String violation) {}

    /** Breadth first over all actions; two histories that lead to the same state are one. */
    private static Search search(Model model, int faults, int maxDepth, int maxStates) {
        Set<World> seen = new HashSet<>();
        List<World> layer = List.of(World.initial(faults));
        seen.add(layer.get(0));
        for (int depth = 1; depth <= maxDepth; depth++) {
            List<World> next = new ArrayList<>();
            for (World world : layer) {
                for (Action action : ACTIONS) {
                    if (model.allowed(world, action)) {
                        try {
                            World after = model.apply(world, action);
                            if (seen.add(after)) {
                                if (after.hashCode() % CONVERGENCE_SHARE == 0) {
                                    model.requireConvergence(after);
                                }
                                next.add(after);
                            }
                        } catch (Violation e) {
                            return new Search(depth, seen.size(), action + ": " + e.getMessage() + " in " + world);
                        }
                    }
                }
                if (seen.size() > maxStates) {
                    return new Search(depth, seen.size(), null);
                }
            }
            layer = next;
        }
        return new Search(maxDepth, seen.size(), null);
    }

    /** Random walks of the given length; the violation, or null. */
    private static String walk(Model model, RandomGenerator random, long steps, int length, int faults) {
        for (long step = 0; step < steps; ) {
            World.Change world = new World.Change(World.initial(faults));
            ArrayDeque<Action> latest = new ArrayDeque<>();
            try {
                for (int i = 0; i < length; i++) {
                    Action action = ACTIONS[random.nextInt(ACTIONS.length)];
                    // Long sequences need more traffic than trouble.
                    if (random.nextInt(4) > 0) {
                        action = random.nextBoolean() ? Action.PUBLISH : Action.DELIVER;
                    }
                    if (model.allowed(world, action)) {
                        model.act(world, action);
                        step++;
                        latest.add(action);
                        if (latest.size() > 30) {
                            latest.remove();
                        }
                    }
                }
                model.requireConvergence(world.done());
            } catch (Violation e) {
                return e.getMessage() + " after " + latest;
            }
        }
        return null;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyHistoryOfDepthTwelveIsSound(boolean awaitHost) {
        Search search = search(new Model(Mutant.NONE, awaitHost), 2, 12, Integer.MAX_VALUE);
        assertNull(search.violation());
        assertEquals(12, search.depth());
        System.out.println("session model, primary host " + awaitHost + ": " + search.states() + " states to depth 12");
    }

    @Test
    void longRandomHistoriesAreSound() {
        for (boolean awaitHost : new boolean[] {false, true}) {
            assertNull(walk(new Model(Mutant.NONE, awaitHost), new SplittableRandom(7), 5_000_000L * RUNS, 5_000, 60));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Mutant.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void everyMutantIsCaught(Mutant mutant) {
        String found = null;
        for (boolean awaitHost : new boolean[] {false, true}) {
            if (found == null) {
                found = walk(new Model(mutant, awaitHost), new SplittableRandom(1), 300_000, 2_000, 25);
            }
        }
        for (int depth = 6; depth <= 9 && found == null; depth++) {
            found = search(new Model(mutant, true), 2, depth, 200_000).violation();
        }
        assertNotNull(found, mutant + " survives");
    }

    @Test
    void thereAreTwentyMutants() {
        assertTrue(Arrays.stream(Mutant.values()).filter(m -> m != Mutant.NONE).count() >= 20);
    }
}
