package dev.fieldproof.ota.rollout;

import java.nio.ByteBuffer;

/** Arrays in snapshots. */
final class Snapshots {
    private Snapshots() {}

    static void put(ByteBuffer out, int[] values) {
        out.asIntBuffer().put(values);
        out.position(out.position() + 4 * values.length);
    }

    static void get(ByteBuffer in, int[] into) {
        in.asIntBuffer().get(into);
        in.position(in.position() + 4 * into.length);
    }
}
