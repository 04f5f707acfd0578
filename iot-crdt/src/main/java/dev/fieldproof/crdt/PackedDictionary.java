package dev.fieldproof.crdt;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Names as UTF-8 in one array with an open-addressed index: about 20 bytes for a name of 8. Immutable. */
final class PackedDictionary implements KeyDictionary {
    private static final int TAG = 0xFF00_0000;

    private final byte[] text;
    private final int[] ends;
    /** Number of the key plus one in 24 bits, under 8 bits of its hash, so that a wrong name is seldom looked at. */
    private final int[] index;

    PackedDictionary(List<String> names) {
        if (names.size() > MAX_KEYS) {
            throw new IllegalArgumentException("a dictionary has at most " + MAX_KEYS + " keys, not " + names.size());
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ends = new int[names.size()];
        for (int i = 0; i < ends.length; i++) {
            all.writeBytes(names.get(i).getBytes(StandardCharsets.UTF_8));
            ends[i] = all.size();
        }
        text = all.toByteArray();
        index = new int[Integer.highestOneBit(Math.max(2, ends.length * 3 / 2)) * 2];
        for (int i = 0; i < ends.length; i++) {
            int hash = mix(names.get(i).hashCode());
            int slot = find(names.get(i), hash);
            if (index[slot] != 0) {
                throw new IllegalArgumentException("key '" + names.get(i) + "' occurs twice");
            }
            index[slot] = (hash & TAG) | (i + 1);
        }
    }

    private int start(int id) {
        return id == 0 ? 0 : ends[id - 1];
    }

    /** The slot of the index that holds this name, or the free slot where it belongs. */
    private int find(String name, int hash) {
        int mask = index.length - 1;
        int slot = hash & mask;
        while (true) {
            int entry = index[slot];
            if (entry == 0 || (((entry ^ hash) & TAG) == 0 && holds((entry & ~TAG) - 1, name))) {
                return slot;
            }
            slot = slot + 1 & mask;
        }
    }

    /** Spreads a hash over all bits (the finaliser of MurmurHash3): names that differ in a digit lie far apart. */
    static int mix(int hash) {
        int mixed = (hash ^ hash >>> 16) * 0x85EB_CA6B;
        mixed = (mixed ^ mixed >>> 13) * 0xC2B2_AE35;
        return mixed ^ mixed >>> 16;
    }

    private boolean holds(int id, String name) {
        int start = start(id);
        int length = ends[id] - start;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 0x80) {
                byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
                return Arrays.equals(text, start, start + length, utf8, 0, utf8.length);
            }
            if (i >= length || text[start + i] != c) {
                return false;
            }
        }
        return length == name.length();
    }

    @Override
    public int size() {
        return ends.length;
    }

    @Override
    public int idOf(String name) {
        // The string remembers its hash, so that finding it again reads it only to compare.
        return (index[find(name, mix(name.hashCode()))] & ~TAG) - 1;
    }

    @Override
    public String nameOf(int id) {
        return new String(text, start(id), ends[id] - start(id), StandardCharsets.UTF_8);
    }
}
