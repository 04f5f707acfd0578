package dev.fieldproof.core.health;

import java.util.Arrays;
import java.util.Optional;

/**
 * Why a device started, with the numbers of ESP-IDF's {@code esp_reset_reason_t} and whether such a start is part of a
 * healthy life. Other platforms map theirs to the nearest, {@link #UNKNOWN} if there is none.
 */
public enum ResetReason {
    /** Could not be determined. */
    UNKNOWN(0, false),
    /** Power came on. */
    POWER_ON(1, true),
    /** The reset pin. */
    EXTERNAL(2, true),
    /** The software asked for it, such as after an update. */
    SOFTWARE(3, true),
    /** An exception or a panic. */
    PANIC(4, false),
    /** The interrupt watchdog. */
    INTERRUPT_WATCHDOG(5, false),
    /** The task watchdog. */
    TASK_WATCHDOG(6, false),
    /** Another watchdog. */
    OTHER_WATCHDOG(7, false),
    /** Woke from deep sleep. */
    DEEP_SLEEP(8, true),
    /** The supply fell below what the chip needs. */
    BROWN_OUT(9, false),
    /** Over SDIO. */
    SDIO(10, true),
    /** The USB peripheral, such as a flashing tool. */
    USB(11, true),
    /** The JTAG debugger. */
    JTAG(12, true),
    /** An error in the one-time programmable fuses. */
    EFUSE(13, false),
    /** A glitch on the supply, perhaps an attack. */
    POWER_GLITCH(14, false),
    /** Both a double exception and no way on. */
    CPU_LOCKUP(15, false);

    private final int code;
    private final boolean expected;

    ResetReason(int code, boolean expected) {
        this.code = code;
        this.expected = expected;
    }

    /**
     * The number in ESP-IDF and on the wire.
     *
     * @return 0 to 15
     */
    public int code() {
        return code;
    }

    /**
     * Whether a healthy device starts for this reason too.
     *
     * @return false for crashes, watchdogs and trouble of the supply
     */
    public boolean isExpected() {
        return expected;
    }

    /**
     * The reason of a number.
     *
     * @param code any number
     * @return the reason, or empty if ESP-IDF defines none of that number
     */
    public static Optional<ResetReason> ofCode(int code) {
        return Arrays.stream(values()).filter(reason -> reason.code == code).findFirst();
    }
}
