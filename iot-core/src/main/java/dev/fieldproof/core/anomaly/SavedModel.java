package dev.fieldproof.core.anomaly;

import java.nio.ByteBuffer;

/** The bytes that learned models are saved as: magic, features, vectors learned, counts, then the floats. */
final class SavedModel {
    private static final int HEAD_INTS = 3;

    private SavedModel() {}

    static byte[] write(int magic, int features, int vectors, int[] counts, float[] values) {
        ByteBuffer out = ByteBuffer.allocate(lengthBytes(counts, values));
        out.putInt(magic).putInt(features).putInt(vectors);
        for (int count : counts) {
            out.putInt(count);
        }
        for (float value : values) {
            out.putFloat(value);
        }
        return out.array();
    }

    private static int lengthBytes(int[] counts, float[] values) {
        return 4 * (HEAD_INTS + counts.length + values.length);
    }

    /** Checks everything before it changes anything; returns the vectors learned. */
    static int read(byte[] model, int magic, int features, int[] counts, float[] values) {
        ByteBuffer in = ByteBuffer.wrap(model);
        if (model.length != lengthBytes(counts, values) || in.getInt() != magic || in.getInt() != features) {
            throw new IllegalArgumentException("not a model of " + features + " features");
        }
        for (int at = 4 * (HEAD_INTS - 1); at < 4 * (HEAD_INTS + counts.length); at += 4) {
            if (in.getInt(at) < 0) {
                throw new IllegalArgumentException("the count at byte " + at + " is negative");
            }
        }
        for (int at = 4 * (HEAD_INTS + counts.length); at < model.length; at += 4) {
            if (!Float.isFinite(in.getFloat(at))) {
                throw new IllegalArgumentException("the number at byte " + at + " is not finite");
            }
        }
        int vectors = in.getInt();
        for (int i = 0; i < counts.length; i++) {
            counts[i] = in.getInt();
        }
        in.asFloatBuffer().get(values);
        return vectors;
    }
}
