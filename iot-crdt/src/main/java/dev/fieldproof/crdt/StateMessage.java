package dev.fieldproof.crdt;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;

/**
 * A state as it came over the wire, with what a later version of the format added to it: that is kept, merged and
 * passed on unread. Immutable.
 *
 * @param <S> type of the state
 * @param state what this version knows of
 * @param sections what it does not, in ascending order
 */
public record StateMessage<S extends Crdt<S>>(S state, List<Section> sections) implements Crdt<StateMessage<S>> {
    /**
     * Copies the list, ordered and without duplicates.
     */
    public StateMessage {
        sections = List.copyOf(new TreeSet<>(sections));
    }

    /**
     * Something that a later version defines.
     *
     * @param tag its code
     * @param bytes its content, handed over and not copied
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over without a copy on purpose
    public record Section(long tag, byte[] bytes) implements Comparable<Section> {
        @Override
        public int compareTo(Section other) {
            int byTag = Long.compareUnsigned(tag, other.tag);
            return byTag != 0 ? byTag : Arrays.compareUnsigned(bytes, other.bytes);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Section that && compareTo(that) == 0;
        }

        @Override
        public int hashCode() {
            return 31 * Long.hashCode(tag) + Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return tag + ":" + HexFormat.of().formatHex(bytes);
        }
    }

    /**
     * A state of this version.
     *
     * @param <S> its type
     * @param state any
     * @return the message
     */
    public static <S extends Crdt<S>> StateMessage<S> of(S state) {
        return new StateMessage<>(state, List.of());
    }

    @Override
    public StateMessage<S> merge(StateMessage<S> other) {
        TreeSet<Section> all = new TreeSet<>(sections);
        all.addAll(other.sections);
        return new StateMessage<>(state.merge(other.state), List.copyOf(all));
    }

    @Override
    public boolean leq(StateMessage<S> other) {
        return state.leq(other.state) && new TreeSet<>(other.sections).containsAll(sections);
    }
}
