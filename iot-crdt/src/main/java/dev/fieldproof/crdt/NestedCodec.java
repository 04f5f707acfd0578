package dev.fieldproof.crdt;

import dev.fieldproof.crdt.wire.WireException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The form of a nestable state on the wire, to be put together as the state is: {@link StateCodec#replicated} of {@code
 * NestedCodec.orMap(keys, NestedCodec.counter())}. Immutable and thread-safe.
 *
 * @param <S> type of the state
 */
public abstract class NestedCodec<S extends Nested<S>> {
    private final byte[] code;

    private NestedCodec(int code, byte... inner) {
        this.code = new byte[1 + inner.length];
        this.code[0] = (byte) code;
        System.arraycopy(inner, 0, this.code, 1, inner.length);
    }

    /** The codes of the type and of what it nests. */
    byte[] code() {
        return code;
    }

    abstract S empty();

    abstract void write(StateWriter out, S state);

    abstract S read(StateReader in) throws WireException;

    private interface Payload<X> {
        void write(StateWriter out, X payload);
    }

    private interface PayloadReader<X> {
        X read(StateReader in) throws WireException;
    }

    private static <X> void writeDots(StateWriter out, DotFun<X> dots, Payload<X> payload) {
        out.count(dots.size());
        dots.forEach((dot, x) -> payload.write(out.dot(dot), x));
    }

    private static <X> DotFun<X> readDots(StateReader in, PayloadReader<X> payload) throws WireException {
        NavigableMap<Dot, List<X>> dots = new TreeMap<>();
        for (int n = in.count("the number of dots"); n > 0; n--) {
            Dot dot = in.dot();
            List<X> one = List.of(payload.read(in));
            List<X> before = dots.getOrDefault(dot, List.of());
            if (before.size() == DotFun.MAX_CLASHES || before.contains(one.get(0))) {
                throw in.broken("a dot occurs once with a value, and with at most " + DotFun.MAX_CLASHES);
            }
            dots.put(dot, before.isEmpty() ? one : DotFun.both(before, one));
        }
        return DotFun.of(dots);
    }

    private static <T> T decoded(StateReader in, ValueCodec<T> codec) throws WireException {
        Value value = in.value();
        try {
            return codec.decode(value);
        } catch (IllegalArgumentException e) {
            throw in.broken("a value is one of the application's: " + e.getMessage());
        }
    }

    /**
     * Registers that keep concurrent values.
     *
     * @param <V> type of the values
     * @param values their form
     * @return the codec
     */
    public static <V> NestedCodec<MvRegister<V>> mvRegister(ValueCodec<V> values) {
        return new NestedCodec<>(4) {
            @Override
            MvRegister<V> empty() {
                return MvRegister.empty();
            }

            @Override
            void write(StateWriter out, MvRegister<V> state) {
                writeDots(out, state.writes(), (o, value) -> o.value(values.encode(value)));
            }

            @Override
            MvRegister<V> read(StateReader in) throws WireException {
                return MvRegister.of(readDots(in, i -> decoded(i, values)));
            }
        };
    }

    /**
     * Registers that show the latest value.
     *
     * @param <V> type of the values
     * @param values their form
     * @return the codec
     */
    public static <V> NestedCodec<LwwRegister<V>> lwwRegister(ValueCodec<V> values) {
        return new NestedCodec<>(5) {
            @Override
            LwwRegister<V> empty() {
                return LwwRegister.empty();
            }

            @Override
            void write(StateWriter out, LwwRegister<V> state) {
                writeDots(
                        out,
                        state.writes(),
                        (o, write) -> o.count(write.hybridTime()).value(values.encode(write.value())));
            }

            @Override
            LwwRegister<V> read(StateReader in) throws WireException {
                return LwwRegister.of(
                        readDots(in, i -> new LwwRegister.Write<>(i.positive("a hybrid time"), decoded(i, values))));
            }
        };
    }

    /**
     * Flags.
     *
     * @return the codec
     */
    public static NestedCodec<EnableWinsFlag> flag() {
        return new NestedCodec<>(6) {
            @Override
            EnableWinsFlag empty() {
                return EnableWinsFlag.empty();
            }

            @Override
            void write(StateWriter out, EnableWinsFlag state) {
                writeDots(out, state.writes(), (o, on) -> {});
            }

            @Override
            EnableWinsFlag read(StateReader in) throws WireException {
                return EnableWinsFlag.of(readDots(in, i -> true));
            }
        };
    }

    /**
     * Counters inside maps.
     *
     * @return the codec
     */
    public static NestedCodec<NestedCounter> counter() {
        return new NestedCodec<>(7) {
            @Override
            NestedCounter empty() {
                return NestedCounter.empty();
            }

            @Override
            void write(StateWriter out, NestedCounter state) {
                writeDots(out, state.writes(), StateWriter::number);
            }

            @Override
            NestedCounter read(StateReader in) throws WireException {
                return NestedCounter.of(readDots(in, StateReader::number));
            }
        };
    }

    /**
     * Sets in which an addition wins.
     *
     * @param <E> type of the members
     * @param members their form
     * @return the codec
     */
    public static <E> NestedCodec<AddWinsSet<E>> addWinsSet(ValueCodec<E> members) {
        NestedCodec<OrMap<E, EnableWinsFlag>> map = orMap(members, flag());
        return new NestedCodec<>(8) {
            @Override
            AddWinsSet<E> empty() {
                return AddWinsSet.empty();
            }

            @Override
            void write(StateWriter out, AddWinsSet<E> state) {
                map.write(out, state.flags());
            }

            @Override
            AddWinsSet<E> read(StateReader in) throws WireException {
                return AddWinsSet.of(map.read(in));
            }
        };
    }

    /**
     * Sets in which a removal wins.
     *
     * @param <E> type of the members
     * @param members their form
     * @return the codec
     */
    public static <E> NestedCodec<RemoveWinsSet<E>> removeWinsSet(ValueCodec<E> members) {
        NestedCodec<OrMap<E, MvRegister<Boolean>>> map = orMap(members, mvRegister(BOOL));
        return new NestedCodec<>(9) {
            @Override
            RemoveWinsSet<E> empty() {
                return RemoveWinsSet.empty();
            }

            @Override
            void write(StateWriter out, RemoveWinsSet<E> state) {
                map.write(out, state.writes());
            }

            @Override
            RemoveWinsSet<E> read(StateReader in) throws WireException {
                return RemoveWinsSet.of(map.read(in));
            }
        };
    }

    private static final ValueCodec<Boolean> BOOL = new ValueCodec<>() {
        @Override
        public Value encode(Boolean object) {
            return Value.of(object);
        }

        @Override
        public Boolean decode(Value value) {
            if (value instanceof Value.Bool bool) {
                return bool.value();
            }
            throw new IllegalArgumentException("neither true nor false: " + value);
        }
    };

    /**
     * Maps of anything nestable. Keys are written in the order of their bytes, so that equal maps have equal bytes.
     *
     * @param <K> type of the keys
     * @param <S> type of the values
     * @param keys form of the keys
     * @param inner form of the values
     * @return the codec
     */
    public static <K, S extends Nested<S>> NestedCodec<OrMap<K, S>> orMap(ValueCodec<K> keys, NestedCodec<S> inner) {
        return new NestedCodec<>(10, inner.code()) {
            @Override
            OrMap<K, S> empty() {
                return OrMap.empty(inner.empty());
            }

            @Override
            void write(StateWriter out, OrMap<K, S> state) {
                TreeMap<byte[], S> sorted = new TreeMap<>(Arrays::compareUnsigned);
                state.entries()
                        .forEach((key, value) ->
                                sorted.put(out.part().value(keys.encode(key)).bytes(), value));
                out.count(sorted.size());
                sorted.forEach((key, value) -> inner.write(out.raw(key), value));
            }

            @Override
            OrMap<K, S> read(StateReader in) throws WireException {
                Map<K, S> entries = new HashMap<>();
                for (int n = in.count("the number of keys"); n > 0; n--) {
                    K key = decoded(in, keys);
                    S value = inner.read(in);
                    if (value.isEmpty() || entries.put(key, value) != null) {
                        throw in.broken("a key occurs once and has a value");
                    }
                }
                return OrMap.of(inner.empty(), entries);
            }
        };
    }
}
