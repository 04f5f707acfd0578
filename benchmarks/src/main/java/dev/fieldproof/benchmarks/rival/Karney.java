package dev.fieldproof.benchmarks.rival;

import net.sf.geographiclib.Geodesic;
import net.sf.geographiclib.GeodesicData;
import net.sf.geographiclib.GeodesicMask;

/** Geodesics on the WGS 84 ellipsoid, exact to nanometres. */
public final class Karney {
    /** Name and version. */
    public static final String NAME = "GeographicLib 2.1, geodesic inverse";

    private Karney() {}

    /**
     * The distance between two positions.
     *
     * @param lat1 latitude of one
     * @param lon1 longitude of one
     * @param lat2 latitude of the other
     * @param lon2 longitude of the other
     * @return metres
     */
    public static double distanceMetres(double lat1, double lon1, double lat2, double lon2) {
        return Geodesic.WGS84.Inverse(lat1, lon1, lat2, lon2, GeodesicMask.DISTANCE).s12;
    }

    /**
     * The position at a distance.
     *
     * @param latitude of the start
     * @param longitude of the start
     * @param azimuthDegrees direction
     * @param metres distance
     * @return longitude, latitude
     */
    public static double[] destination(double latitude, double longitude, double azimuthDegrees, double metres) {
        GeodesicData end = Geodesic.WGS84.Direct(latitude, longitude, azimuthDegrees, metres);
        return new double[] {end.lon2, end.lat2};
    }
}
