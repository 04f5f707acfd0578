package dev.fieldproof.geo;

/**
 * A plane around an origin on the WGS 84 ellipsoid: the direction of the chord from the origin as seen in the tangent
 * plane, with the chord's length turned into the arc's. Distances between points are right within 1 mm on a site of
 * 10 km and within 50 mm on one of 50 km; the antimeridian and high latitudes are like any other place. North on the
 * plane is true north at the origin. Heights play no part. Immutable and thread-safe.
 */
public final class LocalProjection {
    /** Points farther than this from the origin are refused. */
    public static final double MAX_RADIUS_METRES = 1_000_000;

    private static final double A = 6_378_137.0;
    private static final double F = 1 / 298.257223563;
    private static final double E2 = F * (2 - F);
    private static final int MAX_INVERSE_STEPS = 12;
    private static final double RADIANS = Math.PI / 180;

    /** Angles in radians below which sine and cosine are series: 1,100 km along a meridian. */
    private static final double SMALL = 0.175;

    private static final double SIN_3 = -1 / 6.0;
    private static final double SIN_5 = 1 / 120.0;
    private static final double SIN_7 = -1 / 5_040.0;
    private static final double SIN_9 = 1 / 362_880.0;
    private static final double SIN_11 = -1 / 39_916_800.0;
    private static final double COS_4 = 1 / 24.0;
    private static final double COS_6 = -1 / 720.0;
    private static final double COS_8 = 1 / 40_320.0;
    private static final double COS_10 = -1 / 3_628_800.0;
    private static final double ASIN_6 = 231 / 13_312.0;

    private final GeoPosition origin;
    private final double sinLat;
    private final double cosLat;

    /** The origin's distance from the earth's axis. */
    private final double p0;

    private final double z0;
    private final double radius;

    /** The square of half the curvature. */
    private final double curvature;

    private LocalProjection(GeoPosition origin) {
        this.origin = origin;
        double lat = Math.toRadians(origin.latitudeDegrees());
        sinLat = Math.sin(lat);
        cosLat = Math.cos(lat);
        double w2 = 1 - E2 * sinLat * sinLat;
        double n = A / Math.sqrt(w2);
        p0 = n * cosLat;
        z0 = n * (1 - E2) * sinLat;
        // Mean radius of curvature at the origin: the geometric mean of meridian and prime vertical.
        radius = n * Math.sqrt((1 - E2) / w2);
        curvature = 1 / (4 * radius * radius);
    }

    /**
     * Makes the plane around an origin.
     *
     * @param origin where the plane touches the ellipsoid
     * @return the projection
     */
    public static LocalProjection centredOn(GeoPosition origin) {
        return new LocalProjection(origin);
    }

    /**
     * The point where the plane touches the ellipsoid.
     *
     * @return the origin
     */
    public GeoPosition origin() {
        return origin;
    }

    /**
     * Projects a position.
     *
     * @param longitudeDegrees any longitude; 181 is -179
     * @param latitudeDegrees geodetic latitude, -90 to 90
     * @return the nearest whole millimetre
     * @throws IllegalArgumentException if the position is farther than {@link #MAX_RADIUS_METRES} from the origin
     */
    public PlanePoint toPlane(double longitudeDegrees, double latitudeDegrees) {
        double[] xy = new double[2];
        project(longitudeDegrees, latitudeDegrees, xy);
        return new PlanePoint((int) Math.rint(xy[0] * 1000), (int) Math.rint(xy[1] * 1000));
    }

    /**
     * Projects a position without rounding.
     *
     * @param longitudeDegrees any longitude; 181 is -179
     * @param latitudeDegrees geodetic latitude, -90 to 90
     * @param xyMetres receives metres east and north in its first two elements
     * @throws IllegalArgumentException if the position is farther than {@link #MAX_RADIUS_METRES} from the origin
     */
    public void project(double longitudeDegrees, double latitudeDegrees, double[] xyMetres) {
        double dLat = (latitudeDegrees - origin.latitudeDegrees()) * RADIANS;
        double turn = longitudeDegrees - origin.longitudeDegrees();
        double dLon = (turn > 180 ? turn - 360 : turn < -180 ? turn + 360 : turn) * RADIANS;
        double sinDLat = sin(dLat);
        double cosDLat = cos(dLat);
        double sin = sinLat * cosDLat + cosLat * sinDLat;
        double cos = cosLat * cosDLat - sinLat * sinDLat;
        double n = A / Math.sqrt(1 - E2 * sin * sin);
        // Relative to the origin, with axes to the east of its meridian, away from the earth's axis, and along it.
        double east = n * cos * sin(dLon);
        double outward = n * cos * cos(dLon) - p0;
        double along = n * (1 - E2) * sin - z0;
        double north = cosLat * along - sinLat * outward;
        double chord = Math.sqrt(east * east + outward * outward + along * along);
        if (!(chord <= MAX_RADIUS_METRES)) {
            throw new IllegalArgumentException("position " + longitudeDegrees + ", " + latitudeDegrees + " is "
                    + Math.round(chord / 1000) + " km from the site's origin; the limit is "
                    + Math.round(MAX_RADIUS_METRES / 1000) + " km");
        }
        double flat = Math.sqrt(east * east + north * north);
        double scale = flat == 0 ? 1 : arc(chord) / flat;
        xyMetres[0] = east * scale;
        xyMetres[1] = north * scale;
    }

    /** The arc over a chord on the mean sphere: the series of the arcsine, below 1e-15 at the greatest distance. */
    private double arc(double chord) {
        double t = chord * chord * curvature;
        double series = 1
                + t * (1 / 6.0 + t * (3 / 40.0 + t * (5 / 112.0 + t * (35 / 1152.0 + t * (63 / 2816.0 + t * ASIN_6)))));
        return chord * series;
    }

    /** The sine; of the small angles on a site by the series, whose next term is below 1e-18 of it. */
    private static double sin(double x) {
        if (!(x > -SMALL && x < SMALL)) {
            return Math.sin(x);
        }
        double t = x * x;
        return x * (1 + t * (SIN_3 + t * (SIN_5 + t * (SIN_7 + t * (SIN_9 + t * SIN_11)))));
    }

    private static double cos(double x) {
        if (!(x > -SMALL && x < SMALL)) {
            return Math.cos(x);
        }
        double t = x * x;
        return 1 + t * (-0.5 + t * (COS_4 + t * (COS_6 + t * (COS_8 + t * COS_10))));
    }

    /**
     * Finds the position that projects onto a point, by Newton's method on the forward projection.
     *
     * @param xMetres to the east
     * @param yMetres to the north
     * @return the position, within a micrometre
     * @throws IllegalArgumentException if the point is farther than {@link #MAX_RADIUS_METRES} from the origin
     */
    public GeoPosition toPosition(double xMetres, double yMetres) {
        double degreesPerMetre = Math.toDegrees(1 / radius);
        double lat = clampLatitude(origin.latitudeDegrees() + yMetres * degreesPerMetre);
        double lon =
                origin.longitudeDegrees() + xMetres * degreesPerMetre / Math.max(1e-6, Math.cos(Math.toRadians(lat)));
        double[] xy = new double[2];
        double[] right = new double[2];
        double[] up = new double[2];
        double h = 1e-6;
        for (int i = 0; i < MAX_INVERSE_STEPS; i++) {
            project(lon, lat, xy);
            double ex = xMetres - xy[0];
            double ey = yMetres - xy[1];
            if (Math.abs(ex) + Math.abs(ey) < 1e-7) {
                break;
            }
            double hLat = lat > 0 ? -h : h;
            project(lon + h, lat, right);
            project(lon, lat + hLat, up);
            double a = (right[0] - xy[0]) / h;
            double b = (up[0] - xy[0]) / hLat;
            double c = (right[1] - xy[1]) / h;
            double d = (up[1] - xy[1]) / hLat;
            double det = a * d - b * c;
            lon += (d * ex - b * ey) / det;
            lat = clampLatitude(lat + (a * ey - c * ex) / det);
        }
        return new GeoPosition(wrapLongitude(lon), lat);
    }

    /**
     * Finds the position of a point of the plane.
     *
     * @param point in millimetres
     * @return the position
     * @throws IllegalArgumentException if the point is farther than {@link #MAX_RADIUS_METRES} from the origin
     */
    public GeoPosition toPosition(PlanePoint point) {
        return toPosition(point.xMillimetres() / 1000.0, point.yMillimetres() / 1000.0);
    }

    private static double clampLatitude(double lat) {
        return Math.max(-90, Math.min(90, lat));
    }

    private static double wrapLongitude(double lon) {
        double wrapped = Math.IEEEremainder(lon, 360);
        return Math.max(-180, Math.min(180, wrapped));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LocalProjection that && origin.equals(that.origin);
    }

    @Override
    public int hashCode() {
        return origin.hashCode();
    }

    @Override
    public String toString() {
        return "LocalProjection[" + origin.longitudeDegrees() + ", " + origin.latitudeDegrees() + "]";
    }
}
