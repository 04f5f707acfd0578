package dev.fieldproof.ota.install;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.Scheduler;
import dev.fieldproof.core.store.Directory;
import dev.fieldproof.ota.download.BlockSink;
import dev.fieldproof.ota.download.BlockSource;
import dev.fieldproof.ota.download.DownloadPlan;
import dev.fieldproof.ota.download.DownloadResult;
import dev.fieldproof.ota.download.DownloadRules;
import dev.fieldproof.ota.download.Downloader;
import dev.fieldproof.ota.slot.ChunkHashes;
import dev.fieldproof.ota.slot.ImagePlan;
import dev.fieldproof.ota.slot.SlotImage;
import dev.fieldproof.ota.tuf.FirmwareInfo;
import dev.fieldproof.ota.tuf.TargetFile;
import dev.fieldproof.ota.tuf.TufClient;
import dev.fieldproof.ota.tuf.TufResult;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The way of an update from the signed metadata to an image on trial: refresh, look up, check that it is for this
 * device, fetch a patch or the missing blocks, stage, verify, activate. Afterwards restart, and let
 * {@link Installer#judge} confirm or give up.
 *
 * <p>Memory is the lists of block digests, one block, and what decoding a patch takes, whatever the sizes of image and
 * patch. A patch is kept block by block where the slots offer
 * {@linkplain dev.fieldproof.ota.slot.ImageSlots#scratch() a place}, and otherwise decoded as it arrives. Blocking;
 * call it again after a power cut, a lost link or an unmet precondition, and it goes on behind the last checkpoint. Not
 * thread-safe, but for {@link #cancel()}.
 */
public final class UpdatePipeline {
    /**
     * Greatest patch that is held in memory, because the repository does not list its blocks; a greater one is then
     * passed over for the whole image.
     */
    public static final int MAX_HELD_PATCH_BYTES = 4 << 20;
    /** Longest list of block digests. */
    public static final int MAX_BLOCK_LIST_BYTES = 4 << 20;

    private final TufClient client;
    private final Function<String, List<? extends BlockSource>> sources;
    private final DownloadRules rules;
    private final Scheduler scheduler;
    private final RandomGenerator random;
    private final Installer installer;
    private final Function<Downloader.Download, DownloadResult> await;
    private Downloader.@Nullable Download current;
    private boolean cancelled;

    /**
     * Makes a pipeline.
     *
     * @param client of the repository
     * @param sources of a target file, the preferred first, by the file's location as {@link TufClient#location} gives
     *     it
     * @param rules of downloads
     * @param scheduler runs timers, on threads other than the caller's
     * @param random draws the jitter of waits
     * @param installer of the device's slots
     */
    public UpdatePipeline(
            TufClient client,
            Function<String, List<? extends BlockSource>> sources,
            DownloadRules rules,
            Scheduler scheduler,
            RandomGenerator random,
            Installer installer) {
        this(
                client,
                sources,
                rules,
                scheduler,
                random,
                installer,
                download -> download.result().join());
    }

    /**
     * Makes a pipeline that waits for its downloads in a way of the caller's, as a simulation does.
     *
     * @param client of the repository
     * @param sources of a target file, the preferred first, by the file's location
     * @param rules of downloads
     * @param scheduler runs timers
     * @param random draws the jitter of waits
     * @param installer of the device's slots
     * @param await returns the result of a download, after letting time pass until it has one
     */
    public UpdatePipeline(
            TufClient client,
            Function<String, List<? extends BlockSource>> sources,
            DownloadRules rules,
            Scheduler scheduler,
            RandomGenerator random,
            Installer installer,
            Function<Downloader.Download, DownloadResult> await) {
        this.client = client;
        this.sources = sources;
        this.rules = rules;
        this.scheduler = scheduler;
        this.random = random;
        this.installer = installer;
        this.await = await;
    }

    /**
     * What an update needs to know of the device.
     *
     * @param hardwareId the board
     * @param running the image that runs
     * @param runningDigest SHA-256 of that image
     * @param availableRamBytes working memory for a patch
     */
    public record Device(String hardwareId, SlotImage running, Digest runningDigest, long availableRamBytes) {}

    /** Ends the download under way, and those to come; the update then ends as not downloaded. Thread-safe. */
    public synchronized void cancel() {
        cancelled = true;
        if (current != null) {
            current.cancel();
        }
    }

    /**
     * Updates the device to a target.
     *
     * @param targetPath of the image
     * @param device this one
     * @return how it ended
     * @throws IOException if the device's storage fails
     */
    public UpdateResult update(String targetPath, Device device) throws IOException {
        if (client.refresh() instanceof TufResult.Refused refused) {
            return new UpdateResult.Refused(refused);
        }
        TufResult looked = client.lookup(targetPath);
        if (!(looked instanceof TufResult.Found found)) {
            return new UpdateResult.Refused((TufResult.Refused) looked);
        }
        TargetFile target = found.target();
        Optional<FirmwareInfo> firmware = target.firmware();
        Optional<Digest> digest = target.sha256();
        if (firmware.isEmpty() || digest.isEmpty()) {
            return new UpdateResult.NotForThisDevice(targetPath + " is no firmware");
        }
        Optional<String> unfit = unfit(target, firmware.get(), device);
        if (unfit.isPresent()) {
            return new UpdateResult.NotForThisDevice(unfit.get());
        }
        if (digest.get().equals(device.runningDigest())) {
            return new UpdateResult.UpToDate();
        }
        try {
            return install(target, firmware.get(), digest.get(), device);
        } catch (NotDownloadedException e) {
            return e.result;
        } catch (IllegalArgumentException e) {
            return new UpdateResult.NotForThisDevice(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<String> unfit(TargetFile target, FirmwareInfo facts, Device device) {
        long blocks = (target.lengthBytes() + facts.blockBytes() - 1) / facts.blockBytes();
        if (!facts.hardwareIds().contains(device.hardwareId())) {
            return Optional.of("for " + facts.hardwareIds() + ", not for " + device.hardwareId());
        }
        if (facts.versionNumber().isEmpty()) {
            return Optional.of("version '" + facts.version() + "' is no number");
        }
        if (target.lengthBytes() < 1
                || target.lengthBytes() > Integer.MAX_VALUE
                || blocks * Digest.LENGTH_BYTES > MAX_BLOCK_LIST_BYTES) {
            return Optional.of(target.lengthBytes() + " bytes in blocks of " + facts.blockBytes());
        }
        return Optional.empty();
    }

    private UpdateResult install(TargetFile target, FirmwareInfo facts, Digest digest, Device device)
            throws IOException, NotDownloadedException {
        int length = (int) target.lengthBytes();
        int blocks = (length - 1) / facts.blockBytes() + 1;
        String listPath = FirmwareInfo.blockListPath(target.path());
        byte[] list = fetch(listPath, blocks * Digest.LENGTH_BYTES, facts.blockHashes());
        ImagePlan plan = new ImagePlan(
                ByteBuffer.wrap(digest.bytes()).getInt(),
                new SlotImage(facts.versionNumber().orElseThrow(), facts.securityVersion(), length),
                facts.blockBytes(),
                ChunkHashes.sha256(list));
        Optional<FirmwareInfo.Delta> delta = facts.deltaFrom(device.runningDigest(), device.availableRamBytes())
                .filter(found -> found.to().equals(digest));
        if (delta.isPresent()) {
            InstallOutcome outcome = byPatch(delta.get(), plan, device);
            if (!(outcome instanceof InstallOutcome.UnusablePatch)) {
                return new UpdateResult.Ended(outcome, true);
            }
        }
        return new UpdateResult.Ended(byBlocks(target, plan), false);
    }

    private InstallOutcome byPatch(FirmwareInfo.Delta delta, ImagePlan plan, Device device)
            throws IOException, NotDownloadedException {
        try {
            Optional<DownloadPlan> blocks = patchPlan(delta, plan.chunkBytes());
            Optional<Directory> scratch = installer.scratch();
            if (blocks.isPresent()) {
                return scratch.isPresent()
                        ? byKeptPatch(delta.path(), blocks.get(), scratch.get(), plan, device)
                        : byStreamedPatch(delta.path(), blocks.get(), plan, device);
            }
            if (delta.patchBytes() > MAX_HELD_PATCH_BYTES) {
                return new InstallOutcome.UnusablePatch(delta.patchBytes() + " bytes cannot be held");
            }
            byte[] patch = fetch(delta.path(), (int) delta.patchBytes(), delta.patch());
            return installer.installDelta(plan, device.running(), Channels.newChannel(new ByteArrayInputStream(patch)));
        } catch (NotDownloadedException e) {
            if (e.patchMayBePassedOver()) {
                return new InstallOutcome.UnusablePatch(e.result.toString());
            }
            throw e;
        }
    }

    /** The blocks of a patch, if the repository lists them; a patch of one block needs no list. */
    private Optional<DownloadPlan> patchPlan(FirmwareInfo.Delta delta, int blockBytes)
            throws IOException, NotDownloadedException {
        if (delta.patchBytes() <= blockBytes) {
            ChunkHashes whole = ChunkHashes.sha256(delta.patch().bytes());
            return Optional.of(new DownloadPlan(delta.patchBytes(), blockBytes, whole));
        }
        String path = FirmwareInfo.blockListPath(delta.path());
        long listBytes = ((delta.patchBytes() - 1) / blockBytes + 1) * Digest.LENGTH_BYTES;
        if (listBytes > MAX_BLOCK_LIST_BYTES
                || !(client.lookup(path) instanceof TufResult.Found found)
                || found.target().lengthBytes() != listBytes
                || found.target().sha256().isEmpty()) {
            return Optional.empty();
        }
        byte[] list = fetch(path, (int) listBytes, found.target().sha256().get());
        return Optional.of(new DownloadPlan(delta.patchBytes(), blockBytes, ChunkHashes.sha256(list)));
    }

    private InstallOutcome byKeptPatch(
            String path, DownloadPlan blocks, Directory scratch, ImagePlan plan, Device device)
            throws IOException, NotDownloadedException {
        InstallOutcome outcome;
        try (KeptPatch patch = KeptPatch.open(scratch, blocks)) {
            fetch(path, blocks, patch);
            outcome = installer.installDelta(plan, device.running(), patch);
        }
        if (!(outcome instanceof InstallOutcome.Deferred)) {
            KeptPatch.delete(scratch);
        }
        return outcome;
    }

    private InstallOutcome byStreamedPatch(String path, DownloadPlan blocks, ImagePlan plan, Device device)
            throws IOException, NotDownloadedException {
        NotDownloadedException[] failed = new NotDownloadedException[1];
        InstallOutcome outcome = installer.installDelta(plan, device.running(), blocks.lengthBytes(), sink -> {
            try {
                fetch(path, blocks, sink);
                return true;
            } catch (NotDownloadedException e) {
                failed[0] = e;
                return false;
            }
        });
        if (failed[0] != null) {
            throw failed[0];
        }
        return outcome;
    }

    private InstallOutcome byBlocks(TargetFile target, ImagePlan plan) throws IOException, NotDownloadedException {
        DownloadPlan download = new DownloadPlan(plan.image().lengthBytes(), plan.chunkBytes(), plan.hashes());
        DownloadResult[] ended = new DownloadResult[1];
        InstallOutcome outcome = installer.installBlocks(plan, sink -> {
            ended[0] = run(client.location(target), download, sink);
            return ended[0] instanceof DownloadResult.Complete;
        });
        if (outcome instanceof InstallOutcome.Incomplete && ended[0] instanceof DownloadResult.GaveUp gaveUp) {
            throw new NotDownloadedException(new UpdateResult.NotDownloaded(target.path(), gaveUp));
        }
        return outcome;
    }

    /** Fetches a small file whole; it is one block. */
    private byte[] fetch(String path, int lengthBytes, Digest digest) throws IOException, NotDownloadedException {
        WholeFile file = new WholeFile(lengthBytes);
        fetch(path, new DownloadPlan(lengthBytes, lengthBytes, ChunkHashes.sha256(digest.bytes())), file);
        return file.bytes();
    }

    private void fetch(String path, DownloadPlan plan, BlockSink file) throws IOException, NotDownloadedException {
        TufResult looked = client.lookup(path);
        if (!(looked instanceof TufResult.Found found)) {
            throw new NotDownloadedException(new UpdateResult.Refused((TufResult.Refused) looked));
        }
        if (run(client.location(found.target()), plan, file) instanceof DownloadResult.GaveUp gaveUp) {
            throw new NotDownloadedException(new UpdateResult.NotDownloaded(path, gaveUp));
        }
    }

    private DownloadResult run(String location, DownloadPlan plan, BlockSink sink) throws IOException {
        Downloader downloader = new Downloader(sources.apply(location), rules, scheduler, random);
        Downloader.Download download = downloader.start(plan, sink, event -> {});
        synchronized (this) {
            current = download;
            if (cancelled) {
                download.cancel();
            }
        }
        try {
            return await.apply(download);
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Ends an update early. */
    private static final class NotDownloadedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient UpdateResult result;

        NotDownloadedException(UpdateResult result) {
            super(String.valueOf(result), null, false, false);
            this.result = result;
        }

        /** A patch that no source has, or that is wrong everywhere, need not stop the update. */
        boolean patchMayBePassedOver() {
            return result instanceof UpdateResult.Refused
                    || (result instanceof UpdateResult.NotDownloaded not
                            && (not.gaveUp().reason() == DownloadResult.Reason.NOT_FOUND
                                    || not.gaveUp().reason() == DownloadResult.Reason.WRONG_CONTENT));
        }
    }
}
