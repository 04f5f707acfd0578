package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.benchmarks.rival.Jdk;
import dev.fieldproof.core.Digest;
import dev.fieldproof.core.key.KeyAlgorithm;
import dev.fieldproof.core.key.MemoryKeyStore;
import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.ota.download.BlockSink;
import dev.fieldproof.ota.download.BlockSource;
import dev.fieldproof.ota.download.DownloadPlan;
import dev.fieldproof.ota.download.DownloadResult;
import dev.fieldproof.ota.download.DownloadRules;
import dev.fieldproof.ota.download.Downloader;
import dev.fieldproof.ota.download.SourceAnswer;
import dev.fieldproof.ota.slot.ChunkHashes;
import dev.fieldproof.ota.slot.CutEnumeration;
import dev.fieldproof.ota.slot.CutReport;
import dev.fieldproof.ota.tuf.TufSigner;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;

/** Trusted metadata, downloads over bad links, and the count of crash cases. */
final class TrustRows {
    private static final int MESSAGE_BYTES = 1024;
    private static final int PIECE_BYTES = 64 << 10;
    private static final int ROUNDS = 10;
    private static final long ROUND_NANOS = 500_000_000;
    private static final int DOWNLOADS = 10_000;
    private static final int BLOCK_BYTES = 512;
    private static final int[] WRITE_UNITS = {1, 4, 8, 32};

    private TrustRows() {}

    static List<Row> rows() {
        return List.of(
                exact(
                        "trust.manifests-per-second",
                        "signatures of 1 KiB of metadata verified per second of one core, Ed25519, parsed key",
                        "1/s",
                        new Goal.AtLeast(10_000),
                        TrustRows::manifestsPerSecond),
                new Row.Timed(
                        "trust.verify-p256",
                        "verify the P-256 signature of 1 KiB of metadata with a parsed key",
                        Jdk.NAME,
                        new Goal.RatioAtMost(1 / 8.0),
                        1,
                        () -> p256(true),
                        () -> p256(false)),
                exact(
                        "trust.hash",
                        "SHA-256 of 64 KiB pieces, per second of one core",
                        "GB/s",
                        new Goal.AtLeast(1.5),
                        TrustRows::gigabytesPerSecond),
                exact(
                        "trust.crash-cases",
                        "crash cases enumerated: pairs of cuts, rot of every metadata bit, silent faults",
                        "cases",
                        new Goal.AtLeast(1_000_000),
                        () -> (double) crashCases().cases()),
                exact(
                        "trust.crash-cases-lost",
                        "those of them that end unbootable, with the wrong version, or fetch more than a chunk again",
                        "cases",
                        new Goal.AtMost(0),
                        () -> {
                            CutReport report = crashCases();
                            return (double) (report.cases() - report.survived());
                        }),
                exact(
                        "trust.install-heap",
                        "least heap of 32, 24, 16, 12, 8 that installs an image of 64 MiB from signed metadata on",
                        "MiB",
                        new Goal.AtMost(32),
                        InstallHeap::smallest),
                exact(
                        "trust.bad-link-excess",
                        "most bytes beyond image + one block per cut, 10,000 downloads at 1 % to 30 % loss",
                        "bytes",
                        new Goal.AtMost(0),
                        TrustRows::badLinkExcess));
    }

    private static Row exact(String name, String what, String unit, Goal goal, Callable<Double> ours) {
        return new Row.Exact(name, what, unit, "–", goal, ours, () -> Double.NaN);
    }

    /** The median of the later rounds: the earlier ones run while the code is still being compiled. */
    private static double perSecond(int atOnce, Callable<?> work) throws Exception {
        double[] rates = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            long spent = 0;
            long runs = 0;
            while (spent < ROUND_NANOS) {
                for (int i = 0; i < atOnce; i++) {
                    work.call();
                }
                runs += atOnce;
                spent = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
            }
            rates[round] = runs * 1e9 / spent;
        }
        double[] later = Arrays.copyOfRange(rates, ROUNDS / 2, ROUNDS);
        Arrays.sort(later);
        return later[later.length / 2];
    }

    /** Pairs of cuts on flash with write units of 4 bytes. */
    static double casesPerSecond() throws Exception {
        long cases = new CutEnumeration(4, true, 3, 4).everyCut(2).cases();
        return cases * perSecond(1, () -> new CutEnumeration(4, true, 3, 4).everyCut(2));
    }

    private static double manifestsPerSecond() throws Exception {
        byte[] message = new byte[MESSAGE_BYTES];
        TufSigner signer = TufSigner.ed25519(new byte[32]);
        byte[] signature = signer.sign(message);
        return perSecond(100, () -> {
            if (!signer.key().verify(message, signature)) {
                throw new IllegalStateException("a good signature is refused");
            }
            return signature;
        });
    }

    private static Callable<?> p256(boolean ours) throws Exception {
        byte[] message = new byte[MESSAGE_BYTES];
        MemoryKeyStore keys = new MemoryKeyStore();
        keys.generate("k", KeyAlgorithm.P256);
        byte[] signature = keys.sign("k", message);
        if (!ours) {
            return Jdk.verifyP256(keys.publicKey("k"), message, signature);
        }
        TufSigner signer = TufSigner.of(keys, "k");
        return () -> signer.key().verify(message, signature);
    }

    private static double gigabytesPerSecond() throws Exception {
        byte[] piece = new byte[PIECE_BYTES];
        MessageDigest digest = Digest.newSha256();
        double pieces = perSecond(100, () -> {
            digest.update(piece);
            return digest;
        });
        return pieces * PIECE_BYTES / 1e9;
    }

    private static CutReport crashCases() {
        CutReport all = null;
        for (int unit : WRITE_UNITS) {
            for (boolean healthy : new boolean[] {true, false}) {
                CutEnumeration world = new CutEnumeration(unit, healthy, 3, 4);
                CutReport report = world.everyCut(2)
                        .plus(world.everyCutWithMetadataRot())
                        .plus(world.everyCutWithSlotRot())
                        .plus(world.everySilentFault());
                all = all == null ? report : all.plus(report);
            }
        }
        if (all == null) {
            throw new IllegalStateException("no write units");
        }
        return all;
    }

    private static double badLinkExcess() throws IOException {
        long worst = Long.MIN_VALUE;
        for (int run = 0; run < DOWNLOADS; run++) {
            SplittableRandom random = new SplittableRandom(run);
            byte[] image = new byte[1 + random.nextInt(20_000)];
            random.nextBytes(image);
            DownloadPlan plan = new DownloadPlan(
                    image.length, BLOCK_BYTES, ChunkHashes.sha256(ChunkHashes.listSha256(image, BLOCK_BYTES)));
            SimClock clock = new SimClock(Instant.EPOCH);
            LossySource source = new LossySource(clock, random.split(), image, 0.01 + 0.29 * random.nextDouble());
            Downloader.Download download = new Downloader(List.of(source), DownloadRules.DEFAULT, clock, random)
                    .start(plan, new Placed(), event -> {});
            clock.runUntilIdle(1_000_000);
            DownloadResult result = download.result().join();
            DownloadResult.Counts counts = result instanceof DownloadResult.Complete complete
                    ? complete.counts()
                    : ((DownloadResult.GaveUp) result).counts();
            long allowed = image.length + (long) BLOCK_BYTES * counts.cuts();
            worst = Math.max(worst, source.sentBytes - allowed);
        }
        return Math.max(0, worst);
    }

    /** Knows which blocks are there. */
    private static final class Placed implements BlockSink {
        private final BitSet blocks = new BitSet();

        @Override
        public boolean has(int block) {
            return blocks.get(block);
        }

        @Override
        public void place(int block, byte[] bytes, int lengthBytes) {
            if (blocks.get(block)) {
                throw new IllegalStateException("block " + block + " was fetched twice");
            }
            blocks.set(block);
        }
    }

    /** Sends pieces that are lost by chance; a loss ends the exchange. */
    private static final class LossySource implements BlockSource {
        private final SimClock clock;
        private final SplittableRandom random;
        private final byte[] file;
        private final double loss;
        private long sentBytes;

        LossySource(SimClock clock, SplittableRandom random, byte[] file, double loss) {
            this.clock = clock;
            this.random = random;
            this.file = file;
            this.loss = loss;
        }

        @Override
        public Exchange open(long fromBytes, long toBytes, Optional<String> tag, Receiver receiver) {
            boolean[] over = {false};
            clock.schedule(Duration.ofMillis(50), () -> {
                if (!over[0] && !lost(receiver)) {
                    receiver.answered(new SourceAnswer.Part(fromBytes, OptionalLong.of(file.length), Optional.empty()));
                    send(receiver, (int) fromBytes, (int) toBytes, over);
                }
            });
            return () -> over[0] = true;
        }

        private boolean lost(Receiver receiver) {
            if (random.nextDouble() >= loss) {
                return false;
            }
            receiver.failed(new IOException("connection reset"));
            return true;
        }

        private void send(Receiver receiver, int from, int to, boolean[] over) {
            if (over[0] || from >= to || lost(receiver)) {
                return;
            }
            int length = Math.min(to - from, 1 + random.nextInt(1460));
            sentBytes += length;
            receiver.received(file, from, length);
            clock.schedule(Duration.ofMillis(20), () -> send(receiver, from + length, to, over));
        }
    }
}
