package dev.fieldproof.ota.delta.codec;

/** What a body decodes to breaks a rule of the format. */
public final class BodyException extends Exception {
    private static final long serialVersionUID = 1L;

    BodyException(String rule) {
        super(rule, null, false, false);
    }
}
