package dev.fieldproof.ota.delta.isa;

/** No instruction set: every byte is predicted by the old byte alone. */
final class Plain extends Isa {
    Plain() {
        super("none", 0, 0);
    }

    @Override
    boolean hasPointers() {
        return false;
    }

    @Override
    InstructionDecoder decoder() {
        return s -> s.at = s.limit;
    }
}
