package dev.fieldproof.ota.install;

import java.util.Optional;

/** Decides whether an installation may go on now: battery, signal, maintenance window. Asked before every chunk. */
@FunctionalInterface
public interface Preconditions {
    /** Always. */
    Preconditions NONE = Optional::empty;

    /**
     * Whether to wait.
     *
     * @return what does not hold, for people; empty to go on
     */
    Optional<String> reasonToWait();

    /**
     * Both.
     *
     * @param other asked if this one does not wait
     * @return waits if either does
     */
    default Preconditions and(Preconditions other) {
        return () -> {
            Optional<String> reason = reasonToWait();
            return reason.isPresent() ? reason : other.reasonToWait();
        };
    }
}
