package dev.fieldproof.crdt;

import dev.fieldproof.crdt.wire.WireBudget;
import dev.fieldproof.crdt.wire.WireException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The wire format of the immutable types, as FORMAT.md writes it down; equal states have equal bytes. Deltas are states
 * and are encoded alike; an {@link OrSet} goes by its {@link OrSet#snapshot()}. Immutable and thread-safe.
 *
 * @param <S> type of the state
 */
public abstract class StateCodec<S extends Crdt<S>> {
    private static final int TYPE = 2;
    private static final int FORMAT_VERSION = 1;

    private final byte[] head;

    private StateCodec(byte... code) {
        head = new byte[2 + code.length];
        head[0] = TYPE;
        head[1] = FORMAT_VERSION;
        System.arraycopy(code, 0, head, 2, code.length);
    }

    abstract void write(StateWriter out, S state);

    abstract S read(StateReader in) throws WireException;

    /**
     * Encodes a state or a delta.
     *
     * @param state any
     * @return its bytes
     */
    public byte[] encode(S state) {
        return encode(StateMessage.of(state));
    }

    /**
     * Encodes a state together with what a later version added to it.
     *
     * @param message any
     * @return its bytes
     */
    public byte[] encode(StateMessage<S> message) {
        StateWriter out = new StateWriter();
        write(out, message.state());
        return out.message(head, message.sections());
    }

    /**
     * Decodes a state.
     *
     * @param bytes the whole of it
     * @param budget limits of size; an entry is whatever has a count
     * @return the state, and what this version does not know
     * @throws WireException if the bytes break a rule of the format, are of another type, or exceed the budget
     */
    public StateMessage<S> decode(byte[] bytes, WireBudget budget) throws WireException {
        StateReader in = new StateReader(bytes, head, budget);
        S state = read(in);
        return new StateMessage<>(state, in.sections());
    }

    /**
     * Growing counters.
     *
     * @return the codec
     */
    public static StateCodec<GCounter> gCounter() {
        return new StateCodec<>((byte) 1) {
            @Override
            void write(StateWriter out, GCounter state) {
                writeCounts(out, state);
            }

            @Override
            GCounter read(StateReader in) throws WireException {
                return readCounts(in);
            }
        };
    }

    /**
     * Counters that go up and down.
     *
     * @return the codec
     */
    public static StateCodec<PnCounter> pnCounter() {
        return new StateCodec<>((byte) 2) {
            @Override
            void write(StateWriter out, PnCounter state) {
                writeCounts(out, state.ups());
                writeCounts(out, state.downs());
            }

            @Override
            PnCounter read(StateReader in) throws WireException {
                return new PnCounter(readCounts(in), readCounts(in));
            }
        };
    }

    /**
     * Counters that never fall below zero.
     *
     * @return the codec
     */
    public static StateCodec<BoundedCounter> boundedCounter() {
        return new StateCodec<>((byte) 3) {
            @Override
            void write(StateWriter out, BoundedCounter state) {
                writeCounts(out, state.spent());
                out.count(state.moved().size());
                state.moved().forEach((from, row) -> {
                    out.boot(from).count(row.size());
                    row.forEach((to, count) -> out.boot(to).count(count));
                });
            }

            @Override
            BoundedCounter read(StateReader in) throws WireException {
                GCounter spent = readCounts(in);
                NavigableMap<Boot, NavigableMap<Boot, Long>> moved = new TreeMap<>();
                for (int rows = in.count("the number of givers"); rows > 0; rows--) {
                    Boot from = in.boot();
                    NavigableMap<Boot, Long> row = new TreeMap<>();
                    for (int n = in.count("the number of takers"); n > 0; n--) {
                        row.put(in.boot(), in.positive("a count"));
                    }
                    if (moved.put(from, row) != null) {
                        throw in.broken("a giver occurs once");
                    }
                }
                return BoundedCounter.of(spent, moved);
            }
        };
    }

    /**
     * Replicas of anything nestable, with all that they have seen.
     *
     * @param <T> type of the nestable state
     * @param inner its form
     * @return the codec
     */
    public static <T extends Nested<T>> StateCodec<Replicated<T>> replicated(NestedCodec<T> inner) {
        return new StateCodec<>(inner.code()) {
            @Override
            void write(StateWriter out, Replicated<T> replica) {
                inner.write(out, replica.state());
                out.context(replica.context());
            }

            @Override
            Replicated<T> read(StateReader in) throws WireException {
                T state = inner.read(in);
                CausalContext context = in.context();
                List<Dot> unseen = new ArrayList<>();
                state.forEachDot(dot -> {
                    if (!context.contains(dot)) {
                        unseen.add(dot);
                    }
                });
                if (!unseen.isEmpty()) {
                    throw in.broken("what is there has been seen: " + unseen.get(0));
                }
                return new Replicated<>(state, context);
            }
        };
    }

    private static void writeCounts(StateWriter out, GCounter counter) {
        Boot[] boots = counter.boots();
        out.count(boots.length);
        for (int i = 0; i < boots.length; i++) {
            out.boot(boots[i]).count(counter.counts()[i]);
        }
    }

    private static GCounter readCounts(StateReader in) throws WireException {
        int n = in.count("the number of writers");
        Boot[] boots = new Boot[n];
        long[] counts = new long[n];
        for (int i = 0; i < n; i++) {
            boots[i] = in.boot();
            counts[i] = in.positive("a count");
            if (i > 0 && boots[i].compareTo(boots[i - 1]) <= 0) {
                throw in.broken("writers ascend");
            }
        }
        return GCounter.of(boots, counts);
    }
}
