package dev.fieldproof.crdt;

import java.util.ArrayList;
import java.util.List;

/**
 * A writer's present life and a random number of each of its last boots, by which two devices with one identity are
 * told apart however often they restarted meanwhile. Kept in flash beside the boot counter, sent with every greeting.
 * Immutable.
 *
 * @param life the present life
 * @param marks of the last boots of this incarnation, the present one first, at most {@link #MAX_MARKS}; empty for a
 *     writer that cannot be cloned
 */
public record BootTrail(Boot life, List<Mark> marks) {
    /** Boots remembered: clones are found out for certain if each restarts fewer times than that between contacts. */
    public static final int MAX_MARKS = 8;

    /** A mark further back than this is dropped. */
    public static final int MAX_EPOCHS_BACK = 254;

    /**
     * One boot.
     *
     * @param epoch of that boot
     * @param nonce drawn at random in that boot
     */
    public record Mark(long epoch, int nonce) {}

    /**
     * Copies the marks, as many as are kept.
     *
     * @throws IllegalArgumentException if the first is not of the present life, or epochs do not descend
     */
    public BootTrail {
        long last = life.epoch();
        for (int i = 0; i < marks.size(); i++) {
            long epoch = marks.get(i).epoch();
            if (i == 0 ? epoch != last : epoch >= last) {
                throw new IllegalArgumentException("marks descend from " + life + ": " + marks);
            }
            last = epoch;
        }
        marks = List.copyOf(marks.subList(0, Math.min(MAX_MARKS, marks.size())));
    }

    /**
     * The trail after a restart.
     *
     * @param next the new life, of the same incarnation or, with all marks forgotten, of a greater one
     * @param nonce drawn at random
     * @return the trail to keep before the first write of the new life
     */
    public BootTrail next(Boot next, int nonce) {
        List<Mark> all = new ArrayList<>();
        all.add(new Mark(next.epoch(), nonce));
        if (next.incarnation() == life.incarnation()) {
            marks.stream()
                    .filter(mark -> next.epoch() - mark.epoch() <= MAX_EPOCHS_BACK)
                    .forEach(all::add);
        }
        return new BootTrail(next, all);
    }
}
