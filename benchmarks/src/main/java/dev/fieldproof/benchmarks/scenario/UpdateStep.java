package dev.fieldproof.benchmarks.scenario;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.sim.PowerFault;
import dev.fieldproof.ota.delta.Delta;
import dev.fieldproof.ota.delta.DeltaEncoder;
import dev.fieldproof.ota.delta.DeltaException;
import dev.fieldproof.ota.delta.DeltaOptions;
import dev.fieldproof.ota.delta.PatchInfo;
import dev.fieldproof.ota.install.PowerCutDrill;
import dev.fieldproof.ota.slot.ChunkHashes;
import dev.fieldproof.ota.slot.CutEnumeration;
import dev.fieldproof.ota.slot.CutReport;
import dev.fieldproof.ota.tuf.FirmwareInfo;
import dev.fieldproof.ota.tuf.RoleSigners;
import dev.fieldproof.ota.tuf.TargetFile;
import dev.fieldproof.ota.tuf.TopLevelRole;
import dev.fieldproof.ota.tuf.TrustedStore;
import dev.fieldproof.ota.tuf.TufClient;
import dev.fieldproof.ota.tuf.TufLimits;
import dev.fieldproof.ota.tuf.TufRepository;
import dev.fieldproof.ota.tuf.TufResult;
import dev.fieldproof.ota.tuf.TufSigner;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * The new firmware becomes a patch, the patch is signed and bound to both images, a node fetches and checks it, and
 * installs it while the power is cut again and again.
 */
final class UpdateStep implements Step {
    private static final String MODULE = "iot-ota";
    private static final String IMAGE = "firmware/new.bin";
    static final String PATCH = "firmware/old-to-new.patch";
    private static final String HARDWARE = "field-node";
    static final int CHUNK_BYTES = 4096;
    private static final int WRITE_UNIT_BYTES = 4;
    private static final int CUT_POINTS = 8;

    @Override
    public Chapter run(Day day) throws IOException {
        Inputs in = day.inputs;
        RandomGenerator random = day.random(MODULE);
        Delta delta = patch(in);
        byte[] patch = delta.patch();
        day.tell(MODULE, "the update is a patch of " + Text.bytes(patch.length));

        Map<String, byte[]> files = new TreeMap<>();
        Map<String, byte[]> published = publish(day, random, patch, files);
        day.publish(published);
        day.publish(files);
        TrustedStore store = TrustedStore.inMemory();
        TufClient.initialise(store, file(published, "1.root.json"), TufLimits.DEFAULT);
        GatewayUpdate.Report gateway =
                new GatewayUpdate(day, client(day, store, published), HARDWARE, random).run(files, IMAGE);
        day.tell(MODULE, "a gateway runs the new firmware, in its life number " + gateway.lives());

        String altered = targets(published);
        TufResult refused = refreshWithOneBitFlipped(day, published, altered);

        PowerCutDrill drill =
                new PowerCutDrill(in.oldFirmware(), in.newFirmware(), patch, CHUNK_BYTES, WRITE_UNIT_BYTES);
        PowerCutDrill.Report report = drill.run(CUT_POINTS, List.of(PowerFault.values()));
        day.tell(MODULE, report.survived() + " of " + report.cutPoints() + " power cuts ended with the new firmware");

        CutReport every = new CutEnumeration(WRITE_UNIT_BYTES, true, 3, 4).everyCut(2);
        day.tell(MODULE, Text.count(every.cases()) + " pairs of power cuts on a small image, all of them");

        double saved = 1 - (double) patch.length / in.newFirmware().length;
        return Chapter.of("A signed delta update survives power cuts", MODULE)
                .figure("from, to", in.oldName() + ", " + in.newName())
                .figure("image", Text.bytes(in.newFirmware().length))
                .figure("patch", Text.bytes(patch.length))
                .figure("saved", Text.percent(saved))
                .figure("instruction set model", delta.report().isa())
                .figure("decoder memory on the device", Text.bytes(info(patch).decoderBytes()))
                .figure("signed files", published.size())
                .figure("received of the patch by a gateway", Text.bytes(gateway.patchBytes()))
                .figure("cuts of its link and its power", gateway.cuts())
                .figure("flash operations of the update", report.operations())
                .figure("power cuts, each in its own life", report.cutPoints())
                .figure("pairs of power cuts on a small image", every.cases())
                .invariant(
                        "the patch is authentic end to end",
                        gateway.confirmed(),
                        "4 roles, root of 2 keys; confirmed in life " + gateway.lives())
                .invariant(
                        "a cut costs one block of the patch at most",
                        gateway.patchBytes() <= patch.length + (long) gateway.cuts() * CHUNK_BYTES,
                        Text.count(gateway.patchBytes()) + " bytes received of " + Text.count(patch.length))
                .invariant(
                        "one flipped bit in the signed files is refused",
                        refused instanceof TufResult.Refused,
                        altered + ": " + refused)
                .invariant(
                        "every cut ends with the new firmware",
                        report.survived() == report.cutPoints(),
                        report.survived() + " of " + report.cutPoints())
                .invariant(
                        "no cut bricks, none runs other bytes",
                        report.unbootable() == 0 && report.wrongVersion() == 0,
                        report.unbootable() + " unbootable, " + report.wrongVersion() + " wrong")
                .invariant(
                        "every pair of cuts ends with the new firmware",
                        every.survived() == every.cases(),
                        Text.count(every.survived()) + " of " + Text.count(every.cases()) + " " + every.firstFailure())
                .build();
    }

    private static String targets(Map<String, byte[]> published) {
        return published.keySet().stream()
                .filter(name -> name.endsWith("targets.json"))
                .findFirst()
                .orElseThrow();
    }

    private static TufResult refreshWithOneBitFlipped(Day day, Map<String, byte[]> published, String name)
            throws IOException {
        Map<String, byte[]> tampered = new TreeMap<>(published);
        byte[] bytes = file(tampered, name).clone();
        bytes[bytes.length / 2] ^= 1;
        tampered.put(name, bytes);
        TrustedStore victim = TrustedStore.inMemory();
        TufClient.initialise(victim, file(tampered, "1.root.json"), TufLimits.DEFAULT);
        return client(day, victim, tampered).refresh();
    }

    private static Delta patch(Inputs in) throws IOException {
        return DeltaEncoder.create(in.oldFirmware(), in.newFirmware(), DeltaOptions.DEFAULT);
    }

    static byte[] file(Map<String, byte[]> files, String name) throws IOException {
        byte[] file = files.get(name);
        if (file == null) {
            throw new IOException("the repository did not publish " + name);
        }
        return file;
    }

    private static PatchInfo info(byte[] patch) throws IOException {
        try {
            return PatchInfo.read(patch);
        } catch (DeltaException e) {
            throw new IOException("our own patch cannot be read", e);
        }
    }

    /** Returns the signed files; the targets go to {@code files}, by location. */
    private static Map<String, byte[]> publish(Day day, RandomGenerator random, byte[] patch, Map<String, byte[]> files)
            throws IOException {
        Map<TopLevelRole, RoleSigners> signers = new EnumMap<>(TopLevelRole.class);
        for (TopLevelRole role : TopLevelRole.values()) {
            int keys = role == TopLevelRole.ROOT ? 2 : 1;
            List<TufSigner> own = java.util.stream.IntStream.range(0, keys)
                    .mapToObj(i -> TufSigner.ed25519(seed(random)))
                    .toList();
            signers.put(role, new RoleSigners(own, keys));
        }
        Inputs in = day.inputs;
        byte[] hashes = ChunkHashes.listSha256(in.newFirmware(), CHUNK_BYTES);
        PatchInfo info = info(patch);
        FirmwareInfo.Delta bound = new FirmwareInfo.Delta(
                Digest.sha256(in.oldFirmware()),
                Digest.sha256(in.newFirmware()),
                PATCH,
                Digest.sha256(patch),
                patch.length,
                "fieldproof/small",
                info.decoderBytes());
        FirmwareInfo facts =
                new FirmwareInfo("2.0", List.of(HARDWARE), 2, CHUNK_BYTES, Digest.sha256(hashes), List.of(bound));
        TufRepository repository = new TufRepository(day.clock, signers);
        add(repository, TargetFile.of(IMAGE, in.newFirmware()).withFirmware(facts), in.newFirmware(), files);
        add(repository, TargetFile.of(FirmwareInfo.blockListPath(IMAGE), hashes), hashes, files);
        add(repository, TargetFile.of(PATCH, patch), patch, files);
        byte[] blocks = ChunkHashes.listSha256(patch, CHUNK_BYTES);
        add(repository, TargetFile.of(FirmwareInfo.blockListPath(PATCH), blocks), blocks, files);
        Map<String, byte[]> signed = new TreeMap<>();
        repository.publish(signed::put);
        return signed;
    }

    private static void add(TufRepository repository, TargetFile target, byte[] bytes, Map<String, byte[]> files) {
        repository.addTarget(target);
        files.put(TufRepository.location(target), bytes);
    }

    private static byte[] seed(RandomGenerator random) {
        byte[] seed = new byte[32];
        random.nextBytes(seed);
        return seed;
    }

    private static TufClient client(Day day, TrustedStore store, Map<String, byte[]> files) throws IOException {
        return new TufClient(
                store, path -> Optional.ofNullable(files.get(path)).map(ByteArrayInputStream::new), day.clock);
    }
}
