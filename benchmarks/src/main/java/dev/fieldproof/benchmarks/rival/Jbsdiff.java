package dev.fieldproof.benchmarks.rival;

import io.sigpipe.jbsdiff.Diff;
import io.sigpipe.jbsdiff.InvalidHeaderException;
import io.sigpipe.jbsdiff.Patch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.commons.compress.compressors.CompressorException;

/** The reference implementation of BSDIFF40 in Java. */
public final class Jbsdiff {
    /** Name and version. */
    public static final String NAME = "jbsdiff 1.0";

    private Jbsdiff() {}

    /**
     * Makes a patch.
     *
     * @param older the source
     * @param newer the target
     * @return a BSDIFF40 patch, bzip2 inside
     * @throws IOException if jbsdiff fails
     */
    public static byte[] patch(byte[] older, byte[] newer) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Diff.diff(older, newer, out);
        } catch (CompressorException | InvalidHeaderException e) {
            throw new IOException(e);
        }
        return out.toByteArray();
    }

    /**
     * Applies a patch.
     *
     * @param older the source
     * @param patch a BSDIFF40 patch
     * @return the target
     * @throws IOException if jbsdiff fails
     */
    public static byte[] apply(byte[] older, byte[] patch) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Patch.patch(older, patch, out);
        } catch (CompressorException | InvalidHeaderException e) {
            throw new IOException(e);
        }
        return out.toByteArray();
    }
}
