package dev.fieldproof.serial.flash;

/** Watches a session and may stop it. Called on the session's thread; must not block. */
public interface FlashMonitor {
    /**
     * Hears how far the session is.
     *
     * @param progress how far
     */
    default void progress(FlashProgress progress) {}

    /**
     * Whether to stop. Asked between any two packets; what is in flash stays there and a later session goes on from it.
     *
     * @return true to stop
     */
    default boolean cancelled() {
        return false;
    }

    /**
     * Watches nothing.
     *
     * @return a monitor that never cancels
     */
    static FlashMonitor none() {
        return new FlashMonitor() {};
    }
}
