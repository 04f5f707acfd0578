package dev.fieldproof.core.health;

/** What is known of a device now. */
public enum DeviceState {
    /** Its beats come as its own rhythm promises. */
    ALIVE(0),
    /** Two beats are missing: worth a look, pages nobody. */
    SUSPECT(1),
    /** It said, or its broker said for it, that it is gone. */
    OFFLINE(2),
    /** More beats are missing than bad luck explains within the budget of false alarms; it said nothing. */
    SILENT(3),
    /** It announced to sleep until a time that has not come. */
    ASLEEP(4),
    /** It talks, and what it says is bad: a crash, a trend, or an anomaly. */
    DEGRADED(5),
    /** It talks, but a signal that it promised stopped or froze. */
    WEDGED(6),
    /**
     * Its gateway is down, so nothing is known of it. The gateway's alarm stands for that of every device behind it:
     * no event tells the change from {@link #ALIVE} and back.
     */
    UNREACHABLE(7);

    private static final DeviceState[] BY_CODE = new DeviceState[values().length];

    static {
        for (DeviceState state : values()) {
            BY_CODE[state.code] = state;
        }
    }

    private final int code;

    DeviceState(int code) {
        this.code = code;
    }

    /** A small number for primitive arrays; never stored outside the process. */
    int code() {
        return code;
    }

    /** What would end it, for people. */
    String clearedBy() {
        return switch (this) {
            case ALIVE -> "nothing to clear";
            case SUSPECT, SILENT, OFFLINE -> "its next beat";
            case ASLEEP -> "its waking time";
            case DEGRADED -> "a report that it is well, or an hour without a restart";
            case WEDGED -> "a new value of the signal";
            case UNREACHABLE -> "its gateway's return";
        };
    }

    static DeviceState ofCode(int code) {
        return BY_CODE[code];
    }
}
