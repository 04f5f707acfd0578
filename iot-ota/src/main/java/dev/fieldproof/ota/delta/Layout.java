package dev.fieldproof.ota.delta;

import dev.fieldproof.ota.delta.isa.Isa;
import dev.fieldproof.ota.delta.isa.Segments;

/** A guess at what an image pair is: its instruction set and where its parts are loaded. */
record Layout(int isa, Segments old, Segments target) {
    static final Layout PLAIN = new Layout(0, Segments.NONE, Segments.NONE);

    String name() {
        return Isa.all().get(isa).name();
    }
}
