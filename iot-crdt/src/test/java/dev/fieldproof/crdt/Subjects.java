package dev.fieldproof.crdt;

import static dev.fieldproof.crdt.StateCodecTest.INT;

import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Every immutable type, with random writes to it. */
final class Subjects {
    private Subjects() {}

    static Stream<LawsPropertyTest.Subject<?>> all() {
        return Stream.of(
                new LawsPropertyTest.Subject<>(
                        "GCounter",
                        StateCodec.gCounter(),
                        GCounter.ZERO,
                        (s, w, r) -> s.increment(w, r.nextInt(3)),
                        (before, after) -> after),
                new LawsPropertyTest.Subject<>(
                        "PnCounter",
                        StateCodec.pnCounter(),
                        PnCounter.ZERO,
                        (s, w, r) -> s.add(w, r.nextInt(5) - 2),
                        (before, after) -> after),
                new LawsPropertyTest.Subject<>(
                        "BoundedCounter",
                        StateCodec.boundedCounter(),
                        BoundedCounter.ZERO,
                        Subjects::bounded,
                        (before, after) -> after),
                nested(
                        "MvRegister",
                        NestedCodec.mvRegister(INT),
                        MvRegister.<Integer>empty(),
                        (s, dot, r) -> s.set(r.nextInt(3), dot)),
                nested(
                        "LwwRegister",
                        NestedCodec.lwwRegister(INT),
                        LwwRegister.<Integer>empty(),
                        (s, dot, r) -> s.set(r.nextInt(3), r.nextInt(4), dot)),
                nested("EnableWinsFlag", NestedCodec.flag(), EnableWinsFlag.empty(), Subjects::flag),
                nested(
                        "NestedCounter",
                        NestedCodec.counter(),
                        NestedCounter.empty(),
                        (s, dot, r) -> s.add(r.nextInt(5) - 2, dot)),
                nested("AddWinsSet", NestedCodec.addWinsSet(INT), AddWinsSet.<Integer>empty(), Subjects::addWins),
                nested(
                        "RemoveWinsSet",
                        NestedCodec.removeWinsSet(INT),
                        RemoveWinsSet.<Integer>empty(),
                        Subjects::removeWins),
                nested(
                        "OrMap of sets",
                        NestedCodec.orMap(INT, NestedCodec.addWinsSet(INT)),
                        OrMap.<Integer, AddWinsSet<Integer>>empty(AddWinsSet.empty()),
                        (s, dot, r) -> {
                            int key = r.nextInt(3);
                            return r.nextInt(4) == 0 ? s.remove(key) : s.update(key, set -> addWins(set, dot, r));
                        }),
                nested(
                        "OrMap of maps of counters",
                        NestedCodec.orMap(INT, NestedCodec.orMap(INT, NestedCodec.counter())),
                        OrMap.<Integer, OrMap<Integer, NestedCounter>>empty(OrMap.empty(NestedCounter.empty())),
                        (s, dot, r) -> {
                            int key = r.nextInt(2);
                            int inner = r.nextInt(2);
                            return switch (r.nextInt(5)) {
                                case 0 -> s.remove(key);
                                case 1 -> s.update(key, map -> map.remove(inner));
                                default -> s.update(key, map -> map.update(inner, counter -> counter.add(1, dot)));
                            };
                        }));
    }

    interface Change<S> {
        S apply(S state, Dot dot, RandomGenerator random);
    }

    private static <S extends Nested<S>> LawsPropertyTest.Subject<Replicated<S>> nested(
            String name, NestedCodec<S> codec, S empty, Change<S> change) {
        return new LawsPropertyTest.Subject<>(
                name,
                StateCodec.replicated(codec),
                Replicated.of(empty),
                (s, writer, random) -> s.update(writer, (state, dot) -> change.apply(state, dot, random)),
                (before, after) -> after.deltaFrom(before));
    }

    private static BoundedCounter bounded(BoundedCounter s, Boot writer, RandomGenerator random) {
        Function<BoundedCounter.Outcome, BoundedCounter> done =
                outcome -> outcome instanceof BoundedCounter.Outcome.Done now ? now.counter() : s;
        return switch (random.nextInt(3)) {
            case 0 -> s.increment(writer, random.nextInt(3));
            case 1 -> done.apply(s.decrement(writer, random.nextInt(3)));
            default -> {
                WriterId[] writers = {Fixtures.DEVICE, Fixtures.CLOUD, Fixtures.GATEWAY};
                Boot to = new Boot(writers[random.nextInt(3)], 0, 1);
                yield to.equals(writer) ? s : done.apply(s.transfer(writer, to, random.nextInt(3)));
            }
        };
    }

    private static EnableWinsFlag flag(EnableWinsFlag s, Dot dot, RandomGenerator random) {
        return random.nextBoolean() ? s.enable(dot) : s.disable();
    }

    private static AddWinsSet<Integer> addWins(AddWinsSet<Integer> s, Dot dot, RandomGenerator random) {
        int member = random.nextInt(3);
        return random.nextInt(3) == 0 ? s.remove(member) : s.add(member, dot);
    }

    private static RemoveWinsSet<Integer> removeWins(RemoveWinsSet<Integer> s, Dot dot, RandomGenerator random) {
        int member = random.nextInt(3);
        return random.nextInt(3) == 0 ? s.remove(member, dot) : s.add(member, dot);
    }
}
