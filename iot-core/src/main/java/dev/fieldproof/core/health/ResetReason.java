package dev.fieldproof.core.health;

import java.util.Arrays;
import java.util.Optional;

/**
 * Why a device started, with the numbers of ESP-IDF's {@code esp_reset_reason_t} and whether such a start is part of a
 * healthy life. Other platforms map theirs to the nearest: {@link #ofZephyr} does so for Zephyr; {@link #kind} sorts
 * them.
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

    /** Worst first: lock-up, watchdog, brown-out, faults of the chip, attacks; then healthy starts. */
    private static final int[] ZEPHYR_BITS = {8, 4, 2, 9, 16, 10, 11, 14, 12, 6, 5, 1, 13, 15, 7, 0, 3};

    private static final ResetReason[] ZEPHYR_REASONS = {
        CPU_LOCKUP,
        OTHER_WATCHDOG,
        BROWN_OUT,
        PANIC,
        PANIC,
        POWER_GLITCH,
        POWER_GLITCH,
        PANIC,
        UNKNOWN,
        PANIC,
        JTAG,
        SOFTWARE,
        EXTERNAL,
        SOFTWARE,
        DEEP_SLEEP,
        EXTERNAL,
        POWER_ON
    };

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
     * The reason that Zephyr reports (its {@code hwinfo_get_reset_cause}, which its ports to other chips share). Of
     * several flags the one that is least like a healthy start counts.
     *
     * @param flags any combination of Zephyr's {@code RESET_} flags; unknown ones are ignored
     * @return the nearest reason, {@link #UNKNOWN} if there is no known flag
     */
    public static ResetReason ofZephyr(int flags) {
        for (int i = 0; i < ZEPHYR_BITS.length; i++) {
            if ((flags >>> ZEPHYR_BITS[i] & 1) != 0) {
                return ZEPHYR_REASONS[i];
            }
        }
        return UNKNOWN;
    }

    /**
     * What kind of start it is, for platforms and people that do not speak ESP-IDF.
     *
     * @return the kind
     */
    public Kind kind() {
        return switch (this) {
            case UNKNOWN -> Kind.UNKNOWN;
            case POWER_ON, EXTERNAL -> Kind.POWER;
            case SOFTWARE, SDIO -> Kind.REQUEST;
            case PANIC, CPU_LOCKUP -> Kind.CRASH;
            case INTERRUPT_WATCHDOG, TASK_WATCHDOG, OTHER_WATCHDOG -> Kind.HANG;
            case DEEP_SLEEP -> Kind.WAKE;
            case BROWN_OUT, POWER_GLITCH -> Kind.SUPPLY;
            case USB, JTAG -> Kind.TOOL;
            case EFUSE -> Kind.HARDWARE;
        };
    }

    /** Kinds of starts on any platform. */
    public enum Kind {
        /** Could not be determined. */
        UNKNOWN,
        /** Power came on, or the reset pin. */
        POWER,
        /** Somebody asked for it. */
        REQUEST,
        /** The program failed. */
        CRASH,
        /** The program hung, and a watchdog ended it. */
        HANG,
        /** It slept. */
        WAKE,
        /** The supply failed. */
        SUPPLY,
        /** A debugger or a flashing tool. */
        TOOL,
        /** The chip itself failed. */
        HARDWARE
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
