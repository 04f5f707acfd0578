package dev.fieldproof.core.anomaly;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs a dense autoencoder of 8-bit integers that was trained elsewhere, and scores a vector by how badly the network
 * reproduces it: the shape of MLPerf Tiny's anomaly benchmark (640 inputs, layers of 128, a neck of 8). Arithmetic is
 * that of common quantised runtimes: {@code real = scale (q - zero)}, 32-bit sums, one rounding per output.
 *
 * <p>The file, little endian:
 *
 * <pre>
 *  0  4 bytes  "FPAE"
 *  4  u16      version, 1
 *  6  u16      layers, 1 to 32
 *  8  f32      input scale; 12 i8 input zero point, 3 bytes 0
 * then for each layer:
 *  0  u16      inputs, 1 to 4,096; 2 u16 outputs, 1 to 4,096
 *  4  u8       1 if negative outputs become 0 (ReLU), else 0; 5 i8 output zero point; 6 u16 0
 *  8  f32      weight scale; 12 f32 output scale
 * 16  i32      bias for each output, in units of input scale times weight scale
 *     i8       weights, output by output; filled up to four bytes with 0
 * </pre>
 *
 * <p>The first layer's inputs are the last one's outputs. Not thread-safe.
 */
public final class Autoencoder {
    private static final int MAGIC = 0x4541_5046;
    private static final int MOST_LAYERS = 32;
    private static final int MOST_WIDTH = 4096;
    private static final int HEADER_BYTES = 16;
    private static final int LAYER_HEADER_BYTES = 16;

    private static final class Layer {
        private final int inputs;
        private final int outputs;
        private final boolean relu;
        private final int zero;
        private final double multiplier;
        private final int[] biases;
        private final byte[] weights;

        Layer(int inputs, int outputs, boolean relu, int zero, double multiplier, int[] biases, byte[] weights) {
            this.inputs = inputs;
            this.outputs = outputs;
            this.relu = relu;
            this.zero = zero;
            this.multiplier = multiplier;
            this.biases = biases;
            this.weights = weights;
        }
    }

    private final float inputScale;
    private final int inputZero;
    private final float outputScale;
    private final List<Layer> layers;
    private final byte[][] activations;

    private Autoencoder(float inputScale, int inputZero, float outputScale, List<Layer> layers) {
        this.inputScale = inputScale;
        this.inputZero = inputZero;
        this.outputScale = outputScale;
        this.layers = layers;
        activations = new byte[layers.size() + 1][];
        activations[0] = new byte[layers.get(0).inputs];
        for (int i = 0; i < layers.size(); i++) {
            activations[i + 1] = new byte[layers.get(i).outputs];
        }
    }

    /**
     * Reads a network.
     *
     * @param file its bytes
     * @return ready to score
     * @throws ModelFormatException if a rule of the format is broken
     */
    public static Autoencoder read(byte[] file) throws ModelFormatException {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        require(file.length >= HEADER_BYTES && in.getInt(0) == MAGIC, 0, "a network begins with FPAE");
        require(in.getShort(4) == 1, 4, "the version is 1");
        int count = in.getShort(6) & 0xFFFF;
        require(count >= 1 && count <= MOST_LAYERS, 6, "a network has 1 to 32 layers");
        float inputScale = scale(in, 8);
        int inputZero = in.get(12);
        float scale = inputScale;
        int zero = inputZero;
        List<Layer> layers = new ArrayList<>();
        int at = HEADER_BYTES;
        for (int i = 0; i < count; i++) {
            require(file.length - at >= LAYER_HEADER_BYTES, at, "a layer has a header of 16 bytes");
            int inputs = in.getShort(at) & 0xFFFF;
            int outputs = in.getShort(at + 2) & 0xFFFF;
            require(inputs >= 1 && inputs <= MOST_WIDTH, at, "a layer has 1 to 4,096 inputs");
            require(outputs >= 1 && outputs <= MOST_WIDTH, at + 2, "a layer has 1 to 4,096 outputs");
            require(i == 0 || layers.get(i - 1).outputs == inputs, at, "a layer takes what the one before gives");
            int weights = inputs * outputs;
            int bytes = LAYER_HEADER_BYTES + 4 * outputs + ((weights + 3) & ~3);
            require(file.length - at >= bytes, at, "a layer lies in the file");
            float outputScale = scale(in, at + 12);
            int start = at + LAYER_HEADER_BYTES + 4 * outputs;
            layers.add(new Layer(
                    inputs,
                    outputs,
                    in.get(at + 4) != 0,
                    in.get(at + 5),
                    (double) scale * scale(in, at + 8) / outputScale,
                    biases(in, at + LAYER_HEADER_BYTES, outputs, zero, start, inputs),
                    Arrays.copyOfRange(file, start, start + weights)));
            scale = outputScale;
            zero = in.get(at + 5);
            at += bytes;
        }
        require(at == file.length, at, "nothing follows the last layer");
        require(layers.get(count - 1).outputs == layers.get(0).inputs, at, "a network gives back what it takes");
        return new Autoencoder(inputScale, inputZero, scale, List.copyOf(layers));
    }

    private static void require(boolean holds, int offsetBytes, String rule) throws ModelFormatException {
        if (!holds) {
            throw new ModelFormatException(offsetBytes, rule);
        }
    }

    private static float scale(ByteBuffer in, int at) throws ModelFormatException {
        float scale = in.getFloat(at);
        require(scale > 1e-20f && scale < 1e20f, at, "a scale is above 0 and finite");
        return scale;
    }

    /** Biases with the input's zero point already taken off: sum w (q - zero) = sum w q - zero sum w. */
    private static int[] biases(ByteBuffer in, int at, int outputs, int zero, int weightsAt, int inputs) {
        int[] biases = new int[outputs];
        for (int o = 0; o < outputs; o++) {
            int sum = 0;
            for (int i = 0; i < inputs; i++) {
                sum += in.get(weightsAt + o * inputs + i);
            }
            biases[o] = in.getInt(at + 4 * o) - zero * sum;
        }
        return biases;
    }

    /**
     * How many numbers a vector has.
     *
     * @return 1 to 4,096
     */
    public int features() {
        return activations[0].length;
    }

    /**
     * Scores a vector.
     *
     * @param vector its first {@link #features()} numbers; what lies beyond the quantised range counts as its end
     * @return mean square of the difference between the vector and what the network makes of it, at least 0
     * @throws IllegalArgumentException if the vector is too short
     */
    public double score(float[] vector) {
        if (vector.length < features()) {
            throw new IllegalArgumentException(vector.length + " features, not " + features());
        }
        byte[] input = activations[0];
        for (int i = 0; i < input.length; i++) {
            input[i] = quantised(Math.round(vector[i] / inputScale) + (long) inputZero);
        }
        for (int i = 0; i < layers.size(); i++) {
            run(layers.get(i), activations[i], activations[i + 1]);
        }
        byte[] output = activations[layers.size()];
        int zero = layers.get(layers.size() - 1).zero;
        double sum = 0;
        for (int i = 0; i < input.length; i++) {
            double difference = vector[i] - (double) outputScale * (output[i] - zero);
            sum += difference * difference;
        }
        return sum / input.length;
    }

    /**
     * What the network made of the last vector.
     *
     * @param feature its index
     * @return the reproduced number; the feature it differs most in explains the score
     */
    public float reproduced(int feature) {
        int zero = layers.get(layers.size() - 1).zero;
        return outputScale * (activations[layers.size()][feature] - zero);
    }

    private static void run(Layer layer, byte[] in, byte[] out) {
        byte[] weights = layer.weights;
        int least = layer.relu ? layer.zero : Byte.MIN_VALUE;
        for (int o = 0, w = 0; o < out.length; o++) {
            int sum = layer.biases[o];
            for (int i = 0; i < in.length; i++) {
                sum += weights[w++] * in[i];
            }
            out[o] = quantised(Math.max(least, Math.round(sum * layer.multiplier) + layer.zero));
        }
    }

    private static byte quantised(long value) {
        return (byte) Math.max(Byte.MIN_VALUE, Math.min(Byte.MAX_VALUE, value));
    }
}
