package dev.fieldproof.geo.kml;

import dev.fieldproof.geo.Site;
import dev.fieldproof.geo.geojson.Feature;
import dev.fieldproof.geo.kml.KmlException.Rule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a site of a survey file. Placemarks follow conventions: a role given by the data field {@code role}, the folder
 * or the name before a colon (boundary, obstacle, mount, sensor, gateway, zone, keep-out), and measures given as data
 * ({@code height} in metres and others). The file {@code site-template.kml} among this package's resources shows them
 * all. A file without any role is read with stated defaults, each listed among the site's assumptions. Stateless and
 * thread-safe.
 */
public final class SiteReader {
    /** The most placemarks that a site's file may have. */
    public static final int MAX_PLACEMARKS = 100_000;

    private SiteReader() {}

    /**
     * Reads a site.
     *
     * @param file KML or KMZ
     * @return the site
     * @throws KmlException if the file breaks a rule, or no site can be made of it; names the placemark
     * @throws IOException if reading fails
     */
    public static Site read(Path file) throws IOException, KmlException {
        List<Feature> features = new ArrayList<>();
        try {
            KmlReader.read(file, KmlLimits.DEFAULT, feature -> {
                if (features.size() >= MAX_PLACEMARKS) {
                    throw new TooManyException();
                }
                features.add(feature);
            });
        } catch (TooManyException e) {
            throw new KmlException(Rule.LIMIT_EXCEEDED, -1, "more than " + MAX_PLACEMARKS + " placemarks");
        }
        String fileName = String.valueOf(file.getFileName());
        int dot = fileName.lastIndexOf('.');
        return of(dot > 0 ? fileName.substring(0, dot) : fileName, features);
    }

    /**
     * Makes a site of features, wherever they came from.
     *
     * @param name the site's name, unless a boundary has one
     * @param features placemarks with their data
     * @return the site
     * @throws KmlException if no site can be made of them; names the feature
     */
    public static Site of(String name, List<Feature> features) throws KmlException {
        return new SiteBuilder(features).build(name);
    }

    private static final class TooManyException extends IOException {
        private static final long serialVersionUID = 1L;
    }
}
