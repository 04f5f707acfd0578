package dev.fieldproof.ota.delta.codec;

/** One direction of the range coder; encoder and decoder share every line of modelling above it. */
interface BitCoder {
    /**
     * Codes one binary decision.
     *
     * @param bit 0 or 1 when encoding; not looked at when decoding
     * @param probability of a 1, in 1/65536, from 1 to 65535
     * @return the bit
     */
    int code(int bit, int probability);

    /** Whether a whole unit of the body can be coded now. */
    boolean ready();
}
