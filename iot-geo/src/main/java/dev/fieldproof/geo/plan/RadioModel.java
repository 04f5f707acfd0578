package dev.fieldproof.geo.plan;

/**
 * Path loss by log-distance: free space to one metre, then a power of the distance, and a fixed loss for each obstacle
 * in the way (Rappaport, Wireless Communications, section 4.9).
 *
 * @param frequencyMegahertz carrier
 * @param transmitDbm power at the antenna, its gain included
 * @param sensitivityDbm least power that can be received, the antenna's gain taken off
 * @param exponent 2 in free space, up to 4 near the ground
 * @param obstacleLossDb for each obstacle that the straight line meets
 * @param requiredMarginDb what a planned link must have in hand
 */
public record RadioModel(
        double frequencyMegahertz,
        double transmitDbm,
        double sensitivityDbm,
        double exponent,
        double obstacleLossDb,
        double requiredMarginDb) {
    /** Wi-Fi at 2.4 GHz and 6.5 Mbit/s: 18 dBm, -88 dBm, exponent 2.7, 9 dB an obstacle, 10 dB in hand. */
    public static final RadioModel WIFI_2400 = new RadioModel(2442, 18, -88, 2.7, 9, 10);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if frequency or exponent is not positive
     */
    public RadioModel {
        if (!(frequencyMegahertz > 0) || !(exponent > 0)) {
            throw new IllegalArgumentException("frequency " + frequencyMegahertz + " MHz, exponent " + exponent);
        }
    }

    /**
     * What a link has in hand over the receiver's sensitivity.
     *
     * @param distanceMetres between the antennas; less than one counts as one
     * @param obstacles in the way
     * @return decibels, negative if the link does not work
     */
    public double marginDb(double distanceMetres, int obstacles) {
        double atOneMetre = 20 * Math.log10(frequencyMegahertz) - 27.55;
        double loss = atOneMetre + 10 * exponent * Math.log10(Math.max(1, distanceMetres)) + obstacles * obstacleLossDb;
        return transmitDbm - loss - sensitivityDbm;
    }
}
