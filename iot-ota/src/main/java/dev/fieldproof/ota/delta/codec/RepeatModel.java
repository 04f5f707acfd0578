package dev.fieldproof.ota.delta.codec;

/**
 * Bytes that no copy gives, in the small profile: runs that repeat the old image or the last {@link Repeats#WINDOW}
 * bytes of the new one, and single bytes. Runs cost the decoder no memory beyond that window, which is why they do here
 * what higher orders do in the full profile.
 */
final class RepeatModel implements Literals {
    private static final int INPUTS = 3;
    private static final int LIMIT = 60;
    private static final int SHORTEST_NEW = 3;

    private final Context context;
    private final Mixer mixer;
    private final Repeats given;
    private final Numbers oldPlaces;
    private final Numbers newPlaces;
    private final Numbers lengths;
    private final Numbers againLengths;
    private final int runCells;
    private final int againCells;
    private final int rankCells;
    private final int placeCells;
    private final int weights;

    private final byte[] window = new byte[Repeats.WINDOW];
    private final int[] recent = Repeats.none();
    /** Offset after the last byte that was coded here. */
    private int next = -1;
    /** Which of the last decisions between run and byte were for a run, the latest lowest. */
    private int history;
    /** What is left of the run at hand. */
    private int left;

    RepeatModel(Context context, Repeats given) {
        this.context = context;
        this.mixer = context.mixer;
        this.given = given;
        oldPlaces = new Numbers(mixer);
        newPlaces = new Numbers(mixer);
        lengths = new Numbers(mixer);
        againLengths = new Numbers(mixer);
        runCells = mixer.region(32);
        againCells = mixer.region(32);
        rankCells = mixer.region(8);
        placeCells = mixer.region(3);
        weights = mixer.weights(4, INPUTS, 22000);
    }

    @Override
    public void saw(byte[] bytes, int from, int length) {
        for (int i = 0; i < length; i++) {
            window[context.at + i & Repeats.WINDOW - 1] = bytes[from + i];
        }
    }

    @Override
    public int code(int actual, int besideAt) {
        if (context.at != next) {
            Repeats.remember(recent, 0, context.old.size() + context.at - besideAt);
            history = 0;
            left = 0;
        }
        next = context.at + 1;
        if (left == 0) {
            int after = history & 1;
            int length = given.lengthAt(context.at);
            int cell = (history & 7) << 2 | (context.at & 3);
            history = history << 1 | mixer.direct(length > 0 ? 1 : 0, runCells + cell, LIMIT);
            if ((history & 1) == 0) {
                return codeByte(actual, byteAt(recent[0]), after);
            }
            left = codeRun(length, cell, besideAt, after);
        }
        left--;
        return byteAt(recent[0]);
    }

    /** A byte of the new image at a distance, or if that is not within reach, of the old one. */
    private int byteAt(int distance) {
        int at = context.at;
        boolean inNew = distance > 0 && distance <= Math.min(Repeats.WINDOW, at);
        return inNew
                ? window[at - distance & Repeats.WINDOW - 1] & 0xFF
                : context.old.at(context.old.size() + at - distance);
    }

    /** Codes the place of a run, which goes first in the list of recent ones, and its length. */
    private int codeRun(int length, int cell, int besideAt, int after) {
        int distance = length > 0 ? given.distance() : 0;
        int rank = 0;
        while (rank < Repeats.RECENT && recent[rank] != distance) {
            rank++;
        }
        if (mixer.direct(rank < Repeats.RECENT ? 1 : 0, againCells + cell, LIMIT) != 0) {
            int coded = 0;
            while (coded < 3 && mixer.direct(rank == coded ? 1 : 0, rankCells + 4 * after + coded, LIMIT) == 0) {
                coded++;
            }
            Repeats.remember(recent, 0, recent[coded]);
            return againLengths.code(length - 1) + 1;
        }
        int end = context.old.size() + context.at;
        boolean inOld = distance > Math.min(Repeats.WINDOW, context.at);
        if (mixer.direct(inOld ? 1 : 0, placeCells + after, LIMIT) != 0) {
            int move = end - distance - besideAt;
            int back = mixer.direct(move < 0 ? 1 : 0, placeCells + 2, LIMIT);
            int size = oldPlaces.codeAligned(Math.abs(move));
            distance = end - besideAt - (back != 0 ? -size : size);
        } else {
            distance = newPlaces.codeAligned(distance - 1) + 1;
        }
        Repeats.remember(recent, 0, distance);
        return lengths.code(length - SHORTEST_NEW) + SHORTEST_NEW;
    }

    private int codeByte(int actual, int expected, int after) {
        int hash1 = Context.hash(expected, 0x100);
        int hash2 = Context.hash(context.at & 1, 5);
        int hash3 = Context.hash(context.latest >>> 4 & 15, context.at & 1);
        int set = weights + (after << 1 | (context.at & 1)) * INPUTS;
        int node = 1;
        for (int bit = 7; bit >= 0; bit--) {
            int salt = node * 0x3D4D_51CB;
            mixer.use(context.byteCell(10, hash1 + salt));
            mixer.use(context.byteCell(11, hash2 + salt));
            mixer.use(context.byteCell(12, hash3 + salt));
            node = node << 1 | mixer.mix(actual >>> bit & 1, set, 12, LIMIT);
        }
        return node & 0xFF;
    }
}
