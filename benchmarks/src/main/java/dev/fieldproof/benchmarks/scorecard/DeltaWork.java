package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.ota.delta.Bsdiff40;
import dev.fieldproof.ota.delta.DeltaDecoder;
import dev.fieldproof.ota.delta.DeltaEncoder;
import dev.fieldproof.ota.delta.DeltaException;
import dev.fieldproof.ota.delta.DeltaLimits;
import dev.fieldproof.ota.delta.DeltaOptions;
import dev.fieldproof.ota.delta.DeltaProfile;
import dev.fieldproof.ota.delta.SourceImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What making and applying patches costs in CPU time and heap, in this Java or in a fresh one. */
final class DeltaWork {
    private static final int MEBIBYTE = 1 << 20;

    private DeltaWork() {}

    /** CPU seconds of this thread. */
    static double seconds(Callable<?> work) throws Exception {
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        work.call();
        return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1e9;
    }

    static byte[] patch(byte[] old, byte[] target, DeltaProfile profile) {
        return DeltaEncoder.create(old, target, DeltaOptions.DEFAULT.withProfile(profile))
                .patch();
    }

    static byte[] apply(byte[] old, byte[] patch) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            DeltaDecoder decoder = DeltaDecoder.open(SourceImage.of(old), out::write, DeltaLimits.DEFAULT);
            decoder.feed(patch);
            decoder.finish();
        } catch (DeltaException e) {
            throw new IOException(e);
        }
        return out.toByteArray();
    }

    static byte[] applyBsdiff40(byte[] old, byte[] patch) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Bsdiff40.apply(SourceImage.of(old), patch, out::write, DeltaLimits.DEFAULT);
        } catch (DeltaException e) {
            throw new IOException(e);
        }
        return out.toByteArray();
    }

    /** An image of zeros, or of a short pattern again and again, with a few bytes changed. */
    static byte[][] periodic(int period) {
        byte[] old = new byte[16 * MEBIBYTE];
        for (int i = 0; i < old.length; i++) {
            old[i] = (byte) (i % period * 37);
        }
        byte[] target = old.clone();
        for (int at = 1000; at < target.length; at += 1_000_003) {
            target[at]++;
        }
        return new byte[][] {old, target};
    }

    /** A flash dump with two slots of a mebibyte each that differ in a few bytes, before and after an update. */
    static byte[][] dualSlot() {
        byte[] slot = new byte[MEBIBYTE];
        new SplittableRandom(1).nextBytes(slot);
        byte[] old = new byte[2 * MEBIBYTE];
        System.arraycopy(slot, 0, old, 0, MEBIBYTE);
        System.arraycopy(slot, 0, old, MEBIBYTE, MEBIBYTE);
        for (int at = 500; at < MEBIBYTE; at += 50_021) {
            old[MEBIBYTE + at]++;
        }
        byte[] target = old.clone();
        for (int at = 777; at < MEBIBYTE; at += 40_009) {
            target[at]++;
        }
        return new byte[][] {old, target};
    }

    /** CPU seconds, of the system too, of a command and all that it starts. */
    static double processSeconds(String command) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", command + " >/dev/null 2>&1 || exit 1; times")
                .redirectErrorStream(true)
                .start();
        String text = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (shell.waitFor() != 0) {
            throw new IOException("failed: " + command);
        }
        double seconds = 0;
        Matcher times = Pattern.compile("(\\d+)m([\\d.]+)s")
                .matcher(text.lines().toList().get(1));
        while (times.find()) {
            seconds += 60 * Integer.parseInt(times.group(1)) + Double.parseDouble(times.group(2));
        }
        return seconds;
    }

    private static String java(String heap, String arguments) {
        return "'" + Path.of(System.getProperty("java.home"), "bin", "java") + "' " + heap + " -cp '"
                + System.getProperty("java.class.path", ".") + "' " + DeltaWork.class.getName() + " " + arguments;
    }

    /** CPU seconds of a fresh Java that makes a BSDIFF40 patch. */
    static double freshBsdiff40Seconds(FirmwarePair pair) throws IOException, InterruptedException {
        return processSeconds(
                java("-XX:+UseSerialGC", "bsdiff40 '" + pair.oldPath() + "' '" + pair.targetPath() + "'"));
    }

    static double bsdiffSeconds(FirmwarePair pair) throws IOException, InterruptedException {
        Path out = Files.createTempFile("bsdiff", ".patch");
        try {
            return processSeconds("bsdiff '" + pair.oldPath() + "' '" + pair.targetPath() + "' '" + out + "'");
        } finally {
            Files.delete(out);
        }
    }

    /** The smallest of a few heaps, in MiB, under which a fresh Java makes a patch of 16 MiB of zeros. */
    static double encodeHeap() throws IOException, InterruptedException {
        return SmallestHeap.of(DeltaWork.class, List.of("zeros"), 384, 256, 160, 128);
    }

    /** The smallest of a few heaps, in MiB, under which a fresh Java applies a patch to an image of 64 MiB. */
    static double decodeHeap() throws IOException, InterruptedException {
        Path old = Files.createTempFile("image", ".old");
        Path patch = Files.createTempFile("image", ".patch");
        try {
            byte[] image = new byte[64 * MEBIBYTE];
            new SplittableRandom(3).nextBytes(image);
            Files.write(old, image);
            for (int at = 10_000; at < image.length; at += 1_000_003) {
                image[at]++;
            }
            Files.write(patch, patch(Files.readAllBytes(old), image, DeltaProfile.SMALL));
            return SmallestHeap.of(DeltaWork.class, List.of("apply", old.toString(), patch.toString()), 64, 32, 16);
        } finally {
            Files.delete(old);
            Files.delete(patch);
        }
    }

    public static void main(String[] args) throws IOException, DeltaException {
        switch (args[0]) {
            case "bsdiff40" ->
                Bsdiff40.create(Files.readAllBytes(Path.of(args[1])), Files.readAllBytes(Path.of(args[2])));
            case "zeros" -> {
                byte[][] images = periodic(1);
                patch(images[0], images[1], DeltaProfile.SMALL);
            }
            default -> applyFile(Path.of(args[1]), Path.of(args[2]));
        }
    }

    private static void applyFile(Path old, Path patch) throws IOException, DeltaException {
        try (FileChannel source = FileChannel.open(old, StandardOpenOption.READ);
                InputStream in = Files.newInputStream(patch);
                OutputStream out = OutputStream.nullOutputStream()) {
            DeltaDecoder decoder = DeltaDecoder.open(SourceImage.of(source), out::write, DeltaLimits.DEFAULT);
            byte[] chunk = new byte[4096];
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                decoder.feed(chunk, 0, length);
            }
            decoder.finish();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
