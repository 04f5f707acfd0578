package dev.fieldproof.ota.rollout;

/**
 * What updates may use of each site in an hour. A hard limit: an offer that would exceed it waits for the next hour.
 * Immutable.
 *
 * @param airtimeMillisPerHour airtime of the site's radio channel, in milliseconds
 * @param energyJoulesPerHour energy of the site's supply
 * @param airtimeMillisPerDevice airtime of one update
 * @param energyJoulesPerDevice energy of one update
 */
public record SiteBudget(
        long airtimeMillisPerHour, long energyJoulesPerHour, long airtimeMillisPerDevice, long energyJoulesPerDevice) {
    /** No limit. */
    public static final SiteBudget UNLIMITED = new SiteBudget(Long.MAX_VALUE, Long.MAX_VALUE, 0, 0);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is negative, or one device exceeds an hour
     */
    public SiteBudget {
        if (airtimeMillisPerDevice < 0
                || energyJoulesPerDevice < 0
                || airtimeMillisPerDevice > airtimeMillisPerHour
                || energyJoulesPerDevice > energyJoulesPerHour) {
            throw new IllegalArgumentException("one update takes " + airtimeMillisPerDevice + " ms of "
                    + airtimeMillisPerHour + " and " + energyJoulesPerDevice + " J of " + energyJoulesPerHour);
        }
    }

    /** How many devices of one site may be updated in an hour. */
    int devicesPerHour() {
        long byAir = airtimeMillisPerDevice == 0 ? Integer.MAX_VALUE : airtimeMillisPerHour / airtimeMillisPerDevice;
        long byPower = energyJoulesPerDevice == 0 ? Integer.MAX_VALUE : energyJoulesPerHour / energyJoulesPerDevice;
        return (int) Math.min(Integer.MAX_VALUE, Math.min(byAir, byPower));
    }
}
