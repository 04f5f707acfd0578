package dev.fieldproof.geo.kml;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a reader made of a file. Immutable and thread-safe.
 *
 * @param features placemarks handed on
 * @param positions positions in their geometries
 * @param losses what features cannot hold or the reader mended, in plain words, and how often
 */
public record KmlReport(long features, long positions, SortedMap<String, Integer> losses) {
    /** Copies the map. */
    public KmlReport {
        losses = Collections.unmodifiableSortedMap(new TreeMap<>(losses));
    }
}
