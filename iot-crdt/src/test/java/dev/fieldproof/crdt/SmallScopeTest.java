package dev.fieldproof.crdt;

import static dev.fieldproof.crdt.Fixtures.CLOUD;
import static dev.fieldproof.crdt.Fixtures.DEVICE;
import static dev.fieldproof.crdt.Fixtures.GATEWAY;
import static dev.fieldproof.crdt.Fixtures.boot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Visits, breadth first, every history of each immutable type with three replicas, up to a number of states (system
 * property {@code fieldproof.runs} multiplies it): each replica writes in every way given, or merges another's state or
 * an old copy of its own. In every state all orders of merging have to end in the same.
 */
class SmallScopeTest {
    private static final int STATES = 12_000 * Integer.getInteger("fieldproof.runs", 1);
    private static final Boot[] WRITERS = {boot(DEVICE, 1), boot(GATEWAY, 1), boot(CLOUD, 1)};

    interface Write<S> {
        S apply(S state, Boot writer);
    }

    private static <S extends Crdt<S>> Arguments type(String name, S bottom, List<Write<S>> writes) {
        return Arguments.of(name, bottom, writes);
    }

    static Stream<Arguments> types() {
        return Stream.of(
                type("GCounter", GCounter.ZERO, List.of((s, w) -> s.increment(w, 1))),
                type("PnCounter", PnCounter.ZERO, List.of((s, w) -> s.add(w, 1), (s, w) -> s.add(w, -1))),
                type(
                        "BoundedCounter",
                        BoundedCounter.ZERO,
                        List.of((s, w) -> s.increment(w, 1), (s, w) -> spend(s, w), (s, w) -> give(s, w))),
                type(
                        "MvRegister",
                        Replicated.of(MvRegister.<String>empty()),
                        List.of((s, w) -> s.update(w, (r, dot) -> r.set("a", dot)))),
                type(
                        "LwwRegister",
                        Replicated.of(LwwRegister.<String>empty()),
                        List.of(
                                (s, w) -> s.update(w, (r, dot) -> r.set("a", 0, dot)),
                                (s, w) -> s.update(w, (r, dot) -> r.set("b", 9, dot)))),
                type(
                        "EnableWinsFlag",
                        Replicated.of(EnableWinsFlag.empty()),
                        List.of(
                                (s, w) -> s.update(w, (f, dot) -> f.enable(dot)),
                                (s, w) -> s.update(w, (f, dot) -> f.disable()))),
                type(
                        "AddWinsSet",
                        Replicated.of(AddWinsSet.<String>empty()),
                        List.of(
                                (s, w) -> s.update(w, (set, dot) -> set.add("a", dot)),
                                (s, w) -> s.update(w, (set, dot) -> set.remove("a")))),
                type(
                        "RemoveWinsSet",
                        Replicated.of(RemoveWinsSet.<String>empty()),
                        List.of(
                                (s, w) -> s.update(w, (set, dot) -> set.add("a", dot)),
                                (s, w) -> s.update(w, (set, dot) -> set.remove("a", dot)))),
                type(
                        "OrMap",
                        Replicated.of(OrMap.<String, NestedCounter>empty(NestedCounter.empty())),
                        List.of(
                                (s, w) -> s.update(w, (map, dot) -> map.update("a", c -> c.add(1, dot))),
                                (s, w) -> s.update(w, (map, dot) -> map.remove("a")))));
    }

    private static BoundedCounter spend(BoundedCounter s, Boot writer) {
        return s.decrement(writer, 1) instanceof BoundedCounter.Outcome.Done done ? done.counter() : s;
    }

    private static BoundedCounter give(BoundedCounter s, Boot writer) {
        Boot to = writer.equals(WRITERS[2]) ? WRITERS[0] : WRITERS[2];
        return s.transfer(writer, to, 1) instanceof BoundedCounter.Outcome.Done done ? done.counter() : s;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("types")
    <S extends Crdt<S>> void everyOrderOfMergingEndsInTheSame(String name, S bottom, List<Write<S>> writes) {
        int states = explore(bottom, writes);
        assertTrue(states >= STATES || states > 1000, name + ": " + states);
    }

    private static <S extends Crdt<S>> int explore(S bottom, List<Write<S>> writes) {
        List<List<S>> queue = new ArrayList<>();
        Set<List<S>> seen = new HashSet<>();
        queue.add(List.of(bottom, bottom, bottom));
        for (int next = 0; next < queue.size() && queue.size() < STATES; next++) {
            List<S> state = queue.get(next);
            assertConverges(state);
            for (int i = 0; i < 3; i++) {
                List<S> after = new ArrayList<>();
                for (Write<S> write : writes) {
                    after.add(write.apply(state.get(i), WRITERS[i]));
                }
                after.add(state.get(i).merge(state.get((i + 1) % 3)));
                after.add(state.get(i).merge(state.get((i + 2) % 3)));
                for (S s : after) {
                    List<S> moved = new ArrayList<>(state);
                    moved.set(i, s);
                    if (seen.add(moved)) {
                        queue.add(moved);
                    }
                }
            }
        }
        return queue.size();
    }

    private static <S extends Crdt<S>> void assertConverges(List<S> s) {
        S forth = s.get(0).merge(s.get(1)).merge(s.get(2));
        S back = s.get(2).merge(s.get(1).merge(s.get(0)));
        assertEquals(forth, back);
        assertEquals(forth, forth.merge(s.get(1)));
    }

    /** A register that keeps its own value on a tie. */
    record TieKeeper(int time, String value) implements Crdt<TieKeeper> {
        @Override
        public TieKeeper merge(TieKeeper other) {
            return other.time > time ? other : this;
        }

        @Override
        public boolean leq(TieKeeper other) {
            return time <= other.time;
        }
    }

    /** A counter whose merge adds. */
    record Adder(int count) implements Crdt<Adder> {
        @Override
        public Adder merge(Adder other) {
            return new Adder(count + other.count);
        }

        @Override
        public boolean leq(Adder other) {
            return count <= other.count;
        }
    }

    @Test
    void faultyTypesAreFoundOut() {
        assertThrows(
                AssertionError.class,
                () -> explore(new TieKeeper(0, ""), List.of((s, w) -> new TieKeeper(s.time + 1, w.toString()))));
        assertThrows(AssertionError.class, () -> explore(new Adder(0), List.of((s, w) -> new Adder(s.count + 1))));
    }
}
