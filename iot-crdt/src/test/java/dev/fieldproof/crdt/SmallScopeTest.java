package dev.fieldproof.crdt;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every type in a small scope, see {@link SmallScope}: all that three replicas can come to in twelve steps and more, or
 * the first million states (system property {@code fieldproof.runs} multiplies it).
 */
class SmallScopeTest {
    private static final int STATES = 1_000_000 * Integer.getInteger("fieldproof.runs", 1);
    private static final int DEPTH = 12;
    private static final Instant YEAR_2262 = Instant.parse("2262-01-01T00:00:00Z");

    private static <S extends Crdt<S>> Arguments type(
            String name, S bottom, int writesEach, List<SmallScope.Write<S>> writes) {
        return Arguments.of(name, bottom, writesEach, writes);
    }

    private static <S extends Nested<S>> SmallScope.Write<Replicated<S>> write(DotWrite<S> change) {
        return (s, writer) -> s.update(writer, change::apply);
    }

    private interface DotWrite<S> {
        S apply(S state, Dot dot);
    }

    static Stream<Arguments> types() {
        return Stream.of(
                type("GCounter", GCounter.ZERO, 5, List.of((s, w) -> s.increment(w, 1))),
                type("PnCounter", PnCounter.ZERO, 3, List.of((s, w) -> s.add(w, 1), (s, w) -> s.add(w, -1))),
                type(
                        "BoundedCounter",
                        BoundedCounter.ZERO,
                        3,
                        List.of((s, w) -> s.increment(w, 1), (s, w) -> spend(s, w), (s, w) -> give(s, w))),
                type(
                        "MvRegister",
                        Replicated.of(MvRegister.<String>empty()),
                        4,
                        List.of(write((r, dot) -> r.set("a", dot)))),
                type(
                        "LwwRegister",
                        Replicated.of(LwwRegister.<String>empty()),
                        3,
                        List.of(write((r, dot) -> r.set("a", 0, dot)), write((r, dot) -> r.set("b", 9, dot)))),
                type(
                        "EnableWinsFlag",
                        Replicated.of(EnableWinsFlag.empty()),
                        3,
                        List.of(write((f, dot) -> f.enable(dot)), write((f, dot) -> f.disable()))),
                type(
                        "AddWinsSet",
                        Replicated.of(AddWinsSet.<String>empty()),
                        3,
                        List.of(write((set, dot) -> set.add("a", dot)), write((set, dot) -> set.remove("a")))),
                type(
                        "RemoveWinsSet",
                        Replicated.of(RemoveWinsSet.<String>empty()),
                        3,
                        List.of(write((set, dot) -> set.add("a", dot)), write((set, dot) -> set.remove("a", dot)))),
                type(
                        "OrMap",
                        Replicated.of(OrMap.<String, NestedCounter>empty(NestedCounter.empty())),
                        3,
                        List.of(
                                write((map, dot) -> map.update("a", c -> c.add(1, dot))),
                                write((map, dot) -> map.remove("a")))),
                type(
                        "OrSet",
                        new OrSetState(Replicated.of(AddWinsSet.empty())),
                        3,
                        List.of(
                                (s, w) -> s.change(w, set -> set.add("a")),
                                (s, w) -> s.change(w, set -> set.remove("a")))),
                type(
                        "MvRegister of two devices under one identity",
                        Replicated.of(MvRegister.<String>empty()),
                        3,
                        List.of(asOne(write((r, dot) -> r.set("a", dot))), asOne(write((r, dot) -> r.set("b", dot))))),
                type(
                        "LwwMap, seen as a DeviceShadow",
                        ShadowState.bottom(ShadowState.OWNED),
                        3,
                        List.of(
                                (s, w) -> s.write(w, Instant.EPOCH),
                                (s, w) -> s.write(w, Fixtures.NOW),
                                (s, w) -> s.write(w, YEAR_2262),
                                ShadowState::remove,
                                ShadowState::restart)),
                type("TelemetryLog", new LogState(List.of()), 4, List.of((s, w) -> s.append(w))));
    }

    /** Whoever writes does it under the first one's name. */
    private static <S> SmallScope.Write<S> asOne(SmallScope.Write<S> write) {
        return (s, w) -> write.apply(s, SmallScope.WRITERS[0]);
    }

    /** What a replica of {@link OrSet} holds, brought to life for every step. */
    record OrSetState(Replicated<AddWinsSet<String>> value) implements Crdt<OrSetState> {
        private OrSetState with(Boot self, Consumer<OrSet<String>> change) {
            OrSet<String> set = new OrSet<>(self);
            set.merge(value);
            change.accept(set);
            return new OrSetState(set.snapshot());
        }

        OrSetState change(Boot self, Consumer<OrSet<String>> change) {
            return with(self, change);
        }

        @Override
        public OrSetState merge(OrSetState other) {
            return with(Fixtures.boot(new WriterId(99), 1), set -> {
                OrSet<String> there = new OrSet<>(Fixtures.boot(new WriterId(98), 1));
                there.merge(other.value);
                set.merge(there);
            });
        }

        @Override
        public boolean leq(OrSetState other) {
            return other.merge(this).equals(other);
        }
    }

    /** What a {@link TelemetryLog} holds. */
    record LogState(List<TelemetryLog.Sample> samples) implements Crdt<LogState> {
        private TelemetryLog log(Boot self) {
            TelemetryLog log = new TelemetryLog(self, 100);
            log.merge(samples);
            return log;
        }

        LogState append(Boot self) {
            TelemetryLog log = log(self);
            log.append(0, 0, samples.size());
            return new LogState(log.samples());
        }

        @Override
        public LogState merge(LogState other) {
            TelemetryLog log = log(SmallScope.WRITERS[0]);
            log.merge(other.samples);
            return new LogState(log.samples());
        }

        @Override
        public boolean leq(LogState other) {
            return other.merge(this).equals(other);
        }
    }

    private static BoundedCounter spend(BoundedCounter s, Boot writer) {
        return s.decrement(writer, 1) instanceof BoundedCounter.Outcome.Done done ? done.counter() : s;
    }

    private static BoundedCounter give(BoundedCounter s, Boot writer) {
        Boot to = writer.equals(SmallScope.WRITERS[2]) ? SmallScope.WRITERS[0] : SmallScope.WRITERS[2];
        return s.transfer(writer, to, 1) instanceof BoundedCounter.Outcome.Done done ? done.counter() : s;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("types")
    <S extends Crdt<S>> void everyOrderOfMergingEndsInTheSame(
            String name, S bottom, int writesEach, List<SmallScope.Write<S>> writes) {
        SmallScope.Visited visited = new SmallScope<>(bottom, writes, writesEach).explore(STATES);
        assertTrue(
                visited.states() >= STATES || (visited.complete() && visited.depth() >= DEPTH), name + ": " + visited);
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

    private static <S extends Crdt<S>> void assertFoundOut(S bottom, SmallScope.Write<S> write) {
        SmallScope<S> scope = new SmallScope<>(bottom, List.of(write), 3);
        assertThrows(AssertionError.class, () -> scope.explore(10_000));
    }

    /** Explores reports of a device whose order is by clock, and then by its lives as it should be. */
    private static void assertOnlyClocksFail(String fault, List<SmallScope.Write<ShadowState>> writes) {
        SmallScope<ShadowState> byClock = new SmallScope<>(ShadowState.bottom(ShadowState.BY_CLOCK), writes, 3);
        AssertionError found = assertThrows(AssertionError.class, () -> byClock.explore(100_000));
        assertTrue(found.getMessage().startsWith(fault), found.getMessage());
        new SmallScope<>(ShadowState.bottom(ShadowState.OWNED), writes, 3).explore(100_000);
    }

    @Test
    void orderingAnOwnersWritesByItsClockIsFoundOut() {
        assertOnlyClocksFail(
                "lost",
                List.of(
                        (s, w) -> s.write(w, Fixtures.NOW),
                        (s, w) -> s.restart(w).write(w, Instant.EPOCH)));
    }

    @Test
    void anOldValueThatComesBackAfterAResetIsFoundOut() {
        assertOnlyClocksFail(
                "resurrected",
                List.of(
                        (s, w) -> s.write(w, Fixtures.NOW),
                        (s, w) -> s.restart(w).write(w, Instant.EPOCH).remove(w)));
    }

    @Test
    void faultyTypesAreFoundOut() {
        assertFoundOut(new TieKeeper(0, ""), (s, w) -> new TieKeeper(s.time + 1, w.toString()));
        assertFoundOut(new Adder(0), (s, w) -> new Adder(s.count + 1));
    }
}
