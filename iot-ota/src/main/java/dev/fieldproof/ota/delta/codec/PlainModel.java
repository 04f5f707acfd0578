package dev.fieldproof.ota.delta.codec;

/** Copied bytes that belong to no reference: whether the old byte stays, and what replaces it if not. */
final class PlainModel {
    private static final int FLAG_INPUTS = 5;
    private static final int BYTE_INPUTS = 7;
    private static final int FLAG_LIMIT = 250;
    private static final int BYTE_LIMIT = 60;

    private final Context context;
    private final Mixer mixer;
    private final int run;
    private final int inputs;
    private final int flagWeights;
    private final int byteWeights;

    private final int[] replacement = new int[256];
    private final int expectCells;
    /** By the old byte and its neighbours on both sides, by two on both sides. */
    private final History near;

    private final History wide;
    private final int[] keys = new int[7];
    private int sinceMiss;
    private int lastHits = 7;
    private int lastOld;
    private int differences;

    PlainModel(Context context) {
        this.context = context;
        this.mixer = context.mixer;
        expectCells = mixer.region(24);
        near = new History(context.full ? 16 : 9);
        wide = new History(context.full ? 16 : 9);
        run = mixer.region(16 * 8 * 4);
        inputs = FLAG_INPUTS + (context.full ? 3 : 0);
        flagWeights = mixer.weights(32, inputs, context.full ? 12500 : 18000);
        mixer.weigh(flagWeights, 32, inputs, 0, 60000);
        byteWeights = mixer.weights(4, BYTE_INPUTS, 18000);
        for (int i = 0; i < 256; i++) {
            replacement[i] = i;
        }
    }

    /** Codes the byte that takes the place of the old one at an offset. */
    int code(int actual, int oldAt) {
        int o = context.old.at(oldAt);
        int before = context.old.at(oldAt - 1);
        int after = context.old.at(oldAt + 1);
        int three = before | o << 8 | after << 16;
        int five = Context.hash(three, context.old.at(oldAt - 2) | context.old.at(oldAt + 2) << 8);
        int bucket = Math.min(15, 32 - Integer.numberOfLeadingZeros(sinceMiss));
        mixer.use(run + (bucket << 5 | (lastHits & 7) << 2 | (context.at & 3)));
        keys[0] = Context.key(1, three);
        keys[1] = Context.key(2, five);
        keys[2] = Context.key(3, o | (lastHits & 0xFF) << 8 | (context.at & 3) << 16);
        keys[3] = Context.key(4, o | before << 8 | (replacement[o] != o ? 1 : 0) << 16 | (lastHits & 3) << 17);
        if (context.full) {
            keys[4] = Context.key(5, Context.hash(five, context.old.at(oldAt - 3) | context.old.at(oldAt + 3) << 8));
            keys[5] = Context.key(6, Context.hash(o | before << 8 | context.old.at(oldAt - 2) << 16, lastHits & 7));
            keys[6] = Context.key(7, Context.hash(o | lastOld << 8 | (differences & 0xFF) << 16, bucket));
        }
        int known = 0;
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
        boolean hit = mixer.mix(actual == o ? 1 : 0, flagWeights + set * inputs, 12, FLAG_LIMIT) != 0;
        for (int i = 0; i < inputs - 1; i++) {
            context.learn(keys[i], hit);
        }
        int coded = hit ? o : codeMiss(actual, o, three, five);
        if (hit) {
            sinceMiss++;
        } else {
            sinceMiss = 0;
            replacement[o] = coded;
            lastOld = o;
            differences = differences << 8 | ((coded - o) & 0xFF);
        }
        lastHits = lastHits << 1 | (hit ? 1 : 0);
        return coded;
    }

    private int codeMiss(int actual, int o, int three, int five) {
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
