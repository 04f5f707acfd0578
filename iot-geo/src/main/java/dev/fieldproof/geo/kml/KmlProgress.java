package dev.fieldproof.geo.kml;

import java.io.IOException;

/** Told how far a reader has come. Called on the reading thread, about once for every 64 KiB. */
@FunctionalInterface
public interface KmlProgress {
    /**
     * Takes the state.
     *
     * @param bytes read so far, unpacked
     * @param totalBytes of the document, unpacked; -1 if unknown, and in an archive only what the archive claims
     * @throws IOException to stop reading
     */
    void read(long bytes, long totalBytes) throws IOException;
}
