package dev.fieldproof.ota.delta.isa;

/** Decodes instructions in order; what it remembers of those before is its own. */
@FunctionalInterface
interface InstructionDecoder {
    /** Decodes the instruction at {@code sweep.at}, adds its references and moves on by at least one byte. */
    void next(Sweep sweep);

    /** Moves on, before the first instruction, as far as the references from an offset on stay the same. */
    default void skipTo(Sweep sweep, int offset) {}
}
