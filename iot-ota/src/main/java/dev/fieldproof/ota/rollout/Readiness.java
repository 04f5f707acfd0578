package dev.fieldproof.ota.rollout;

/**
 * What a device needs to be updated: power and a link. Immutable.
 *
 * @param minBatteryPercent least charge of a device that is not on mains, 0 to 100
 * @param solarSurplus whether a device that is not on mains must have more sun than it uses
 * @param minSignalDbm least signal strength, at least {@link #ANY_SIGNAL}
 */
public record Readiness(int minBatteryPercent, boolean solarSurplus, int minSignalDbm) {
    /** Weaker than any signal. */
    public static final int ANY_SIGNAL = -255;

    /** Every device is ready. */
    public static final Readiness ALWAYS = new Readiness(0, false, ANY_SIGNAL);

    private static final int KNOWN = 1 << 15;
    private static final int MAINS = 1 << 14;
    private static final int SUN = 1 << 13;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is out of range
     */
    public Readiness {
        if (minBatteryPercent < 0 || minBatteryPercent > 100 || minSignalDbm < ANY_SIGNAL || minSignalDbm > 0) {
            throw new IllegalArgumentException(minBatteryPercent + " % and " + minSignalDbm + " dBm");
        }
    }

    /** A device's condition in two bytes: battery in steps of 4 % and signal in steps of 1 dB, rounded down. */
    static short pack(int batteryPercent, boolean mains, boolean solarSurplus, int signalDbm) {
        int steps = Math.min(31, Math.max(0, batteryPercent) * 31 / 100);
        int decibels = Math.min(255, Math.max(0, signalDbm - ANY_SIGNAL));
        return (short) (KNOWN | (mains ? MAINS : 0) | (solarSurplus ? SUN : 0) | steps << 8 | decibels);
    }

    boolean isMetBy(short condition) {
        if (this.equals(ALWAYS)) {
            return true;
        }
        if ((condition & KNOWN) == 0 || (condition & 0xFF) < minSignalDbm - ANY_SIGNAL) {
            return false;
        }
        boolean charged = (condition >> 8 & 31) >= (minBatteryPercent * 31 + 99) / 100;
        return (condition & MAINS) != 0 || (charged && (!solarSurplus || (condition & SUN) != 0));
    }
}
