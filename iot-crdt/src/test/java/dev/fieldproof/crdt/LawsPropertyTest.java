package dev.fieldproof.crdt;

import static dev.fieldproof.crdt.Fixtures.CLOUD;
import static dev.fieldproof.crdt.Fixtures.DEVICE;
import static dev.fieldproof.crdt.Fixtures.GATEWAY;
import static dev.fieldproof.crdt.Fixtures.boot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import dev.fieldproof.crdt.wire.WireBudget;
import dev.fieldproof.crdt.wire.WireException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The laws of every immutable type on random histories: three replicas that write, send deltas and whole states, lose
 * and repeat them, now and then forget everything and begin a new life, or the old one again, and now and then are
 * two devices made from one image.
 */
class LawsPropertyTest {
    private static final int RUNS = 100_000;
    private static final int STEPS = 6;

    /** A type under test: how a history begins, and what one random write does. */
    record Subject<S extends Crdt<S>>(String name, StateCodec<S> codec, S bottom, Write<S> write, Delta<S> delta) {
        @Override
        public String toString() {
            return name;
        }
    }

    interface Write<S> {
        S apply(S state, Boot writer, RandomGenerator random);
    }

    interface Delta<S> {
        S between(S before, S after);
    }

    static Stream<Subject<?>> subjects() {
        return Subjects.all();
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void lawsHold(Subject<?> subject) {
        check(subject);
    }

    private static <S extends Crdt<S>> void check(Subject<S> subject) {
        Boot[] writers = {boot(DEVICE, 1), boot(CLOUD, 1), boot(GATEWAY, 1)};
        SeededRuns.check(RUNS, random -> {
            List<S> replicas = new ArrayList<>(List.of(subject.bottom, subject.bottom, subject.bottom));
            Boot[] boots = writers.clone();
            if (random.nextInt(8) == 0) {
                boots[1] = boots[0];
            }
            List<S> sent = new ArrayList<>();
            for (int step = 0; step < STEPS; step++) {
                int i = random.nextInt(3);
                S before = replicas.get(i);
                switch (random.nextInt(8)) {
                    case 0, 1, 2, 3 -> {
                        S after = subject.write.apply(before, boots[i], random);
                        S delta = subject.delta.between(before, after);
                        assertEquals(after, before.merge(delta), "a delta says what the whole says");
                        sent.add(random.nextBoolean() ? delta : after);
                        replicas.set(i, after);
                    }
                    case 4 -> {
                        boots[i] = new Boot(boots[i].writer(), 0, boots[i].epoch() + Math.min(1, random.nextInt(4)));
                        replicas.set(i, subject.bottom);
                    }
                    default -> {
                        if (!sent.isEmpty()) {
                            replicas.set(i, before.merge(sent.get(random.nextInt(sent.size()))));
                        }
                    }
                }
            }
            laws(replicas.get(0), replicas.get(1), replicas.get(2));
            assertEquals(replicas.get(0), throughTheWire(subject.codec, replicas.get(0)), "codec");
        });
    }

    private static <S extends Crdt<S>> S throughTheWire(StateCodec<S> codec, S state) {
        try {
            return codec.decode(codec.encode(state), WireBudget.DEFAULT).state();
        } catch (WireException e) {
            throw new AssertionError(e);
        }
    }

    private static <S extends Crdt<S>> void laws(S a, S b, S c) {
        S ab = a.merge(b);
        assertEquals(ab, b.merge(a), "commutative");
        assertEquals(ab.merge(c), a.merge(b.merge(c)), "associative");
        assertEquals(a, a.merge(a), "idempotent");
        assertEquals(ab, ab.merge(b), "absorbing");
        assertTrue(a.leq(ab) && b.leq(ab), "above both");
        assertTrue(!ab.leq(a) || ab.equals(a), "leq is merge");
    }
}
