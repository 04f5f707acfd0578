package dev.fieldproof.sparkplug.edge;

/**
 * How many stored samples may be on their way at once, so that what is live never waits long behind them: as many as
 * the network was seen to take within {@link #PATIENCE_NANOS}, and no more a second than the owner said. Not
 * thread-safe.
 */
final class DrainPace {
    /** Within this the network should have taken a message; after twice as long the window is halved. */
    static final long PATIENCE_NANOS = 125_000_000L;

    private static final int FIRST_WINDOW = 10;

    private final int perTick;
    private int window = FIRST_WINDOW;
    private int left;
    private int underWay;

    DrainPace(int perTick) {
        this.perTick = perTick;
    }

    /** A session begins, or a tick: what was not used before is gone. */
    void tick() {
        left = perTick;
    }

    /** A session begins: nothing is on its way. */
    void begin() {
        underWay = 0;
        window = FIRST_WINDOW;
        tick();
    }

    /** How many samples the next message may have; 0 for none now. */
    int allowance() {
        return Math.max(0, Math.min(left, window - underWay));
    }

    /** Samples were read, whether they are sent or not. */
    void looked(int samples) {
        left -= samples;
    }

    void sent(int samples) {
        underWay += samples;
    }

    /** The network took a message, so long after it was given it. */
    void passed(int samples, long nanos) {
        underWay -= samples;
        if (nanos > 2 * PATIENCE_NANOS) {
            window = Math.max(1, window / 2);
        } else if (nanos < PATIENCE_NANOS) {
            window = Math.min(perTick, window + samples);
        }
    }
}
