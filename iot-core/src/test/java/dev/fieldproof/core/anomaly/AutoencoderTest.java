package dev.fieldproof.core.anomaly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AutoencoderTest {
    /** Layers of a network in real numbers, with the ranges that its file quantises them to. */
    private static final class Real {
        private final int[] widths;
        private final double[][] weights;
        private final double[][] biases;
        private final double[] ranges;

        Real(int... widths) {
            this.widths = widths;
            weights = new double[widths.length - 1][];
            biases = new double[widths.length - 1][];
            ranges = new double[widths.length];
        }

        double[] run(float[] input) {
            double[] now = new double[widths[0]];
            for (int i = 0; i < now.length; i++) {
                now[i] = input[i];
            }
            for (int layer = 0; layer < weights.length; layer++) {
                double[] next = new double[widths[layer + 1]];
                for (int o = 0; o < next.length; o++) {
                    double sum = biases[layer][o];
                    for (int i = 0; i < now.length; i++) {
                        sum += weights[layer][o * now.length + i] * now[i];
                    }
                    boolean last = layer == weights.length - 1;
                    next[o] = last ? sum : Math.max(0, sum);
                    ranges[layer + 1] = Math.max(ranges[layer + 1], Math.abs(next[o]));
                }
                now = next;
            }
            return now;
        }

        byte[] file(float inputScale) {
            int bytes = 16;
            for (int layer = 0; layer < weights.length; layer++) {
                bytes += 16 + 4 * widths[layer + 1] + ((weights[layer].length + 3) & ~3);
            }
            ByteBuffer out = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
            out.put(new byte[] {'F', 'P', 'A', 'E'}).putShort((short) 1).putShort((short) weights.length);
            out.putFloat(inputScale).put((byte) 3).put(new byte[3]); // an input zero point that is not 0
            double scale = inputScale;
            for (int layer = 0; layer < weights.length; layer++) {
                boolean last = layer == weights.length - 1;
                double most = 0;
                for (double w : weights[layer]) {
                    most = Math.max(most, Math.abs(w));
                }
                float weightScale = (float) (most / 127);
                float outputScale = (float) (ranges[layer + 1] / (last ? 127 : 255));
                out.putShort((short) widths[layer]).putShort((short) widths[layer + 1]);
                out.put((byte) (last ? 0 : 1)).put((byte) (last ? 0 : -128)).putShort((short) 0);
                out.putFloat(weightScale).putFloat(outputScale);
                for (double b : biases[layer]) {
                    out.putInt((int) Math.round(b / (scale * weightScale)));
                }
                for (double w : weights[layer]) {
                    out.put((byte) Math.round(w / weightScale));
                }
                out.position((out.position() + 3) & ~3);
                scale = outputScale;
            }
            return out.array();
        }
    }

    /** Splits each number into its positive and negative part and joins them again, so ReLU loses nothing. */
    private static Real identity(int width) {
        Real real = new Real(width, 2 * width, width);
        real.weights[0] = new double[2 * width * width];
        real.weights[1] = new double[2 * width * width];
        real.biases[0] = new double[2 * width];
        real.biases[1] = new double[width];
        for (int i = 0; i < width; i++) {
            real.weights[0][i * width + i] = 1;
            real.weights[0][(width + i) * width + i] = -1;
            real.weights[1][i * 2 * width + i] = 1;
            real.weights[1][i * 2 * width + width + i] = -1;
        }
        return real;
    }

    private static Real random(SplittableRandom random, int... widths) {
        Real real = new Real(widths);
        for (int layer = 0; layer < widths.length - 1; layer++) {
            real.weights[layer] = random.doubles((long) widths[layer] * widths[layer + 1], -1, 1)
                    .map(w -> w / Math.sqrt(16))
                    .toArray();
            real.biases[layer] = random.doubles(widths[layer + 1], -0.2, 0.2).toArray();
        }
        return real;
    }

    private static float[] vector(SplittableRandom random, int width) {
        float[] vector = new float[width];
        for (int i = 0; i < width; i++) {
            vector[i] = (float) random.nextDouble(-1, 1);
        }
        return vector;
    }

    @Test
    void agreesWithRealNumbersToWithinTheQuantisation() throws ModelFormatException {
        SplittableRandom random = new SplittableRandom(1);
        Real real = random(random, 32, 16, 4, 16, 32);
        for (int i = 0; i < 200; i++) {
            real.run(vector(random, 32));
        }
        Autoencoder quantised = Autoencoder.read(real.file(1 / 120f));
        double most = 0;
        for (int i = 0; i < 200; i++) {
            float[] vector = vector(random, 32);
            double[] expected = real.run(vector);
            quantised.score(vector);
            for (int o = 0; o < 32; o++) {
                most = Math.max(most, Math.abs(expected[o] - quantised.reproduced(o)));
            }
        }
        assertTrue(most < 0.05 * real.ranges[4] + 0.02, "off by " + most + " of " + real.ranges[4]);
    }

    @Test
    void scoresWhatItCannotReproduce() throws ModelFormatException {
        Real real = identity(4);
        real.run(new float[] {1, 1, 1, 1});
        real.run(new float[] {-1, -1, -1, -1});
        Autoencoder network = Autoencoder.read(real.file(1 / 120f));
        assertEquals(4, network.features());
        assertEquals(0, network.score(new float[] {0.5f, -0.25f, 1, 0}), 1e-3);
        // Beyond the quantised range the input counts as its end, so the difference shows.
        assertTrue(network.score(new float[] {5, 0, 0, 0}) > 3);
        assertEquals(1, network.reproduced(0), 0.1);
    }

    @Test
    void asADetectorItTellsAndNamesWhatTheNetworkCannotMake() throws ModelFormatException {
        Real real = identity(4);
        real.run(new float[] {1, 1, 1, 1});
        real.run(new float[] {-1, -1, -1, -1});
        AnomalyDetector detector = new AutoencoderDetector(Autoencoder.read(real.file(1 / 120f)), 0.5, 0.2);
        assertEquals(4, detector.features());
        assertEquals(-1, detector.suspect());
        assertEquals("nothing yet", detector.explain().test());
        for (int i = 0; i < 50; i++) {
            assertTrue(detector.score(new float[] {0.5f, -0.25f, 1, 0}, 0) < 0.1, "what it was trained for");
        }
        assertTrue(detector.score(new float[] {0, 0, 2, 0}, 0) < 1, "one loud moment");
        double score = 0;
        for (int i = 0; i < 20; i++) {
            score = detector.score(new float[] {0, 0, 4, 0}, 0);
        }
        assertTrue(score >= 1, "score " + score);
        assertEquals(2, detector.suspect());
        assertEquals(score, detector.explain().score());
    }

    @Test
    void aDetectorRefusesArgumentsOutOfRange() throws ModelFormatException {
        Real real = identity(4);
        real.run(new float[] {1, 1, 1, 1});
        Autoencoder network = Autoencoder.read(real.file(1 / 120f));
        assertThrows(IllegalArgumentException.class, () -> new AutoencoderDetector(network, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new AutoencoderDetector(network, 1, 0));
        AutoencoderDetector detector = new AutoencoderDetector(network, 1, 1);
        assertThrows(IllegalArgumentException.class, () -> detector.score(new float[4], -1));
        assertThrows(IllegalArgumentException.class, () -> detector.score(new float[3], 0));
    }

    @Test
    void runsTheShapeOfTheTinyBenchmark() throws ModelFormatException {
        SplittableRandom random = new SplittableRandom(2);
        Real real = random(random, 640, 128, 128, 128, 128, 8, 128, 128, 128, 128, 640);
        real.run(vector(random, 640));
        byte[] file = real.file(1 / 120f);
        assertTrue(file.length > 260_000 && file.length < 280_000, file.length + " bytes");
        assertTrue(Double.isFinite(Autoencoder.read(file).score(vector(random, 640))));
    }

    @Test
    void namesTheRuleThatIsBroken() {
        Real real = identity(4);
        real.run(new float[] {1, 1, 1, 1});
        byte[] good = real.file(1 / 120f);
        for (int length = 0; length < good.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(good, length);
            assertThrows(ModelFormatException.class, () -> Autoencoder.read(cut));
        }
        byte[] scale = good.clone();
        scale[8 + 3] = (byte) 0x80;
        ModelFormatException e = assertThrows(ModelFormatException.class, () -> Autoencoder.read(scale));
        assertEquals("a scale is above 0 and finite, at byte 8", e.getMessage());
        assertEquals(8, e.offsetBytes());
        assertEquals(0, e.getStackTrace().length);
    }

    @Test
    void hostileFilesEndWell() {
        Real real = identity(4);
        real.run(new float[] {1, 1, 1, 1});
        byte[] good = real.file(1 / 120f);
        SeededRuns.check(20_000, random -> {
            byte[] file = good.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                file[random.nextInt(file.length)] = (byte) random.nextInt();
            }
            try {
                assertTrue(Autoencoder.read(file).score(new float[4096]) >= 0);
            } catch (ModelFormatException refused) {
                assertTrue(refused.offsetBytes() <= file.length, refused::getMessage);
            }
        });
    }

    @Test
    void refusesShortVectors() throws ModelFormatException {
        Real real = identity(4);
        real.run(new float[] {1, 1, 1, 1});
        Autoencoder network = Autoencoder.read(real.file(1 / 120f));
        assertThrows(IllegalArgumentException.class, () -> network.score(new float[3]));
    }
}
