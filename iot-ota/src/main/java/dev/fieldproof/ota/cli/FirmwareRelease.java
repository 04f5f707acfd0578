package dev.fieldproof.ota.cli;

import dev.fieldproof.core.Digest;
import dev.fieldproof.ota.delta.DeltaEncoder;
import dev.fieldproof.ota.delta.DeltaException;
import dev.fieldproof.ota.delta.DeltaOptions;
import dev.fieldproof.ota.delta.DeltaProfile;
import dev.fieldproof.ota.delta.PatchInfo;
import dev.fieldproof.ota.slot.ChunkHashes;
import dev.fieldproof.ota.tuf.FirmwareInfo;
import dev.fieldproof.ota.tuf.TargetFile;
import dev.fieldproof.ota.tuf.TufRepository;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Adds an image to a repository, with its list of blocks and with patches from the releases before it.
 *
 * @param path target path of the image
 * @param image its bytes
 * @param version for people and, as a number, for boot records
 * @param hardwareIds the boards it runs on
 * @param securityVersion for anti-rollback
 * @param blockBytes of the list of blocks
 * @param deltas from how many releases before it to make patches, the newest first
 * @param profile of the patches
 */
@SuppressWarnings("ArrayRecordComponent") // an image may be megabytes: no copies, and compared by nobody
record FirmwareRelease(
        String path,
        byte[] image,
        String version,
        List<String> hardwareIds,
        long securityVersion,
        int blockBytes,
        int deltas,
        DeltaProfile profile) {

    /** A release that is in the repository already. */
    private record Earlier(TargetFile target, long number) {}

    void addTo(TufRepository repository, String role, RepoDirectory files, PrintWriter out) throws IOException {
        FirmwareInfo bare = new FirmwareInfo(
                version, hardwareIds, securityVersion, blockBytes, Digest.sha256(new byte[0]), List.of());
        OptionalLong number = bare.versionNumber();
        if (number.isEmpty()) {
            throw new IOException("the version has to be A, A.B or A.B.C, in numbers: '" + version + "'");
        }
        TargetFile plain = TargetFile.of(path, image);
        List<FirmwareInfo.Delta> patches = new ArrayList<>();
        Publisher publisher = new Publisher(repository, role, files);
        for (Earlier earlier : earlier(repository.targets(role).values(), number.getAsLong())) {
            patch(publisher, files.readTarget(earlier.target()), earlier.target(), plain, patches, out);
        }
        byte[] list = ChunkHashes.listSha256(image, blockBytes);
        TargetFile blocks = TargetFile.of(FirmwareInfo.blockListPath(path), list);
        FirmwareInfo facts =
                new FirmwareInfo(version, hardwareIds, securityVersion, blockBytes, Digest.sha256(list), patches);
        TargetFile described = plain.withFirmware(facts);
        publisher.add(blocks, list);
        publisher.add(described, image);
        out.printf(Locale.ROOT, "%s %s, %d bytes, %d patches%n", path, version, image.length, patches.size());
    }

    /** Adds files to one role, if clients look for them there. */
    private record Publisher(TufRepository repository, String role, RepoDirectory files) {
        void add(TargetFile target, byte[] bytes) throws IOException {
            if (!repository.trusts(role, target.path())) {
                throw new IOException("no device looks for '" + target.path() + "' in the role '" + role + "'");
            }
            files.writeTarget(target, bytes);
            repository.addTarget(role, target);
        }
    }

    private List<Earlier> earlier(Collection<TargetFile> listed, long number) {
        List<Earlier> all = new ArrayList<>();
        for (TargetFile target : listed) {
            target.firmware()
                    .filter(facts -> !target.path().equals(path)
                            && !Collections.disjoint(facts.hardwareIds(), hardwareIds)
                            && facts.versionNumber().orElse(Long.MAX_VALUE) < number)
                    .ifPresent(facts ->
                            all.add(new Earlier(target, facts.versionNumber().orElseThrow())));
        }
        all.sort(Comparator.comparingLong(Earlier::number).reversed());
        return all.subList(0, Math.min(deltas, all.size()));
    }

    /** A patch that saves nothing is left out. */
    private void patch(
            Publisher publisher,
            byte[] old,
            TargetFile from,
            TargetFile to,
            List<FirmwareInfo.Delta> patches,
            PrintWriter out)
            throws IOException {
        DeltaOptions options = DeltaOptions.DEFAULT.withProfile(profile);
        byte[] patch = DeltaEncoder.create(old, image, options).patch();
        if (patch.length >= image.length) {
            return;
        }
        Digest source = from.sha256().orElseThrow();
        Digest goal = to.sha256().orElseThrow();
        String patchPath = path + ".from-" + source.hex().substring(0, 16) + ".patch";
        TargetFile target = TargetFile.of(patchPath, patch);
        publisher.add(target, patch);
        byte[] list = ChunkHashes.listSha256(patch, blockBytes);
        publisher.add(TargetFile.of(FirmwareInfo.blockListPath(patchPath), list), list);
        patches.add(new FirmwareInfo.Delta(
                source,
                goal,
                patchPath,
                target.sha256().orElseThrow(),
                patch.length,
                "fieldproof/" + profile.name().toLowerCase(Locale.ROOT),
                memory(patch)));
        out.printf(
                Locale.ROOT,
                "  patch from %s: %d bytes, %.2f %% saved%n",
                from.path(),
                patch.length,
                100.0 * (image.length - patch.length) / image.length);
    }

    private static long memory(byte[] patch) throws IOException {
        try {
            return PatchInfo.read(patch).decoderBytes();
        } catch (DeltaException e) {
            throw new IOException("our own patch cannot be read", e);
        }
    }
}
