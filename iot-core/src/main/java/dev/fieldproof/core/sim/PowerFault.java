package dev.fieldproof.core.sim;

/** How far a flash operation got when the power failed, or when the chip failed without telling. */
public enum PowerFault {
    /** Nothing of the operation happened. */
    BEFORE,
    /** The first part happened: whole units, then one unit with some of its bits; of an erase, the first bytes. */
    TORN_PREFIX,
    /** Each bit that was to change did so or not, at random. */
    TORN_BITS,
    /** The first half of the sector is erased, the rest is untouched; of a program, the first half of its units. */
    HALF_ERASE,
    /**
     * The erase reads as blank but is too weak to last: what is programmed over it later loses bits at a later power
     * on, unless the sector is erased again first. Of a program: as {@link #AFTER}.
     */
    WEAK_ERASE,
    /** All of the operation happened, but nothing after it. */
    AFTER
}
