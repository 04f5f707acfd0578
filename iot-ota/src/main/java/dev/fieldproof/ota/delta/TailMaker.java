package dev.fieldproof.ota.delta;

/** Puts the right bytes in the place of a tail, in an image that comes piece by piece. Not thread-safe. */
abstract class TailMaker {
    /** The image is none that the rule is for. */
    static final class MisfitException extends Exception {
        private static final long serialVersionUID = 1L;

        MisfitException(String rule) {
            super(rule, null, false, false);
        }
    }

    /** Completes the next bytes of the image in place. */
    abstract void complete(byte[] bytes, int count) throws MisfitException;

    /** States that the image is complete. */
    void end() throws MisfitException {}

    /** Offset of the tail in the image, once known. */
    abstract int at();

    /** Size of the tail. */
    abstract int bytes();

    static void require(boolean holds, String rule) throws MisfitException {
        if (!holds) {
            throw new MisfitException(rule);
        }
    }
}
