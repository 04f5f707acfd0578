package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.Scheduler;
import dev.fieldproof.core.store.Directory;
import dev.fieldproof.ota.download.BlockSource;
import dev.fieldproof.ota.download.DownloadRules;
import dev.fieldproof.ota.download.SourceAnswer;
import dev.fieldproof.ota.install.InstallOutcome;
import dev.fieldproof.ota.install.Installer;
import dev.fieldproof.ota.install.Preconditions;
import dev.fieldproof.ota.install.UpdatePipeline;
import dev.fieldproof.ota.install.UpdateResult;
import dev.fieldproof.ota.slot.BootOutcome;
import dev.fieldproof.ota.slot.DirectoryBootControl;
import dev.fieldproof.ota.slot.DirectorySlots;
import dev.fieldproof.ota.slot.SlotImage;
import dev.fieldproof.ota.tuf.FirmwareInfo;
import dev.fieldproof.ota.tuf.RoleSigners;
import dev.fieldproof.ota.tuf.TargetFile;
import dev.fieldproof.ota.tuf.TopLevelRole;
import dev.fieldproof.ota.tuf.TrustedStore;
import dev.fieldproof.ota.tuf.TufClient;
import dev.fieldproof.ota.tuf.TufLimits;
import dev.fieldproof.ota.tuf.TufRepository;
import dev.fieldproof.ota.tuf.TufSigner;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** Updates a gateway to an image of 64 MiB, that never exists in memory, in a Java of its own with a small heap. */
final class InstallHeap {
    private static final int IMAGE_BYTES = 64 << 20;
    private static final int BLOCK = 64 << 10;

    private InstallHeap() {}

    /** The smallest of a few heaps, in MiB, under which the update succeeds; infinite if it fails under each. */
    static double smallest() throws IOException, InterruptedException {
        Path path = Files.createTempDirectory("install-heap");
        try {
            return SmallestHeap.of(InstallHeap.class, List.of(path.toString()), 32, 24, 16, 12, 8);
        } finally {
            empty(path);
            Files.delete(path);
        }
    }

    /** A run that died for want of memory leaves its files. */
    private static void empty(Path path) throws IOException {
        for (String file : Directory.of(path).list()) {
            Files.delete(path.resolve(file));
        }
    }

    private static byte[] block(int index) {
        byte[] block = new byte[BLOCK];
        new SplittableRandom(index).nextBytes(block);
        return block;
    }

    public static void main(String[] args) throws IOException {
        Path path = Path.of(args[0]);
        empty(path);
        System.exit(activates(Directory.of(path)) ? 0 : 1);
    }

    private static boolean activates(Directory directory) throws IOException {
        byte[] old = new byte[1000];
        try (Directory.File file = directory.open("slot-0")) {
            file.write(0, ByteBuffer.wrap(old));
        }
        SlotImage running = new SlotImage(1, 0, old.length);
        DirectoryBootControl control = DirectoryBootControl.format(directory, running);
        Map<String, byte[]> metadata = new TreeMap<>();
        Map<String, byte[]> small = new TreeMap<>();
        publish(metadata, small);
        TrustedStore store = TrustedStore.inMemory();
        TufClient.initialise(store, Objects.requireNonNull(metadata.get("1.root.json")), TufLimits.DEFAULT);
        TufClient client = new TufClient(
                store,
                path -> Optional.ofNullable(metadata.get(path)).map(ByteArrayInputStream::new),
                InstantSource.system());
        Installer installer = new Installer(new DirectorySlots(directory), control, Preconditions.NONE, event -> {});
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
        try {
            UpdateResult result = new UpdatePipeline(
                            client,
                            location -> List.of(source(small.get(location), executor)),
                            DownloadRules.DEFAULT,
                            Scheduler.of(executor),
                            new Random(1),
                            installer)
                    .update(
                            "big.bin",
                            new UpdatePipeline.Device("gateway", running, Digest.sha256(old), Long.MAX_VALUE));
            return result instanceof UpdateResult.Ended ended
                    && ended.outcome() instanceof InstallOutcome.Activated
                    && control.boot().equals(new BootOutcome.Running(1, true));
        } finally {
            executor.shutdownNow();
        }
    }

    private static void publish(Map<String, byte[]> metadata, Map<String, byte[]> small) throws IOException {
        MessageDigest whole = Digest.newSha256();
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        for (int i = 0; i < IMAGE_BYTES / BLOCK; i++) {
            byte[] block = block(i);
            whole.update(block);
            list.writeBytes(Digest.sha256(block).bytes());
        }
        FirmwareInfo facts =
                new FirmwareInfo("2", List.of("gateway"), 0, BLOCK, Digest.sha256(list.toByteArray()), List.of());
        TargetFile image = new TargetFile(
                        "big.bin",
                        IMAGE_BYTES,
                        Map.of("sha256", Digest.of(whole.digest()).hex()),
                        "{}")
                .withFirmware(facts);
        TargetFile blocks = TargetFile.of("big.bin.blocks", list.toByteArray());
        small.put(TufRepository.location(blocks), list.toByteArray());
        Map<TopLevelRole, RoleSigners> signers = new EnumMap<>(TopLevelRole.class);
        for (TopLevelRole role : TopLevelRole.values()) {
            signers.put(role, RoleSigners.of(TufSigner.ed25519(new byte[32])));
        }
        TufRepository repository = new TufRepository(InstantSource.system(), signers);
        repository.addTarget(image);
        repository.addTarget(blocks);
        repository.publish(metadata::put);
    }

    /** Sends a small file, or the great image block by block. */
    private static BlockSource source(byte @Nullable [] file, ScheduledExecutorService executor) {
        return (from, to, tag, receiver) -> {
            boolean[] over = {false};
            executor.execute(() -> {
                int total = file == null ? IMAGE_BYTES : file.length;
                receiver.answered(new SourceAnswer.Part(from, OptionalLong.of(total), Optional.empty()));
                for (long at = from; at < to && !over[0]; ) {
                    byte[] bytes = file == null ? block((int) (at / BLOCK)) : file;
                    int start = file == null ? (int) (at % BLOCK) : (int) at;
                    int length = (int) Math.min(bytes.length - start, to - at);
                    receiver.received(bytes, start, length);
                    at += length;
                }
            });
            return () -> over[0] = true;
        };
    }
}
