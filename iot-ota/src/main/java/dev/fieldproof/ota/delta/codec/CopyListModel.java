package dev.fieldproof.ota.delta.codec;

import dev.fieldproof.ota.delta.match.Copies;

/** The list of copies: literals before each, where it continues in the old image, and its length. */
final class CopyListModel {
    /** How many places are remembered. */
    private static final int RECENT = 8;

    private final BodyHeader header;
    private final CopyMap map;
    private final Mixer mixer;
    private final Numbers gaps;
    private final Numbers seeks;
    private final Numbers lengths;
    private final int seekCells;
    private final int rankCells;
    private final int[] recent = new int[RECENT];
    private int lastKind;
    private int targetEnd;
    private int oldEnd;
    private Copies given = new Copies();

    CopyListModel(Mixer mixer, BodyHeader header, CopyMap map) {
        this.mixer = mixer;
        this.header = header;
        this.map = map;
        gaps = new Numbers(mixer);
        seeks = new Numbers(mixer);
        lengths = new Numbers(mixer);
        seekCells = mixer.region(12);
        rankCells = mixer.region(2 * RECENT);
    }

    void give(Copies copies) {
        given = copies;
    }

    boolean done() {
        return map.size() == header.copies();
    }

    void step() throws BodyException {
        int i = map.size();
        boolean known = i < given.size();
        int gap = gaps.code(known ? given.targetAt(i) - targetEnd : 0);
        int seek = codeSeek(known ? given.oldAt(i) - oldEnd : 0, gap);
        int length = lengths.code(known ? given.length(i) - 1 : 0) + 1;
        long targetAt = (long) targetEnd + gap;
        long oldAt = (long) oldEnd + seek;
        if (targetAt + length > header.newSize()) {
            throw new BodyException("a copy must end within the new image");
        }
        if (!header.full() && length > BodyHeader.MAX_SMALL_COPY) {
            throw new BodyException("a copy of the small profile must have at most 65535 bytes");
        }
        if (oldAt < 0 || oldAt + length > header.oldSize()) {
            throw new BodyException("a copy must lie within the old image");
        }
        map.add((int) targetAt, (int) oldAt, length);
        remember((int) (oldAt - targetAt));
        targetEnd = (int) targetAt + length;
        oldEnd = (int) oldAt + length;
    }

    /** A place seen lately is named by its rank; another one by the change of shift. */
    private int codeSeek(int seek, int gap) {
        int rank = gap == 0 ? 0 : RECENT;
        for (int i = 0; i < RECENT; i++) {
            int expected = recent[i] - oldEnd + targetEnd + gap;
            if (expected == 0 || (i == 0 && gap == 0)) {
                continue;
            }
            if (mixer.direct(seek == expected ? 1 : 0, rankCells + rank + i, 60) != 0) {
                return expected;
            }
        }
        return codeDistance(seek, gap);
    }

    private void remember(int shift) {
        int i = 0;
        while (i < RECENT - 1 && recent[i] != shift) {
            i++;
        }
        for (; i > 0; i--) {
            recent[i] = recent[i - 1];
        }
        recent[0] = shift;
    }

    private int codeDistance(int seek, int gap) {
        int moved = mixer.direct(seek != 0 ? 1 : 0, seekCells + lastKind, 60);
        if (moved == 0) {
            lastKind = 0;
            return 0;
        }
        int move = seek - gap;
        int negative = mixer.direct(move < 0 ? 1 : 0, seekCells + 4 + lastKind, 60);
        lastKind = 1 + negative;
        int magnitude = seeks.codeAligned(Math.abs(move));
        return (negative != 0 ? -magnitude : magnitude) + gap;
    }
}
