package dev.fieldproof.benchmarks.scenario;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.sim.PowerCutException;
import dev.fieldproof.core.sim.SimDirectory;
import dev.fieldproof.core.store.ArtifactWrite;
import dev.fieldproof.core.store.Directory;
import dev.fieldproof.core.store.MemoryArtifactStore;
import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.Faults;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.ota.download.BlockServer;
import dev.fieldproof.ota.download.BlockSource;
import dev.fieldproof.ota.download.DownloadResult;
import dev.fieldproof.ota.download.DownloadRules;
import dev.fieldproof.ota.download.Downloader;
import dev.fieldproof.ota.download.SourceAnswer;
import dev.fieldproof.ota.download.TransportSource;
import dev.fieldproof.ota.install.HealthCheck;
import dev.fieldproof.ota.install.Installer;
import dev.fieldproof.ota.install.Preconditions;
import dev.fieldproof.ota.install.UpdatePipeline;
import dev.fieldproof.ota.install.UpdateResult;
import dev.fieldproof.ota.slot.BootOutcome;
import dev.fieldproof.ota.slot.DirectoryBootControl;
import dev.fieldproof.ota.slot.DirectorySlots;
import dev.fieldproof.ota.slot.SlotImage;
import dev.fieldproof.ota.slot.SlotState;
import dev.fieldproof.ota.tuf.TufClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A gateway takes the update over the site's lossy network while the link and the power are cut, and goes on each time
 * until it has confirmed the new image.
 */
final class GatewayUpdate {
    private static final String ID = "gateway-update";
    private static final String TOPICS = "site/blocks";
    private static final Faults WEAK = new Faults(0.02, 0.02, 0.05, Duration.ofMillis(20), Duration.ofMillis(80));
    private static final Duration LINK_LASTS = Duration.ofSeconds(1);
    private static final Duration LINK_IS_GONE = Duration.ofSeconds(90);
    private static final int PIECE_BYTES = UpdateStep.CHUNK_BYTES / TransportSource.DEFAULT_WINDOW;
    private static final int LINK_CUTS = 1;
    private static final int MAX_LIVES = 10;
    private static final int MAX_SECONDS = 24 * 3600;
    private static final int CRASH_STATES = 16;
    /** Of the storage's operations in one life: the power goes there. */
    private static final long[] POWER_CUTS = {12, 60};

    private final Day day;
    private final TufClient client;
    private final String hardware;
    private final RandomGenerator random;
    private final Transport link;
    private final SlotImage old;
    private SimDirectory disk = new SimDirectory();
    private long patchBytes;
    private int lives;
    private int powerCuts;

    GatewayUpdate(Day day, TufClient client, String hardware, RandomGenerator random) {
        this.day = day;
        this.client = client;
        this.hardware = hardware;
        this.random = random;
        this.link = day.connect(ConnectOptions.of(ID));
        this.old = new SlotImage(1 << 24, 0, day.inputs.oldFirmware().length);
    }

    /**
     * How it ended.
     *
     * @param lives how often the gateway was started
     * @param cuts of link and power together
     * @param patchBytes received of the patch, in all lives together
     * @param confirmed whether the new image, and no other, runs for good
     */
    record Report(int lives, int cuts, long patchBytes, boolean confirmed) {}

    /** Lives until the update is confirmed. The files are what the site has, by location. */
    Report run(Map<String, byte[]> files, String image) throws IOException {
        startWithTheOldImage();
        try (MemoryArtifactStore store = keep(files);
                Transport site = day.connect(ConnectOptions.of("site-blocks"))) {
            BlockServer server = new BlockServer(site, TOPICS, store, Runnable::run);
            day.broker.faults(WEAK);
            day.clock.schedule(LINK_LASTS, () -> day.broker.cut(ID));
            day.clock.schedule(LINK_IS_GONE, () -> day.broker.restore(ID));
            boolean confirmed = false;
            while (!confirmed && lives < MAX_LIVES) {
                confirmed = live(image);
            }
            day.broker.faults(Faults.NONE);
            server.close();
            return new Report(lives, powerCuts + LINK_CUTS, patchBytes, confirmed && holdsTheNewImage());
        } finally {
            link.close();
        }
    }

    private void startWithTheOldImage() throws IOException {
        try (Directory.File slot = disk.open("slot-0")) {
            slot.write(0, ByteBuffer.wrap(day.inputs.oldFirmware()));
            slot.sync();
        }
        disk.sync();
        DirectoryBootControl.format(disk, old);
    }

    private static MemoryArtifactStore keep(Map<String, byte[]> files) throws IOException {
        MemoryArtifactStore store = new MemoryArtifactStore();
        for (byte[] file : files.values()) {
            try (ArtifactWrite write = store.write(Digest.sha256(file), file.length)) {
                write.append(ByteBuffer.wrap(file));
                write.commit();
            }
        }
        return store;
    }

    /** One life, to its end or to the next power cut; true if the new image is confirmed. */
    private boolean live(String image) throws IOException {
        if (lives < POWER_CUTS.length) {
            disk.cutAt(disk.operations() + POWER_CUTS[lives]);
        }
        lives++;
        try {
            DirectoryBootControl control = new DirectoryBootControl(disk);
            Installer installer = new Installer(new DirectorySlots(disk), control, Preconditions.NONE, event -> {});
            BootOutcome booted = control.boot();
            installer.judge(booted, () -> HealthCheck.Verdict.HEALTHY);
            if (booted instanceof BootOutcome.Running running && running.slot() == 1) {
                return control.status().state() == SlotState.CONFIRMED;
            }
            UpdatePipeline pipeline = new UpdatePipeline(
                    client, this::sources, DownloadRules.DEFAULT, day.clock, random, installer, this::await);
            UpdateResult result = pipeline.update(
                    image,
                    new UpdatePipeline.Device(
                            hardware, old, Digest.sha256(day.inputs.oldFirmware()), Integer.MAX_VALUE));
            return result instanceof UpdateResult.UpToDate;
        } catch (PowerCutException e) {
            List<SimDirectory> after = disk.crashStates(CRASH_STATES, lives);
            disk = after.get(random.nextInt(after.size()));
            powerCuts++;
            return false;
        }
    }

    private DownloadResult await(Downloader.Download download) {
        for (int second = 0; second < MAX_SECONDS && !download.result().isDone(); second++) {
            day.clock.advance(Duration.ofSeconds(1));
        }
        download.cancel();
        return download.result().join();
    }

    /** The site's artifacts are named by digest, as the last part of a location begins with it. */
    private List<BlockSource> sources(String location) {
        String file = location.substring(location.lastIndexOf('/') + 1);
        Digest digest = new Digest(file.substring(0, file.indexOf('.')));
        BlockSource source = new TransportSource(link, TOPICS, ID, digest, PIECE_BYTES);
        return List.of(file.endsWith(".patch") ? counted(source) : source);
    }

    private BlockSource counted(BlockSource source) {
        return (from, to, tag, receiver) -> source.open(from, to, tag, new BlockSource.Receiver() {
            @Override
            public void answered(SourceAnswer answer) {
                receiver.answered(answer);
            }

            @Override
            public void received(byte[] bytes, int offset, int length) {
                patchBytes += length;
                receiver.received(bytes, offset, length);
            }

            @Override
            public void ended() {
                receiver.ended();
            }

            @Override
            public void failed(IOException cause) {
                receiver.failed(cause);
            }
        });
    }

    private boolean holdsTheNewImage() throws IOException {
        byte[] image = day.inputs.newFirmware();
        byte[] held = new byte[image.length];
        int slot = new DirectoryBootControl(disk).status().slot();
        new DirectorySlots(disk).image(slot, held.length).read(0, held, 0, held.length);
        return Arrays.equals(held, image);
    }
}
