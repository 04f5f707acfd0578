package dev.fieldproof.geo;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A deployment site: everything later steps take as given. All outputs made from one site carry its digest. Immutable
 * and thread-safe.
 *
 * @param name the site's name
 * @param projection from and to longitude and latitude
 * @param boundary the ground that matters
 * @param obstacles what blocks sight
 * @param mounts where nodes may be fixed
 * @param gateways where the network leaves the site; the powered mounts of gateways
 * @param sensors what is already there
 * @param zones parts with rules
 * @param assumptions what the reader had to assume, one sentence each; not part of the digest
 */
public record Site(
        String name,
        LocalProjection projection,
        PlanePolygon boundary,
        List<Obstacle> obstacles,
        List<Mount> mounts,
        List<Mount> gateways,
        List<Sensor> sensors,
        List<Zone> zones,
        List<String> assumptions) {
    /** Copies the lists. */
    public Site {
        obstacles = List.copyOf(obstacles);
        mounts = List.copyOf(mounts);
        gateways = List.copyOf(gateways);
        sensors = List.copyOf(sensors);
        zones = List.copyOf(zones);
        assumptions = List.copyOf(assumptions);
    }

    /**
     * The SHA-256 digest of the whole model but for the assumptions.
     *
     * @return 64 lower-case hexadecimal digits
     */
    public String digest() {
        String canonical = String.join(
                "\n",
                "fieldproof-site-1",
                name,
                projection.toString(),
                boundary.toString(),
                obstacles.toString(),
                mounts.toString(),
                gateways.toString(),
                sensors.toString(),
                zones.toString());
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(canonical.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java platform lacks SHA-256", e);
        }
    }
}
