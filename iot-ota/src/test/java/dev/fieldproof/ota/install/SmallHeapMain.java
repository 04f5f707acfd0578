package dev.fieldproof.ota.install;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.Scheduler;
import dev.fieldproof.core.store.Directory;
import dev.fieldproof.ota.delta.SourceImage;
import dev.fieldproof.ota.download.BlockSource;
import dev.fieldproof.ota.download.DownloadRules;
import dev.fieldproof.ota.download.SourceAnswer;
import dev.fieldproof.ota.slot.BootOutcome;
import dev.fieldproof.ota.slot.DirectoryBootControl;
import dev.fieldproof.ota.slot.DirectorySlots;
import dev.fieldproof.ota.slot.ImagePlan;
import dev.fieldproof.ota.slot.ImageSlots;
import dev.fieldproof.ota.slot.SlotImage;
import dev.fieldproof.ota.slot.StagedSlot;
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
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Updates a gateway that runs {@code slot-0} of one directory to {@code image} of another, by {@code patch} there if
 * there is one, none of which is ever in memory as a whole, and prints how it ended. With a third argument the slots
 * have no place for a patch.
 */
final class SmallHeapMain {
    private static final int BLOCK = 64 << 10;

    private SmallHeapMain() {}

    /** A file's digest and those of its blocks. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Listed(long lengthBytes, Digest digest, byte[] blocks) {
        static Listed of(Path file) throws IOException {
            MessageDigest whole = Digest.newSha256();
            ByteArrayOutputStream list = new ByteArrayOutputStream();
            try (InputStream in = Files.newInputStream(file)) {
                for (byte[] block = in.readNBytes(BLOCK); block.length > 0; block = in.readNBytes(BLOCK)) {
                    whole.update(block);
                    list.writeBytes(Digest.sha256(block).bytes());
                }
            }
            return new Listed(Files.size(file), Digest.of(whole.digest()), list.toByteArray());
        }

        TargetFile target(String path) {
            return new TargetFile(path, lengthBytes, Map.of("sha256", digest.hex()), "{}");
        }
    }

    public static void main(String[] args) throws Exception {
        Directory directory = Directory.of(Path.of(args[0]));
        Path files = Path.of(args[1]);
        Listed old = Listed.of(Path.of(args[0], "slot-0"));
        SlotImage running = new SlotImage(1, 0, (int) old.lengthBytes());
        DirectoryBootControl control = DirectoryBootControl.format(directory, running);
        Map<String, byte[]> metadata = new TreeMap<>();
        Map<String, Path> targets = new TreeMap<>();
        publish(files, old, metadata, targets);
        TrustedStore store = TrustedStore.inMemory();
        TufClient.initialise(store, metadata.get("1.root.json"), TufLimits.DEFAULT);
        TufClient client = new TufClient(
                store,
                path -> Optional.ofNullable(metadata.get(path)).map(ByteArrayInputStream::new),
                InstantSource.system());
        ImageSlots slots = new DirectorySlots(directory);
        Installer installer = new Installer(
                args.length > 2 ? withoutPlaceForAPatch(slots) : slots, control, Preconditions.NONE, event -> {});
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
        try {
            UpdateResult result = new UpdatePipeline(
                            client,
                            location -> List.of(source(targets.get(location), executor)),
                            DownloadRules.DEFAULT,
                            Scheduler.of(executor),
                            new Random(1),
                            installer)
                    .update("image", new UpdatePipeline.Device("gateway", running, old.digest(), Long.MAX_VALUE));
            BootOutcome booted = control.boot();
            installer.judge(booted, () -> HealthCheck.Verdict.HEALTHY);
            System.out.println(result + " " + control.status() + " heap "
                    + (Runtime.getRuntime().maxMemory() >> 20) + " MiB");
        } finally {
            executor.shutdownNow();
        }
    }

    private static ImageSlots withoutPlaceForAPatch(ImageSlots slots) {
        return new ImageSlots() {
            @Override
            public StagedSlot open(int slot, ImagePlan plan) throws IOException {
                return slots.open(slot, plan);
            }

            @Override
            public SourceImage image(int slot, int lengthBytes) throws IOException {
                return slots.image(slot, lengthBytes);
            }
        };
    }

    private static void publish(Path files, Listed old, Map<String, byte[]> metadata, Map<String, Path> targets)
            throws IOException {
        Map<TopLevelRole, RoleSigners> signers = new EnumMap<>(TopLevelRole.class);
        for (TopLevelRole role : TopLevelRole.values()) {
            signers.put(role, RoleSigners.of(TufSigner.ed25519(new byte[32])));
        }
        TufRepository repository = new TufRepository(InstantSource.system(), signers);
        Listed image = add("image", files, repository, targets);
        List<FirmwareInfo.Delta> deltas = List.of();
        if (Files.exists(files.resolve("patch"))) {
            Listed patch = add("patch", files, repository, targets);
            deltas = List.of(new FirmwareInfo.Delta(
                    old.digest(),
                    image.digest(),
                    "patch",
                    patch.digest(),
                    patch.lengthBytes(),
                    "fieldproof/small",
                    100_000));
        }
        FirmwareInfo facts = new FirmwareInfo("2", List.of("gateway"), 0, BLOCK, Digest.sha256(image.blocks()), deltas);
        repository.addTarget(image.target("image").withFirmware(facts));
        repository.publish(metadata::put);
    }

    /** Adds a file and the list of its blocks. */
    private static Listed add(String path, Path files, TufRepository repository, Map<String, Path> targets)
            throws IOException {
        Listed file = Listed.of(files.resolve(path));
        Path list = Files.write(files.resolve(FirmwareInfo.blockListPath(path)), file.blocks());
        TargetFile blocks = TargetFile.of(FirmwareInfo.blockListPath(path), file.blocks());
        repository.addTarget(file.target(path));
        repository.addTarget(blocks);
        targets.put(TufRepository.location(file.target(path)), files.resolve(path));
        targets.put(TufRepository.location(blocks), list);
        return file;
    }

    private static BlockSource source(Path file, ScheduledExecutorService executor) {
        return (from, to, tag, receiver) -> {
            boolean[] over = {false};
            executor.execute(() -> {
                try (InputStream in = Files.newInputStream(file)) {
                    receiver.answered(new SourceAnswer.Part(from, OptionalLong.of(Files.size(file)), Optional.empty()));
                    in.skipNBytes(from);
                    for (long at = from; at < to && !over[0]; ) {
                        byte[] bytes = in.readNBytes((int) Math.min(BLOCK, to - at));
                        receiver.received(bytes, 0, bytes.length);
                        at += bytes.length;
                    }
                } catch (IOException e) {
                    receiver.failed(e);
                }
            });
            return () -> over[0] = true;
        };
    }
}
