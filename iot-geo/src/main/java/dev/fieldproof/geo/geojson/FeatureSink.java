package dev.fieldproof.geo.geojson;

import java.io.IOException;

/** Takes features in the order of the file. */
@FunctionalInterface
public interface FeatureSink {
    /**
     * Takes one feature.
     *
     * @param feature the next one
     * @throws IOException ends the reading; thrown on by the reader
     */
    void accept(Feature feature) throws IOException;
}
