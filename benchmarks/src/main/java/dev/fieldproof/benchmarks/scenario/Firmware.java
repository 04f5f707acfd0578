package dev.fieldproof.benchmarks.scenario;

import java.io.IOException;

/** The embedded pair of firmware releases: real machine code, for the field day and for the scorecard. */
public final class Firmware {
    private Firmware() {}

    /**
     * The release in the field.
     *
     * @return its bytes
     * @throws IOException if it is missing from this build
     */
    public static byte[] older() throws IOException {
        return Inputs.resource("old/firmware.so");
    }

    /**
     * The release to come.
     *
     * @return its bytes
     * @throws IOException if it is missing from this build
     */
    public static byte[] newer() throws IOException {
        return Inputs.resource("new/firmware.so");
    }
}
