package dev.fieldproof.crdt;

import static dev.fieldproof.crdt.Fixtures.CLOUD;
import static dev.fieldproof.crdt.Fixtures.boot;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import dev.fieldproof.crdt.wire.WireBudget;
import dev.fieldproof.crdt.wire.WireException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The bytes of the immutable types: the examples of FORMAT.md, later versions, and bytes that break the rules. */
class StateCodecTest {
    static final ValueCodec<Integer> INT = new ValueCodec<>() {
        @Override
        public Value encode(Integer object) {
            return Value.of(object);
        }

        @Override
        public Integer decode(Value value) {
            if (value instanceof Value.Int number) {
                return (int) number.value();
            }
            throw new IllegalArgumentException("not a number: " + value);
        }
    };

    static final ValueCodec<Value> ANY = new ValueCodec<>() {
        @Override
        public Value encode(Value object) {
            return object;
        }

        @Override
        public Value decode(Value value) {
            return value;
        }
    };

    private static final Boot WRITER = new Boot(new WriterId(0x1122334455667788L), 1, 7);

    private static <S extends Crdt<S>> Arguments example(String name, StateCodec<S> codec, S state) {
        return Arguments.of(name, codec, state);
    }

    static Stream<Arguments> examples() {
        Replicated<MvRegister<Value>> register =
                Replicated.of(MvRegister.<Value>empty()).update(WRITER, (r, dot) -> r.set(Value.of("on"), dot));
        Replicated<LwwRegister<Value>> lww =
                Replicated.of(LwwRegister.<Value>empty()).update(WRITER, (r, dot) -> r.set(Value.of(21.5), 65536, dot));
        Replicated<EnableWinsFlag> flag =
                Replicated.of(EnableWinsFlag.empty()).update(WRITER, (f, dot) -> f.enable(dot));
        Replicated<NestedCounter> counter =
                Replicated.of(NestedCounter.empty()).update(WRITER, (c, dot) -> c.add(-3, dot));
        Replicated<AddWinsSet<Value>> adds = Replicated.of(AddWinsSet.<Value>empty())
                .update(WRITER, (s, dot) -> s.add(Value.of(5L), dot))
                .update(WRITER, (s, dot) -> s.remove(Value.of(5L)))
                .update(WRITER, (s, dot) -> s.add(Value.of(true), dot));
        Replicated<RemoveWinsSet<Value>> removes = Replicated.of(RemoveWinsSet.<Value>empty())
                .update(WRITER, (s, dot) -> s.add(Value.of(5L), dot))
                .update(WRITER, (s, dot) -> s.remove(Value.of(6L), dot));
        Replicated<OrMap<Value, NestedCounter>> map = Replicated.of(
                        OrMap.<Value, NestedCounter>empty(NestedCounter.empty()))
                .update(WRITER, (m, dot) -> m.update(Value.of("a"), c -> c.add(2, dot)));
        BoundedCounter units = BoundedCounter.ZERO.increment(WRITER, 5);
        BoundedCounter spent = ((BoundedCounter.Outcome.Done) units.decrement(WRITER, 2)).counter();
        return Stream.of(
                example("g-counter", StateCodec.gCounter(), GCounter.ZERO.increment(WRITER, 300)),
                example(
                        "pn-counter",
                        StateCodec.pnCounter(),
                        PnCounter.ZERO.add(WRITER, 5).add(WRITER, -2)),
                example("bounded-counter", StateCodec.boundedCounter(), spent),
                example("mv-register", StateCodec.replicated(NestedCodec.mvRegister(ANY)), register),
                example("lww-register", StateCodec.replicated(NestedCodec.lwwRegister(ANY)), lww),
                example("flag", StateCodec.replicated(NestedCodec.flag()), flag),
                example("nested-counter", StateCodec.replicated(NestedCodec.counter()), counter),
                example("add-wins-set", StateCodec.replicated(NestedCodec.addWinsSet(ANY)), adds),
                example("remove-wins-set", StateCodec.replicated(NestedCodec.removeWinsSet(ANY)), removes),
                example("or-map", StateCodec.replicated(NestedCodec.orMap(ANY, NestedCodec.counter())), map));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("examples")
    <S extends Crdt<S>> void readsAndWritesTheExample(String name, StateCodec<S> codec, S state)
            throws IOException, WireException {
        assertEquals(
                HexFormat.of().withUpperCase().formatHex(FormatTest.example(name)),
                HexFormat.of().withUpperCase().formatHex(codec.encode(state)));
        assertEquals(StateMessage.of(state), codec.decode(FormatTest.example(name), WireBudget.DEFAULT));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("examples")
    <S extends Crdt<S>> void whatLaterVersionsAddIsKeptMergedAndPassedOn(String name, StateCodec<S> codec, S state)
            throws WireException {
        byte[] known = codec.encode(state);
        byte[] bytes = Arrays.copyOf(known, known.length + 5);
        bytes[known.length] = 42;
        bytes[known.length + 1] = 3;
        StateMessage<S> later = codec.decode(bytes, WireBudget.DEFAULT);
        assertEquals(state, later.state());
        assertArrayEquals(bytes, codec.encode(later));
        assertEquals(later, StateMessage.of(state).merge(later));
        assertEquals(later, later.merge(later));
        assertTrue(StateMessage.of(state).leq(later));
        assertTrue(!later.leq(StateMessage.of(state)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("examples")
    <S extends Crdt<S>> void brokenBytesLeadToNothingButTheOneException(String name, StateCodec<S> codec, S state) {
        byte[] whole = codec.encode(state);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            WireException e = assertThrows(WireException.class, () -> codec.decode(cut, WireBudget.DEFAULT));
            assertTrue(e.offsetBytes() <= length && e.getStackTrace().length == 0);
        }
        WireBudget small = new WireBudget(1 << 20, 0);
        assertThrows(WireException.class, () -> codec.decode(whole, small));
        SeededRuns.check(3000, random -> {
            byte[] bytes = whole.clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                StateMessage<S> decoded = codec.decode(bytes, WireBudget.DEFAULT);
                assertEquals(decoded, codec.decode(codec.encode(decoded), WireBudget.DEFAULT));
            } catch (WireException e) {
                assertTrue(e.offsetBytes() >= 0 && e.offsetBytes() <= bytes.length);
            }
        });
    }

    @Test
    void aValueThatTheApplicationDoesNotKnowIsRefused() {
        byte[] text = StateCodec.replicated(NestedCodec.mvRegister(ANY))
                .encode(Replicated.of(MvRegister.<Value>empty()).update(WRITER, (r, dot) -> r.set(Value.of("x"), dot)));
        assertThrows(
                WireException.class,
                () -> StateCodec.replicated(NestedCodec.mvRegister(INT)).decode(text, WireBudget.DEFAULT));
    }

    @Test
    void anOrSetGoesByItsSnapshot() throws WireException {
        StateCodec<Replicated<AddWinsSet<Integer>>> codec = StateCodec.replicated(NestedCodec.addWinsSet(INT));
        OrSet<Integer> here = new OrSet<>(WRITER);
        for (int i = 0; i < 100; i++) {
            here.add(i);
        }
        OrSet<Integer> there = new OrSet<>(boot(CLOUD, 1));
        there.merge(
                codec.decode(codec.encode(here.snapshot()), WireBudget.DEFAULT).state());
        assertEquals(here.members(), there.members());
        there.remove(7);
        here.merge(
                codec.decode(codec.encode(there.snapshot()), WireBudget.DEFAULT).state());
        assertTrue(!here.contains(7));
        OrSet<Integer> again = new OrSet<>(WRITER);
        again.merge(here.snapshot());
        again.add(7);
        there.merge(again);
        assertTrue(there.contains(7), "a copy of one's own goes on counting where it ended");
        CausalContext gap = CausalContext.of(List.of(new Dot(WRITER, 5)));
        assertThrows(
                IllegalArgumentException.class, () -> there.merge(new Replicated<>(AddWinsSet.<Integer>empty(), gap)));
        assertEquals(Set.of(), new OrSet<Integer>(WRITER).members());
    }
}
