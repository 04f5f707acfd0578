package dev.fieldproof.ota.delta.codec;

import dev.fieldproof.ota.delta.isa.ImageReader;

/** Copied bytes that belong to no reference: whether the old byte stays, and what replaces it if not. */
final class PlainModel {
    private static final int FLAG_INPUTS = 5;
    private static final int BYTE_INPUTS = 7;
    private static final int FLAG_LIMIT = 250;
    private static final int BYTE_LIMIT = 60;
    private static final int ALL_STAYED = (1 << Runs.AFTER) - 1;
    private static final int CALM_CELLS = (3 * 8 + 2) * 4;

    private final Context context;
    private final Mixer mixer;
    private final int run;
    /** For bytes of which nothing special is known, in the small profile. */
    private final SureCells calm;

    private final Runs runs;
    private final int inputs;
    private final int flagWeights;
    private final int byteWeights;

    private final int[] replacement = new int[256];
    private final int expectCells;
    /** By the old byte and its neighbours on both sides, by two on both sides. */
    private final History near;

    private final History wide;
    private final int[] keys = new int[7];
    private long window;
    private int windowAt = -8;
    private int sinceMiss = Runs.AFTER;
    private int lastHits = ALL_STAYED;
    private int lastOld;
    private int differences;

    PlainModel(Context context) {
        this.context = context;
        this.mixer = context.mixer;
        expectCells = mixer.region(24);
        near = new History(context.full ? 16 : 8);
        wide = new History(context.full ? 16 : 8);
        run = mixer.region(8 * 8 * 4);
        calm = new SureCells(mixer.coder(), CALM_CELLS);
        for (int i = 0; i < CALM_CELLS; i++) {
            int bucket = i < 3 * 32 ? i >>> 5 : (i >>> 2) - 21;
            calm.expect(i, 4 + (1 << bucket), 8);
        }
        runs = new Runs(mixer.coder());
        inputs = FLAG_INPUTS + (context.full ? 3 : 0);
        flagWeights = mixer.weights(32, inputs, context.full ? 12500 : 18000);
        mixer.weigh(flagWeights, 32, inputs, 0, 60000);
        byteWeights = mixer.weights(4, BYTE_INPUTS, 18000);
        for (int i = 0; i < 256; i++) {
            replacement[i] = i;
        }
    }

    /**
     * Codes whether a run of bytes stays, if all of late did and nothing special is known of those to come.
     *
     * @return length of the run; 0 if bytes are to be coded one by one
     */
    int codeRun(byte[] actual, int oldAt, int limit) {
        if (context.full || runs.isOpen() || (lastHits & ALL_STAYED) != ALL_STAYED) {
            return 0;
        }
        int length = unknown(oldAt, limit);
        if (length == 0 || !runs.code(context.old.matches(oldAt, actual, context.at, length), length, bucket())) {
            return 0;
        }
        sinceMiss += length;
        return length;
    }

    /** How many bytes from an offset on are in no context in which something was not as expected. */
    private int unknown(int oldAt, int limit) {
        slide(oldAt);
        long seen = window;
        int length = 0;
        while (length < limit) {
            int three = (int) (seen >>> 16) & 0xFFFFFF;
            int o = three >>> 8 & 0xFF;
            if (context.knows(Context.key(1, three))
                    || context.knows(Context.key(2, five(seen)))
                    || context.knows(Context.key(4, pair(three, o) | 3 << 17))) {
                break;
            }
            length++;
            seen = seen >>> 8 | (long) context.old.at(oldAt + length + 4) << 56;
        }
        window = seen;
        windowAt = oldAt + length;
        return length;
    }

    /** The old byte, the one before, and whether it was replaced before. */
    private int pair(int three, int o) {
        return o | (three & 0xFF) << 8 | (replacement[o] != o ? 1 : 0) << 16;
    }

    private int bucket() {
        return Math.min(15, 32 - Integer.numberOfLeadingZeros(sinceMiss));
    }

    private static int five(long seen) {
        return Context.hash(
                (int) (seen >>> 16) & 0xFFFFFF, ((int) (seen >>> 8) & 0xFF) | ((int) (seen >>> 32) & 0xFF00));
    }

    /** Codes the byte that takes the place of the old one at an offset. */
    int code(int actual, int oldAt) {
        slide(oldAt);
        int o = (int) (window >>> 24) & 0xFF;
        int three = (int) (window >>> 16) & 0xFFFFFF;
        int five = five(window);
        int bucket = bucket();
        keys[0] = Context.key(1, three);
        keys[1] = Context.key(2, five);
        keys[2] = Context.key(3, o | (lastHits & 0xFF) << 8 | (context.at & 3) << 16);
        keys[3] = Context.key(4, pair(three, o) | (lastHits & 3) << 17);
        boolean hit;
        if (runs.isOpen()) {
            hit = runs.codeOne(actual == o, context.at);
        } else if (!context.full && !context.knowsAny(keys)) {
            hit = calm.code(actual == o ? 1 : 0, calmCell(bucket)) != 0;
        } else {
            hit = codeHit(actual == o ? 1 : 0, five, bucket);
        }
        if (hit) {
            sinceMiss++;
            lastHits = lastHits << 1 | 1;
            return o;
        }
        return codeMiss(actual, o, three, five);
    }

    /** By how long ago the last miss is, shortly after one by the last three decisions too, and by alignment. */
    private int calmCell(int bucket) {
        return (bucket < 3 ? bucket << 3 | (lastHits & 7) : bucket < 4 ? 24 : 25) << 2 | (context.at & 3);
    }

    /** Holds the bytes from three before an offset to four after it. */
    private void slide(int oldAt) {
        ImageReader old = context.old;
        if (oldAt == windowAt) {
            return;
        }
        if (oldAt == windowAt + 1) {
            window = window >>> 8 | (long) old.at(oldAt + 4) << 56;
        } else {
            window = 0;
            for (int i = 0; i < 8; i++) {
                window |= (long) old.at(oldAt - 3 + i) << (8 * i);
            }
        }
        windowAt = oldAt;
    }

    /** Codes whether a byte stays, with all that is known. */
    private boolean codeHit(int actual, int five, int bucket) {
        if (context.full) {
            int o = (int) (window >>> 24) & 0xFF;
            int two = ((int) (window >>> 16) & 0xFF) | ((int) window & 0xFF00);
            keys[4] = Context.key(5, Context.hash(five, ((int) window & 0xFF) | ((int) (window >>> 40) & 0xFF00)));
            keys[5] = Context.key(6, Context.hash(o | two << 8, lastHits & 7));
            keys[6] = Context.key(7, Context.hash(o | lastOld << 8 | (differences & 0xFF) << 16, bucket));
        }
        int known = 0;
        mixer.use(run + (bucket >>> 1 << 5 | (lastHits & 7) << 2 | (context.at & 3)));
        for (int i = 0; i < inputs - 1; i++) {
            int cell = context.knownCell(keys[i]);
            if (cell >= 0) {
                mixer.use(cell);
                known |= 1 << i;
            } else {
                mixer.useNothing();
            }
        }
        int set = (bucket >>> 1) << 2 | (known & 3);
        boolean hit = mixer.mix(actual, flagWeights + set * inputs, 12, FLAG_LIMIT) != 0;
        if (context.full) {
            learn(hit);
        } else if (hit) {
            context.forgetSure(keys);
        }
        return hit;
    }

    private void learn(boolean hit) {
        for (int i = 0; i < inputs - 1; i++) {
            context.learn(keys[i], hit);
        }
    }

    private int codeMiss(int actual, int o, int three, int five) {
        if (!context.full) {
            learn(false);
        }
        int coded = codeByte(actual, o, three, five);
        sinceMiss = 0;
        replacement[o] = coded;
        lastOld = o;
        differences = differences << 8 | ((coded - o) & 0xFF);
        lastHits <<= 1;
        return coded;
    }

    private int codeByte(int actual, int o, int three, int five) {
        int node = 1;
        int expected = (o + differences) & 0xFF;
        int hash1 = Context.hash(o, 0x100);
        int hash2 = Context.hash(differences & 0xFFFF, expected);
        int hash3 = Context.hash(replacement[o], o == lastOld ? 3 : 2);
        int hash4 = Context.hash(context.latest & 0xFF, lastHits & 3);
        int hash5 = Context.hash(three, 5);
        int nearSeen = near.find(three);
        int wideSeen = wide.find(five);
        int set = byteWeights + (lastHits & 3) * BYTE_INPUTS;
        for (int bit = 7; bit >= 0; bit--) {
            int salt = node * 0x3D4D_51CB;
            mixer.use(context.byteCell(1, hash1 + salt));
            mixer.use(context.byteCell(2, hash2 + salt));
            mixer.use(context.byteCell(3, hash3 + salt));
            mixer.use(context.byteCell(4, hash4 + salt));
            if (context.full) {
                mixer.use(context.byteCell(5, hash5 + salt));
            } else {
                expect(expected | 0x100, bit, node, 16);
            }
            expect(nearSeen, bit, node, 0);
            expect(wideSeen, bit, node, 8);
            node = node << 1 | mixer.mix(actual >>> bit & 1, set, 12, BYTE_LIMIT);
        }
        near.learn(three, node & 0xFF);
        wide.learn(five, node & 0xFF);
        return node & 0xFF;
    }

    /** Adds what a byte seen before suggests, for as long as the bits agree. */
    private void expect(int seen, int bit, int node, int kind) {
        if (seen >= 0 && ((seen & 0xFF) | 0x100) >>> (bit + 1) == node) {
            mixer.use(expectCells + kind + ((seen >>> 8 & 3) << 1 | (seen >>> bit & 1)));
        } else {
            mixer.useNothing();
        }
    }
}
