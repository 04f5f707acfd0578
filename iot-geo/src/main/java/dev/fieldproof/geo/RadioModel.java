package dev.fieldproof.geo;

/**
 * Path loss by log-distance: free space to one metre, then a power of the distance (Rappaport, Wireless Communications,
 * section 4.9), and for each obstacle in the way the lesser of a fixed loss through it and the diffraction loss over
 * its edge (ITU-R P.526-15, section 4.1). Immutable and thread-safe.
 *
 * @param frequencyMegahertz carrier
 * @param transmitDbm power at the antenna, its gain included
 * @param sensitivityDbm least power that can be received, the antenna's gain taken off
 * @param exponent 2 in free space, up to 4 near the ground
 * @param obstacleLossDb through each obstacle that the straight line meets
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
     * @param obstructionDb loss by what is in the way
     * @return decibels, negative if the link does not work
     */
    public double marginDb(double distanceMetres, double obstructionDb) {
        double atOneMetre = 20 * Math.log10(frequencyMegahertz) - 27.55;
        double loss = atOneMetre + 10 * exponent * Math.log10(Math.max(1, distanceMetres)) + obstructionDb;
        return transmitDbm - loss - sensitivityDbm;
    }

    /**
     * How far a link reaches over open ground with the required margin.
     *
     * @return metres, at least one
     */
    public double reachMetres() {
        return Math.max(1, Math.pow(10, (marginDb(1, 0) - requiredMarginDb) / (10 * exponent)));
    }

    /**
     * The radius of the first Fresnel zone (ITU-R P.526-15, section 2.1).
     *
     * @param fromOneMetres distance to one antenna, above 0
     * @param fromOtherMetres distance to the other, above 0
     * @return metres
     */
    public double fresnelRadiusMetres(double fromOneMetres, double fromOtherMetres) {
        double wavelength = 299.792458 / frequencyMegahertz;
        return Math.sqrt(wavelength * fromOneMetres * fromOtherMetres / (fromOneMetres + fromOtherMetres));
    }

    /**
     * The loss over a single knife edge.
     *
     * @param aboveMetres how far the edge rises over the straight line; negative if it stays below
     * @param fromOneMetres distance to one antenna, above 0
     * @param fromOtherMetres distance to the other, above 0
     * @return decibels, 0 where more than about half of the first Fresnel zone is free
     */
    public double knifeEdgeDb(double aboveMetres, double fromOneMetres, double fromOtherMetres) {
        double v = aboveMetres * Math.sqrt(2) / fresnelRadiusMetres(fromOneMetres, fromOtherMetres);
        return v <= -0.78 ? 0 : 6.9 + 20 * Math.log10(Math.sqrt((v - 0.1) * (v - 0.1) + 1) + v - 0.1);
    }
}
