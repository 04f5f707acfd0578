package dev.fieldproof.serial.flash;

import java.io.IOException;

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
     * Hears that the file for the session's state failed. The session goes on; a new process would begin by comparing.
     *
     * @param why what the disk said
     */
    default void stateNotKept(IOException why) {}

    /**
     * Watches nothing.
     *
     * @return a monitor that never cancels
     */
    static FlashMonitor none() {
        return new FlashMonitor() {};
    }
}
