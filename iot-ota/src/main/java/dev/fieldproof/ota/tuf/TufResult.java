package dev.fieldproof.ota.tuf;

import java.time.Instant;

/** How a step of the client ended. */
public sealed interface TufResult {
    /**
     * The trusted metadata is now current.
     *
     * @param rootVersion of the trusted root
     * @param timestampVersion of the trusted timestamp
     * @param snapshotVersion of the trusted snapshot
     * @param targetsVersion of the trusted top-level targets
     * @param expires when the first of them expires
     */
    record Refreshed(
            long rootVersion, long timestampVersion, long snapshotVersion, long targetsVersion, Instant expires)
            implements TufResult {}

    /**
     * A trusted role describes the target.
     *
     * @param target its description
     * @param role the role that vouches for it
     */
    record Found(TargetFile target, String role) implements TufResult {}

    /**
     * The target was fetched and has the length and hashes that trusted metadata states.
     *
     * @param target its description
     */
    record Downloaded(TargetFile target) implements TufResult {}

    /**
     * Nothing was believed; what was trusted before is still trusted.
     *
     * @param refusal why
     * @param file the metadata or target file that was refused
     * @param detail for people
     */
    record Refused(Refusal refusal, String file, String detail) implements TufResult {
        @Override
        public String toString() {
            return refusal + " " + file + ": " + detail;
        }
    }
}
