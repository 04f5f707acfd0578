package dev.fieldproof.ota.delta.codec;

import dev.fieldproof.ota.delta.isa.Isa;
import dev.fieldproof.ota.delta.isa.ReferenceScanner;
import java.util.Arrays;

/** References: predicted through the map from old to new addresses; the rare misses as a distance from that. */
final class ReferenceModel {
    private static final int FLAG_INPUTS = 3;
    private static final int LIMIT = 250;
    private static final int RECENT = 4;
    /** By type, source and the last two of the type. */
    private static final int CALM_CELLS = 16 * 4 * 4;

    private final Context context;
    private final Mixer mixer;
    private final BodyHeader header;
    private final Isa isa;
    private final Prediction prediction;
    private final int weights;
    private final int unchanged;
    private final int sameOpcode;
    private final int recentCells;
    private final int sign;
    private final Numbers distance;

    /** For references of which nothing special is known, in the small profile. */
    private final SureCells calm;

    private final int[] recent = new int[RECENT];
    private final int[] lastHits = new int[32];
    private int sinceMiss;
    private int lastTarget;
    private boolean stayed;

    /** The new field, if {@link #code} returned true. */
    int coded;

    ReferenceModel(Context context, BodyHeader header, CopyMap map) {
        this.context = context;
        this.mixer = context.mixer;
        this.header = header;
        this.isa = Isa.all().get(header.isa());
        this.prediction = new Prediction(header, map);
        weights = mixer.weights(2 * Prediction.SOURCES, FLAG_INPUTS, 24000);
        unchanged = mixer.region(32);
        sameOpcode = mixer.region(32);
        recentCells = mixer.region(32 * (RECENT + 1));
        sign = mixer.region(32);
        distance = new Numbers(mixer);
        calm = new SureCells(mixer.coder(), CALM_CELLS);
        for (int i = 0; i < CALM_CELLS; i++) {
            calm.expect(i, (i & 3) == 3 ? 30 : (i & 3) == 0 ? 2 : 4, 2);
        }
        Arrays.fill(lastHits, context.full ? 0 : 7);
    }

    int size(int type) {
        return isa.size(type);
    }

    /**
     * Codes one reference.
     *
     * @param actual the new field when encoding
     * @param type its type
     * @param offset where it lies in the old image
     * @param found tells the rest about it
     * @param copy index of the copy that the reference is part of
     * @return false if the field must be coded as plain bytes
     */
    boolean code(int actual, int type, int offset, ReferenceScanner found, int copy) {
        int target = found.target();
        int base = isa.isLength(type) ? lastTarget : header.newSegments().address(context.at) - found.back();
        int bits = context.old.bits(offset, isa.size(type));
        int predicted = prediction.predict(target, copy);
        int source = prediction.source();
        int guess = isa.write(type, bits, base, predicted);
        boolean hit = codeHit(actual == guess ? 1 : 0, target, type, source);
        lastHits[type] = lastHits[type] << 1 | (hit ? 1 : 0);
        sinceMiss = hit ? sinceMiss + 1 : 0;
        int now = predicted;
        if (hit) {
            coded = guess;
        } else {
            int near = isa.read(type, guess, base);
            int moved = codeMoved(actual, type, bits, base, near);
            if (moved == 0) {
                lastTarget = predicted;
                return false;
            }
            coded = stayed ? bits : isa.write(type, bits, base, near + moved);
            now = predicted + moved;
            prediction.missed(target, now);
        }
        lastTarget = now;
        if (isa.tellsTarget(type)) {
            prediction.learn(target, now, !hit);
        }
        return true;
    }

    /** Codes whether a field is as predicted. */
    private boolean codeHit(int actual, int target, int type, int source) {
        int key = Context.key(9, Context.hash(target, type));
        int cell = context.knownCell(key);
        boolean hit;
        if (cell < 0 && !context.full) {
            hit = calm.code(actual, (type << 2 | source) << 2 | (lastHits[type] & 3)) != 0;
        } else {
            int bucket = Math.min(15, 32 - Integer.numberOfLeadingZeros(sinceMiss));
            mixer.use(context.fewCell(8, (type * Prediction.SOURCES + source) << 3 | (lastHits[type] & 7)));
            mixer.use(context.fewCell(10, bucket << 5 | type));
            if (cell >= 0) {
                mixer.use(cell);
            } else {
                mixer.useNothing();
            }
            int set = source << 1 | (cell >= 0 ? 1 : 0);
            hit = mixer.mix(actual, weights + set * FLAG_INPUTS, 12, LIMIT) != 0;
        }
        context.learn(key, hit);
        return hit;
    }

    /** Codes how far the new target lies from the predicted one; 0 if the field differs otherwise too. */
    private int codeMoved(int actual, int type, int bits, int base, int near) {
        int stays = isa.read(type, bits, base) - near;
        stayed = stays != 0 && mixer.direct(actual == bits ? 1 : 0, unchanged + type, 60) != 0;
        if (stayed) {
            return stays;
        }
        int moved = isa.read(type, actual, base) - near;
        boolean same = moved != 0
                && moved % isa.unit(type) == 0
                && Math.abs((long) moved / isa.unit(type)) < 1 << 30
                && isa.write(type, bits, base, near + moved) == actual;
        if (mixer.direct(same ? 1 : 0, sameOpcode + type, 60) == 0) {
            return 0;
        }
        int steps = moved / isa.unit(type);
        for (int i = 0; i < RECENT; i++) {
            if (recent[i] != 0
                    && mixer.direct(recent[i] == steps ? 1 : 0, recentCells + type * (RECENT + 1) + i, 30) != 0) {
                return remember(recent[i], i) * isa.unit(type);
            }
        }
        int negative = mixer.direct(steps < 0 ? 1 : 0, sign + type, 60);
        int magnitude = distance.code(Math.abs(steps) - 1) + 1;
        return remember(negative != 0 ? -magnitude : magnitude, RECENT - 1) * isa.unit(type);
    }

    private int remember(int steps, int from) {
        for (int i = from; i > 0; i--) {
            recent[i] = recent[i - 1];
        }
        recent[0] = steps;
        return steps;
    }
}
