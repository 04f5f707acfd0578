package dev.fieldproof.ota.tuf;

/** Carries a refusal up to where it becomes a result. Checked and without a stack trace. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;
    private final String file;

    RefusedException(Refusal refusal, String file, String detail) {
        super(detail, null, false, false);
        this.refusal = refusal;
        this.file = file;
    }

    TufResult.Refused result() {
        return new TufResult.Refused(refusal, file, String.valueOf(getMessage()));
    }

    Refusal refusal() {
        return refusal;
    }
}
