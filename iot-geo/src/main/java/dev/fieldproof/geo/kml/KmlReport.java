package dev.fieldproof.geo.kml;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a reader made of a file. Immutable and thread-safe.
 *
 * @param features placemarks handed on
 * @param positions positions in their geometries
 * @param losses what features cannot hold or the reader mended, in plain words, and how often
 * @param networkLinks addresses of the network links, none of which was followed; at most {@value #MAX_NETWORK_LINKS}
 */
public record KmlReport(long features, long positions, SortedMap<String, Integer> losses, List<String> networkLinks) {
    /** Addresses kept; further links are only counted among the losses. */
    public static final int MAX_NETWORK_LINKS = 200;

    /** Copies map and list. */
    public KmlReport {
        networkLinks = List.copyOf(networkLinks);
        losses = Collections.unmodifiableSortedMap(new TreeMap<>(losses));
    }

    /** The same for a document that stood in an archive beside others. */
    KmlReport beside(int others) {
        if (others == 0) {
            return this;
        }
        SortedMap<String, Integer> more = new TreeMap<>(losses);
        more.put("further document of the archive left out", others);
        return new KmlReport(features, positions, more, networkLinks);
    }
}
