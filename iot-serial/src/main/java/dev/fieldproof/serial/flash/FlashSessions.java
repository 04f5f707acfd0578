package dev.fieldproof.serial.flash;

import dev.fieldproof.serial.port.PortOpener;
import java.util.function.LongSupplier;

/** Runs whole sessions: a pure machine and a driver. Stateless and thread-safe. */
public final class FlashSessions {
    private FlashSessions() {}

    /**
     * Brings a plan into flash.
     *
     * @param ports opens the port
     * @param options how the session behaves
     * @param plan what is to be in flash
     * @param monitor hears the progress and may cancel
     * @param nanoTime monotonic nanoseconds, the clock that the ports' timeouts run on
     * @return how it ended and what it cost
     */
    public static FlashReport flash(
            PortOpener ports, FlashOptions options, FlashPlan plan, FlashMonitor monitor, LongSupplier nanoTime) {
        try (SessionDriver driver = new SessionDriver(ports, monitor, nanoTime)) {
            FlashResult result =
                    driver.run(new FlashSession(plan, options).start()).orElseGet(FlashResult.Cancelled::new);
            return new FlashReport(result, driver.stats());
        }
    }
}
