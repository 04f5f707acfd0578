package dev.fieldproof.ota.install;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.Scheduler;
import dev.fieldproof.ota.delta.DeltaEncoder;
import dev.fieldproof.ota.delta.DeltaOptions;
import dev.fieldproof.ota.download.BlockSource;
import dev.fieldproof.ota.download.SourceAnswer;
import dev.fieldproof.ota.slot.ChunkHashes;
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
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** A repository with one release, its files, and sources of them that send in pieces on the scheduler's time. */
final class UpdateWorld {
    static final String IMAGE = "board/2.0.bin";
    static final String PATCH = "board/2.0.patch";
    private static final int PIECE = 100;

    final Map<String, byte[]> metadata = new TreeMap<>();
    final Map<String, byte[]> files = new TreeMap<>();
    final TrustedStore store = TrustedStore.inMemory();
    long sentBytes;
    long sentPatchBytes;

    private final Scheduler scheduler;

    UpdateWorld(Scheduler scheduler, byte[] old, byte[] now, int blockBytes, long securityVersion, boolean withPatch)
            throws IOException {
        this(
                scheduler,
                old,
                now,
                blockBytes,
                securityVersion,
                withPatch ? DeltaEncoder.create(old, now, DeltaOptions.DEFAULT).patch() : new byte[0]);
    }

    /** With a patch that may be anything; with none if it is empty. */
    UpdateWorld(Scheduler scheduler, byte[] old, byte[] now, int blockBytes, long securityVersion, byte[] patch)
            throws IOException {
        this(scheduler, old, now, blockBytes, securityVersion, patch, true);
    }

    /** With a patch whose blocks are listed, or are not. */
    UpdateWorld(
            Scheduler scheduler,
            byte[] old,
            byte[] now,
            int blockBytes,
            long securityVersion,
            byte[] patch,
            boolean listed)
            throws IOException {
        this.scheduler = scheduler;
        Map<TopLevelRole, RoleSigners> signers = new EnumMap<>(TopLevelRole.class);
        for (TopLevelRole role : TopLevelRole.values()) {
            signers.put(role, RoleSigners.of(TufSigner.ed25519(new byte[32])));
        }
        TufRepository repository = new TufRepository(scheduler, signers);
        byte[] list = ChunkHashes.listSha256(now, blockBytes);
        List<FirmwareInfo.Delta> deltas = List.of();
        if (patch.length > 0) {
            publish(repository, TargetFile.of(PATCH, patch), patch);
            byte[] blocks = ChunkHashes.listSha256(patch, blockBytes);
            if (listed) {
                publish(repository, TargetFile.of(FirmwareInfo.blockListPath(PATCH), blocks), blocks);
            }
            deltas = List.of(new FirmwareInfo.Delta(
                    Digest.sha256(old),
                    Digest.sha256(now),
                    PATCH,
                    Digest.sha256(patch),
                    patch.length,
                    "fieldproof/small",
                    50_000));
        }
        FirmwareInfo facts =
                new FirmwareInfo("2.0", List.of("board"), securityVersion, blockBytes, Digest.sha256(list), deltas);
        publish(repository, TargetFile.of(IMAGE, now).withFirmware(facts), now);
        publish(repository, TargetFile.of(FirmwareInfo.blockListPath(IMAGE), list), list);
        repository.publish(metadata::put);
        TufClient.initialise(store, metadata.get("1.root.json"), TufLimits.DEFAULT);
    }

    private void publish(TufRepository repository, TargetFile target, byte[] bytes) {
        repository.addTarget(target);
        files.put(TufRepository.location(target), bytes);
    }

    TufClient client() {
        return new TufClient(
                store, path -> Optional.ofNullable(metadata.get(path)).map(ByteArrayInputStream::new), scheduler);
    }

    /** Sends what is asked for, if it is there. */
    List<BlockSource> sources(String location) {
        byte[] file = files.get(location);
        boolean patch = location.endsWith(".patch");
        return List.of((from, to, tag, receiver) -> {
            boolean[] over = {false};
            scheduler.schedule(Duration.ofMillis(5), () -> {
                if (file == null) {
                    receiver.answered(new SourceAnswer.Missing());
                    return;
                }
                receiver.answered(new SourceAnswer.Part(from, OptionalLong.of(file.length), Optional.empty()));
                send(receiver, file, (int) from, (int) to, patch, over);
            });
            return () -> over[0] = true;
        });
    }

    private void send(BlockSource.Receiver receiver, byte[] file, int from, int to, boolean patch, boolean[] over) {
        if (over[0]) {
            return;
        }
        if (from >= to) {
            receiver.ended();
            return;
        }
        int length = Math.min(PIECE, to - from);
        sentBytes += length;
        sentPatchBytes += patch ? length : 0;
        receiver.received(file, from, length);
        scheduler.schedule(Duration.ofMillis(5), () -> send(receiver, file, from + length, to, patch, over));
    }
}
