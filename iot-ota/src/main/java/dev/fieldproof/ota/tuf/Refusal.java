package dev.fieldproof.ota.tuf;

/** Why metadata or a target was refused; each is a state that the caller may act on. */
public enum Refusal {
    /** Too few valid signatures of keys that are trusted for the role: arbitrary software. */
    UNTRUSTED_SIGNATURES,
    /** A version lower than one trusted before, or a listed file that is no longer listed. */
    ROLLBACK,
    /** Metadata that has expired: someone may be keeping newer metadata away. */
    EXPIRED,
    /** A file is not the one that the metadata above it names, by hash, length or version. */
    MIX_AND_MATCH,
    /** A file is longer than its limit; reading stopped there. */
    ENDLESS_DATA,
    /** A file that must be there is not. */
    MISSING,
    /** A file does not follow the format. */
    MALFORMED,
    /** Metadata of a specification version that this client does not know. */
    UNSUPPORTED_SPECIFICATION,
    /** A hash algorithm that this client does not know, so that a file cannot be checked. */
    UNSUPPORTED_HASH,
    /** The root names no keys for a role. */
    MISSING_ROLE,
    /** A target's bytes are not what its metadata says. */
    TARGET_MISMATCH,
    /** No trusted role says anything about the target. */
    UNKNOWN_TARGET,
    /** The search for a target visited as many roles as allowed. */
    TOO_MANY_DELEGATIONS,
    /** The transfer failed; the metadata itself may be good. */
    UNREACHABLE
}
