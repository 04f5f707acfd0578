package dev.fieldproof.crdt;

import java.util.List;

/** Names one behind the other in one string with an open-addressed index: about 20 bytes for a name of 8. Immutable. */
final class PackedDictionary implements KeyDictionary {
    private static final int ID = 0x00FF_FFFF;

    /** One string, because strings are compared to a part of it faster than to bytes. */
    private final String text;

    private final int[] ends;
    /**
     * Number of the key plus one in 24 bits, under the lowest 8 bits of its hash, so that a wrong name is seldom looked
     * at.
     */
    private final int[] index;

    PackedDictionary(List<String> names) {
        if (names.size() > MAX_KEYS) {
            throw new IllegalArgumentException("a dictionary has at most " + MAX_KEYS + " keys, not " + names.size());
        }
        text = String.join("", names);
        ends = new int[names.size()];
        // Three quarters full: a smaller one stays nearer to the processor, which outweighs the longer search.
        index = new int[ends.length / 3 * 4 + 4];
        int end = 0;
        for (int i = 0; i < ends.length; i++) {
            String name = names.get(i);
            end += name.length();
            ends[i] = end;
            int hash = spread(name.hashCode());
            int slot = find(name, hash);
            if (index[slot] != 0) {
                throw new IllegalArgumentException("key '" + name + "' occurs twice");
            }
            index[slot] = hash << 24 | (i + 1);
        }
    }

    private int start(int id) {
        return id == 0 ? 0 : ends[id - 1];
    }

    /** The slot of the index that holds this name, or the free slot where it belongs. */
    private int find(String name, int hash) {
        int slot = (int) (((hash & 0xFFFF_FFFFL) * index.length) >>> 32);
        while (true) {
            int entry = index[slot];
            if (entry == 0 || (entry >>> 24 == (hash & 0xFF) && holds((entry & ID) - 1, name))) {
                return slot;
            }
            slot = slot + 1 == index.length ? 0 : slot + 1;
        }
    }

    /**
     * Spreads a hash (Knuth, volume 3, section 6.4: multiplicative hashing): its upper bits depend on all bits of it.
     */
    static int spread(int hash) {
        return hash * 0x9E37_79B9;
    }

    private boolean holds(int id, String name) {
        int start = start(id);
        return ends[id] - start == name.length() && text.startsWith(name, start);
    }

    @Override
    public int size() {
        return ends.length;
    }

    @Override
    public int idOf(String name) {
        // The string remembers its hash, so that finding it again reads it only to compare.
        return (index[find(name, spread(name.hashCode()))] & ID) - 1;
    }

    @Override
    public String nameOf(int id) {
        return text.substring(start(id), ends[id]);
    }
}
