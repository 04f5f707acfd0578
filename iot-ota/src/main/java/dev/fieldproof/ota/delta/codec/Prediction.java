package dev.fieldproof.ota.delta.codec;

import dev.fieldproof.ota.delta.isa.Isa;

/** Where an old target went: by the copy at hand, by earlier references to it, or by the map of all copies. */
final class Prediction {
    /** Number of different sources. */
    static final int SOURCES = 4;

    private final BodyHeader header;
    private final CopyMap map;
    private final Isa isa;
    private final AddressMemory memory;
    private int source;

    Prediction(BodyHeader header, CopyMap map) {
        this.header = header;
        this.map = map;
        this.isa = Isa.all().get(header.isa());
        this.memory = new AddressMemory(header.full() ? 16 : 8, header.full() ? 4096 : 128);
    }

    /** The new address of an old target that a reference within a copy refers to. */
    int predict(int target, int copy) {
        int old = header.oldSegments().offset(target);
        boolean known = memory.knows(target);
        if (old >= 0 && map.covers(copy, old) && !(known && memory.wasSurprising(target))) {
            source = 3;
            return header.newSegments().address(old + map.shift(copy));
        }
        if (known) {
            source = 2;
            return memory.lastNew(target);
        }
        if (old < 0) {
            source = 0;
            return isa.isRam(target) ? target + memory.ramMove(target) : target;
        }
        int found = map.find(old);
        source = map.covers(found, old) ? 1 : 0;
        return header.newSegments().address(old + map.shift(found));
    }

    /** Why the last prediction was made. */
    int source() {
        return source;
    }

    void learn(int target, int now, boolean surprise) {
        memory.learn(target, now, surprise);
    }

    void missed(int target, int now) {
        if (isa.isRam(target)) {
            memory.learnRam(target, now - target);
        }
    }
}
