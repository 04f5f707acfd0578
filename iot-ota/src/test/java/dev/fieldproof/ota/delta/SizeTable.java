package dev.fieldproof.ota.delta;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Prints the size of every pair's patch beside bsdiff 4.3's and HDiffPatch 4.12's (their best settings, measured once),
 * checking each by applying it. Arguments: {@code small} and/or {@code full}, then names of pairs, all by default.
 */
final class SizeTable {
    /** Patch bytes of bsdiff and HDiffPatch. */
    private static final Map<String, int[]> RIVALS = Map.ofEntries(
            Map.entry("emonpi-avr-1.8", new int[] {772, 650}),
            Map.entry("atc-v58", new int[] {5777, 5112}),
            Map.entry("softrf-s76g-1.7", new int[] {6490, 6017}),
            Map.entry("softrf-s76g-1.8", new int[] {6382, 5963}),
            Map.entry("softrf-cc1352-1.6", new int[] {6872, 6247}),
            Map.entry("mpy-pybv11-1f5d945af", new int[] {40694, 35119}),
            Map.entry("mpy-esp8266-1.10", new int[] {75985, 67444}),
            Map.entry("wled-esp8266-0.14.4", new int[] {64728, 57728}),
            Map.entry("nina-w102-1.4.3", new int[] {50272, 40323}),
            Map.entry("mpy-rp2040-20230610", new int[] {25142, 22520}),
            Map.entry("wled-esp32-0.14.4", new int[] {75468, 63933}),
            Map.entry("wled-esp32c3-0.14.4", new int[] {49886, 47025}),
            Map.entry("marlin-skr3-3.0.1", new int[] {122144, 108550}),
            Map.entry("opensbi-rv64-1.6", new int[] {88886, 81089}),
            Map.entry("uboot-mipsel-2025.01", new int[] {65282, 60641}),
            Map.entry("wled-esp32-0.15.0", new int[] {393827, 341601}));

    private SizeTable() {}

    public static void main(String[] args) throws Exception {
        for (DeltaProfile profile : DeltaProfile.values()) {
            String name = profile.name().toLowerCase(Locale.ROOT);
            List<String> wanted = Arrays.asList(args);
            if (wanted.contains(name) || wanted.isEmpty()) {
                table(profile, name, wanted);
            }
        }
    }

    private static long cpu() {
        return System.nanoTime();
    }

    private static void table(DeltaProfile profile, String name, List<String> wanted) throws Exception {
        boolean all = wanted.stream().allMatch(w -> w.equals("small") || w.equals("full"));
        double[] logs = new double[6];
        int[] counts = new int[2];
        System.out.printf(
                "%-22s %-8s %8s %8s %8s %8s %7s %7s%n", name, "isa", "new", "bsdiff", "hdiff", "ours", "/bsd", "ms");
        for (Corpus.Pair pair : Corpus.pairs()) {
            if (!all && !wanted.contains(pair.name())) {
                continue;
            }
            byte[] old = pair.oldBytes();
            byte[] target = pair.targetBytes();
            long start = cpu();
            Delta delta = DeltaEncoder.create(old, target, DeltaOptions.DEFAULT.withProfile(profile));
            long millis = (cpu() - start) / 1_000_000;
            ByteArrayOutputStream made = new ByteArrayOutputStream();
            DeltaDecoder decoder = DeltaDecoder.open(SourceImage.of(old), made::write, DeltaLimits.DEFAULT);
            start = cpu();
            decoder.feed(delta.patch());
            decoder.finish();
            long decodeMillis = (cpu() - start) / 1_000_000;
            if (!Arrays.equals(made.toByteArray(), target)) {
                throw new AssertionError(pair + " does not round-trip");
            }
            int[] rivals = RIVALS.get(pair.name());
            double ratio = (double) delta.patch().length / rivals[0];
            int row = pair.major() ? 1 : 0;
            counts[row]++;
            logs[3 * row] += Math.log(ratio);
            logs[3 * row + 1] += Math.log((double) delta.patch().length / rivals[1]);
            logs[3 * row + 2] += Math.log((double) delta.patch().length / target.length);
            System.out.printf(
                    "%-22s %-8s %8d %8d %8d %8d %7.3f %7d %5d %s%n",
                    pair,
                    delta.report().isa(),
                    target.length,
                    rivals[0],
                    rivals[1],
                    delta.patch().length,
                    ratio,
                    millis,
                    decodeMillis,
                    delta.report().copies() + " "
                            + delta.report().trials().stream()
                                    .map(t -> t.name() + "=" + t.bodyBytes())
                                    .toList());
        }
        for (int row = 0; row < 2; row++) {
            System.out.printf(
                    "%s %s, geometric mean of %d: %.4f of bsdiff, %.4f of HDiffPatch, %.4f of raw%n",
                    name,
                    row == 0 ? "minor" : "major",
                    counts[row],
                    Math.exp(logs[3 * row] / counts[row]),
                    Math.exp(logs[3 * row + 1] / counts[row]),
                    Math.exp(logs[3 * row + 2] / counts[row]));
        }
    }
}
