package dev.fieldproof.crdt;

import java.time.Duration;
import java.util.function.IntFunction;

/** Says who may write which key, and how far ahead a shared stamp may be. Thread-safe; its answers never change. */
public interface StampPolicy {
    /** How far a shared stamp may be ahead of the receiver's clock, unless said otherwise. */
    Duration DEFAULT_MAX_AHEAD = Duration.ofMinutes(5);

    /**
     * The only writer of a key.
     *
     * @param key its number
     * @return the owner, or {@link WriterId#SHARED} if anyone may write
     */
    WriterId ownerOf(int key);

    /**
     * The bound beyond which a shared stamp is quarantined.
     *
     * @return not negative
     */
    default Duration maxAhead() {
        return DEFAULT_MAX_AHEAD;
    }

    /**
     * Every key has the same owner.
     *
     * @param owner the one writer
     * @return the policy
     */
    static StampPolicy ownedBy(WriterId owner) {
        return key -> owner;
    }

    /**
     * Every key is shared.
     *
     * @return the policy
     */
    static StampPolicy shared() {
        return key -> WriterId.SHARED;
    }

    /**
     * Owners by key.
     *
     * @param owners gives the owner of a key
     * @param maxAhead the bound for shared stamps, not negative
     * @return the policy
     */
    static StampPolicy of(IntFunction<WriterId> owners, Duration maxAhead) {
        return new StampPolicy() {
            @Override
            public WriterId ownerOf(int key) {
                return owners.apply(key);
            }

            @Override
            public Duration maxAhead() {
                return maxAhead;
            }
        };
    }
}
