package dev.fieldproof.core.transport;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The end of an exchange, reported once. */
@FunctionalInterface
interface Completion {
    /** For what nobody waits for. */
    Completion IGNORED = failure -> {};

    /**
     * Reports the end.
     *
     * @param failure null if the promise was kept
     */
    void end(@Nullable Throwable failure);

    static Completion of(CompletableFuture<Void> future) {
        return failure -> {
            if (failure == null) {
                future.complete(null);
            } else {
                future.completeExceptionally(failure);
            }
        };
    }
}
