package dev.fieldproof.ota.site;

/** Bytes that are no policy of a site. Has no stack trace: it is about the bytes, not the code. */
public final class MalformedPolicyException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedPolicyException(String rule) {
        super(rule, null, false, false);
    }
}
