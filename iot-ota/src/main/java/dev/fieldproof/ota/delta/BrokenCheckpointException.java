package dev.fieldproof.ota.delta;

/** A checkpoint is torn, changed, or none at all: begin again without it. */
public final class BrokenCheckpointException extends DeltaException {
    private static final long serialVersionUID = 1L;

    /**
     * Names the broken rule.
     *
     * @param rule what a checkpoint must be
     */
    public BrokenCheckpointException(String rule) {
        super("not a checkpoint: " + rule);
    }
}
