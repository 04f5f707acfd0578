package dev.fieldproof.crdt;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The members of a set, each with the dot of one addition: entries 0 to {@code size() - 1}, dense so that all of them
 * are read in a row, and an open-addressed index, at most half full so that one is found at the first look as a rule.
 * Removing leaves nothing behind; the last entry takes the place of the one removed. Adding and removing allocate
 * nothing while the size stays within what it was.
 *
 * @param <E> type of the members
 */
final class DotTable<E> {
    private static final int SMALLEST = 16;

    private @Nullable Object[] members = new Object[SMALLEST / 2];
    /** Of each entry: its dot's counter; and its hash above its dot's line. Side by side, to be fetched at once. */
    private long[] words = new long[SMALLEST];
    /** Of each slot: a hash above its entry's number plus one; zero where free. */
    private long[] index = new long[SMALLEST];

    private int size;

    int size() {
        return size;
    }

    @SuppressWarnings("unchecked")
    E member(int entry) {
        Object member = members[entry];
        if (member == null) {
            throw new IllegalStateException("no entry " + entry);
        }
        return (E) member;
    }

    long counter(int entry) {
        return words[2 * entry];
    }

    int line(int entry) {
        return (int) words[2 * entry + 1];
    }

    private int hash(int entry) {
        return (int) (words[2 * entry + 1] >>> 32);
    }

    /** Gives an entry another dot. */
    void set(int entry, int line, long counter) {
        words[2 * entry] = counter;
        words[2 * entry + 1] = (long) hash(entry) << 32 | line;
    }

    /** The entry of a member, or -1. */
    int find(Object member) {
        return (int) index[slotOf(member, hash(member))] - 1;
    }

    /** The entry of a dot whose member has the hash of an entry of another table, or -1. */
    int find(DotTable<E> other, int entry, int line, long counter) {
        int hash = other.hash(entry);
        int mask = index.length - 1;
        for (int slot = home(hash); index[slot] != 0; slot = slot + 1 & mask) {
            int here = (int) index[slot] - 1;
            if ((int) (index[slot] >>> 32) == hash && counter(here) == counter && line(here) == line) {
                return here;
            }
        }
        return -1;
    }

    /** Adds a member with its dot, or gives it another dot if it is there; says whether it was absent. */
    boolean put(E member, int line, long counter) {
        int hash = hash(member);
        int slot = slotOf(member, hash);
        int entry = (int) index[slot] - 1;
        boolean absent = entry < 0;
        if (absent) {
            if (size == members.length) {
                grow();
                slot = slotOf(member, hash);
            }
            entry = size++;
            members[entry] = member;
            index[slot] = (long) hash << 32 | size;
        }
        words[2 * entry] = counter;
        words[2 * entry + 1] = (long) hash << 32 | line;
        return absent;
    }

    /** Removes a member; says whether it was there. */
    boolean remove(Object member) {
        int slot = slotOf(member, hash(member));
        boolean held = index[slot] != 0;
        if (held) {
            free(slot);
        }
        return held;
    }

    /** Removes an entry; the last one takes its place. */
    void removeAt(int entry) {
        free(slotOf(entry));
    }

    private void free(int slot) {
        int entry = (int) index[slot] - 1;
        int last = --size;
        if (entry != last) {
            index[slotOf(last)] = (long) hash(last) << 32 | (entry + 1);
            members[entry] = members[last];
            words[2 * entry] = words[2 * last];
            words[2 * entry + 1] = words[2 * last + 1];
        }
        members[last] = null;
        closeGap(slot);
    }

    /** Frees a slot and moves up what would no longer be found behind it. */
    private void closeGap(int slot) {
        int mask = index.length - 1;
        int free = slot;
        for (int next = free + 1 & mask; index[next] != 0; next = next + 1 & mask) {
            int home = home((int) (index[next] >>> 32));
            if ((next - home & mask) >= (next - free & mask)) {
                index[free] = index[next];
                free = next;
            }
        }
        index[free] = 0;
    }

    private void grow() {
        members = Arrays.copyOf(members, 2 * size);
        words = Arrays.copyOf(words, 4 * size);
        index = new long[4 * size];
        int mask = index.length - 1;
        for (int entry = 0; entry < size; entry++) {
            int slot = home(hash(entry));
            while (index[slot] != 0) {
                slot = slot + 1 & mask;
            }
            index[slot] = (long) hash(entry) << 32 | (entry + 1);
        }
    }

    /** The slot of a member, or the free one where it belongs. */
    private int slotOf(Object member, int hash) {
        int mask = index.length - 1;
        int slot = home(hash);
        while (true) {
            long there = index[slot];
            if (there == 0 || ((int) (there >>> 32) == hash && member.equals(members[(int) there - 1]))) {
                return slot;
            }
            slot = slot + 1 & mask;
        }
    }

    private int slotOf(int entry) {
        int mask = index.length - 1;
        int slot = home(hash(entry));
        while ((int) index[slot] != entry + 1) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    /** The upper bits, which depend on all bits of what was hashed. */
    private int home(int hash) {
        return hash >>> (Integer.numberOfLeadingZeros(index.length) + 1);
    }

    private static int hash(Object member) {
        return PackedDictionary.spread(member.hashCode());
    }
}
