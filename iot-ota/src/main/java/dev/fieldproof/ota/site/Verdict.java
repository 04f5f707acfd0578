package dev.fieldproof.ota.site;

/** Whether someone on site may do what they ask for. */
public sealed interface Verdict {
    /** They may. */
    record Granted() implements Verdict {}

    /**
     * They may not.
     *
     * @param rule which rule says so
     * @param reason for people
     */
    record Refused(Rule rule, String reason) implements Verdict {}

    /** Why not. */
    enum Rule {
        /** The site has no policy yet. */
        NO_POLICY,
        /** The policy is of another site. */
        OTHER_SITE,
        /** The policy is over; upstream has to sign a new one. */
        ENDED,
        /** Nobody granted it to this person for this target. */
        NOT_GRANTED,
        /** It would reach more devices than were granted. */
        TOO_MANY_DEVICES
    }
}
