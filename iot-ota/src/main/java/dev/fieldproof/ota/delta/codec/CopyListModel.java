package dev.fieldproof.ota.delta.codec;

import dev.fieldproof.ota.delta.match.Copies;

/** The list of copies: literals before each, where it continues in the old image, and its length. */
final class CopyListModel {
    private final BodyHeader header;
    private final CopyMap map;
    private final Mixer mixer;
    private final Numbers gaps;
    private final Numbers seeks;
    private final Numbers lengths;
    private final int seekCells;
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
        int seek = codeSeek(known ? given.oldAt(i) - oldEnd : 0);
        int length = lengths.code(known ? given.length(i) - 1 : 0) + 1;
        long targetAt = (long) targetEnd + gap;
        long oldAt = (long) oldEnd + seek;
        if (targetAt + length > header.newSize()) {
            throw new BodyException("a copy must end within the new image");
        }
        if (oldAt < 0 || oldAt + length > header.oldSize()) {
            throw new BodyException("a copy must lie within the old image");
        }
        map.add((int) targetAt, (int) oldAt, length);
        targetEnd = (int) targetAt + length;
        oldEnd = (int) oldAt + length;
    }

    private int codeSeek(int seek) {
        int moved = mixer.direct(seek != 0 ? 1 : 0, seekCells + lastKind, 60);
        if (moved == 0) {
            lastKind = 0;
            return 0;
        }
        int negative = mixer.direct(seek < 0 ? 1 : 0, seekCells + 4 + lastKind, 60);
        lastKind = 1 + negative;
        int magnitude = seeks.code(Math.abs(seek) - 1) + 1;
        return negative != 0 ? -magnitude : magnitude;
    }
}
