package dev.fieldproof.ota.delta.codec;

import dev.fieldproof.ota.delta.isa.Isa;
import dev.fieldproof.ota.delta.isa.References;

/** References: predicted through the map from old to new addresses; the rare misses as a distance from that. */
final class ReferenceModel {
    private static final int FLAG_INPUTS = 3;
    private static final int LIMIT = 250;
    private static final int RECENT = 4;

    private final Context context;
    private final Mixer mixer;
    private final BodyHeader header;
    private final Isa isa;
    private final CopyMap map;
    private final AddressMemory memory;
    private final int byHistory;
    private final int byTarget;
    private final int bySince;
    private final int weights;
    private final int sameOpcode;
    private final int recentCells;
    private final int sign;
    private final Numbers distance;

    private final int[] recent = new int[RECENT];
    private final int[] lastHits = new int[32];
    private int sinceMiss;

    /** The new field, if {@link #code} returned true. */
    int coded;

    ReferenceModel(Context context, BodyHeader header, CopyMap map) {
        this.context = context;
        this.mixer = context.mixer;
        this.header = header;
        this.isa = Isa.all().get(header.isa());
        this.map = map;
        this.memory = new AddressMemory(header.full() ? 16 : 8, header.full() ? 4096 : 128);
        byHistory = mixer.region(32 * 3 * 8);
        byTarget = context.table();
        bySince = mixer.region(16 * 32);
        weights = mixer.weights(3, FLAG_INPUTS, 28000);
        sameOpcode = mixer.region(32);
        recentCells = mixer.region(32 * (RECENT + 1));
        sign = mixer.region(32);
        distance = new Numbers(mixer);
    }

    int size(int type) {
        return isa.size(type);
    }

    /**
     * Codes one reference.
     *
     * @param actual the new field when encoding
     * @param references holds the reference
     * @param i its index
     * @return false if the field must be coded as plain bytes
     */
    boolean code(int actual, References references, int i) {
        int type = references.type(i);
        int target = references.target(i);
        int offset = references.offset(i);
        int base = header.newSegments().address(context.at) - references.back(i);
        int bits = context.old.bits(offset, isa.size(type));
        boolean ram = isa.isRam(target);
        int source;
        int predicted;
        if (memory.knows(target)) {
            predicted = memory.lastNew(target);
            source = 2;
        } else {
            int old = header.oldSegments().offset(target);
            if (old >= 0) {
                int copy = map.find(old);
                predicted = header.newSegments().address(old + map.shift(copy));
                source = map.covers(copy, old) ? 1 : 0;
            } else {
                predicted = ram ? target + memory.ramMove(target) : target;
                source = 0;
            }
        }
        int guess = isa.write(type, bits, base, predicted);
        int bucket = Math.min(15, 32 - Integer.numberOfLeadingZeros(sinceMiss));
        mixer.use(byHistory + ((type * 3 + source) << 3 | (lastHits[type] & 7)));
        mixer.use(context.cell(byTarget, Context.hash(target, type)));
        mixer.use(bySince + (bucket << 5 | type));
        boolean hit = mixer.mix(actual == guess ? 1 : 0, weights + source * FLAG_INPUTS, 6, LIMIT) != 0;
        lastHits[type] = lastHits[type] << 1 | (hit ? 1 : 0);
        sinceMiss = hit ? sinceMiss + 1 : 0;
        int now = predicted;
        if (hit) {
            coded = guess;
        } else {
            int near = isa.read(type, guess, base);
            int moved = codeMoved(actual, type, bits, base, near);
            if (moved == 0) {
                return false;
            }
            coded = isa.write(type, bits, base, near + moved);
            now = predicted + moved;
            if (ram) {
                memory.learnRam(target, now - target);
            }
        }
        if (isa.tellsTarget(type)) {
            memory.learn(target, now);
        }
        return true;
    }

    /** Codes how far the new target lies from the predicted one; 0 if the field differs otherwise too. */
    private int codeMoved(int actual, int type, int bits, int base, int near) {
        int moved = isa.read(type, actual, base) - near;
        boolean same = moved != 0
                && moved % isa.unit(type) == 0
                && Math.abs(moved / isa.unit(type)) < 1 << 30
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
