package dev.fieldproof.ota.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.key.KeyAlgorithm;
import dev.fieldproof.ota.cli.RepoDirectory.RoleConfiguration;
import dev.fieldproof.ota.tuf.TargetFile;
import dev.fieldproof.ota.tuf.TopLevelRole;
import dev.fieldproof.ota.tuf.TrustedStore;
import dev.fieldproof.ota.tuf.TufClient;
import dev.fieldproof.ota.tuf.TufLimits;
import dev.fieldproof.ota.tuf.TufRepository;
import dev.fieldproof.ota.tuf.TufResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command that rotates a key and adds a target is stopped before every change of the medium. */
class RepoCrashTest {
    private static final char[] PASSWORD = "correct horse".toCharArray();
    private static final InstantSource CLOCK = InstantSource.system();
    private static final TargetFile TARGET = TargetFile.of("d/fw.bin", new byte[] {1, 2, 3});

    @TempDir
    private Path directory;

    private Path before;

    /** Counts the changes of the medium and ends the work before one of them. */
    private static final class Stop implements StagedFiles.Step {
        private final int at;
        private int steps;

        Stop(int at) {
            this.at = at;
        }

        @Override
        public void next() throws IOException {
            if (steps++ == at) {
                throw new IOException("stopped");
            }
        }
    }

    @BeforeEach
    void aRepositoryWithFreshKeysAtHand() throws IOException {
        before = directory.resolve("before");
        try (RepoDirectory repo = RepoDirectory.create(before, PASSWORD)) {
            Map<String, List<String>> names =
                    repo.newKeys(Map.of("root", 1, "timestamp", 2, "snapshot", 1, "targets", 1), KeyAlgorithm.ED25519);
            Map<String, RoleConfiguration> roles = new java.util.TreeMap<>();
            names.forEach((role, ids) -> roles.put(role, new RoleConfiguration(ids.subList(0, 1), 1)));
            repo.save(roles);
            repo.publish(new TufRepository(CLOCK, repo.topLevelSigners(roles)));
        }
    }

    private Path copy(String name) throws IOException {
        Path copy = directory.resolve(name);
        try (var walk = Files.walk(before)) {
            walk.forEach(path -> {
                try {
                    Files.copy(path, copy.resolve(before.relativize(path).toString()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return copy;
    }

    private interface Command {
        void run(Path repo, Stop stop) throws IOException;
    }

    private static Map<String, RoleConfiguration> rotated(RepoDirectory repo, TufRepository repository)
            throws IOException {
        Map<String, RoleConfiguration> roles = repo.configuration();
        RoleConfiguration other = roles.get("timestamp").keys().equals(List.of("timestamp-1"))
                ? new RoleConfiguration(List.of("timestamp-2"), 1)
                : new RoleConfiguration(List.of("timestamp-1"), 1);
        roles.put("timestamp", other);
        repository.rotate(TopLevelRole.TIMESTAMP, repo.signers(other));
        repository.addTarget(TARGET);
        return roles;
    }

    private static void staged(Path directory, Stop stop) throws IOException {
        try (RepoDirectory repo = RepoDirectory.open(directory, PASSWORD, stop)) {
            TufRepository repository = repo.repository(CLOCK);
            repo.writeTarget(TARGET, new byte[] {1, 2, 3});
            repo.save(rotated(repo, repository));
            repo.publish(repository);
        }
    }

    /** The mutant: each file goes to its place at once. */
    private static void inPlace(Path directory, Stop stop) throws IOException {
        try (RepoDirectory repo = RepoDirectory.open(directory, PASSWORD, () -> {})) {
            TufRepository repository = repo.repository(CLOCK);
            Map<String, RoleConfiguration> roles = rotated(repo, repository);
            repository.publish((path, bytes) -> {
                stop.next();
                RepoDirectory.replace(directory.resolve("public/metadata").resolve(path), bytes);
            });
            stop.next();
            repo.save(roles);
            repo.publish(repository);
        }
    }

    /** Stops it everywhere; returns whether the repository or a device cannot go on after one of the stops. */
    private boolean breaks(String name, Command command) throws IOException {
        Stop never = new Stop(-1);
        command.run(copy(name), never);
        assertTrue(never.steps > 5, never.steps + " changes");
        boolean broken = false;
        for (int at = 0; at < never.steps && !broken; at++) {
            Path repo = copy(name + at);
            TrustedStore device = TrustedStore.inMemory();
            TufClient.initialise(
                    device, Files.readAllBytes(before.resolve("public/metadata/1.root.json")), TufLimits.DEFAULT);
            Stop stop = new Stop(at);
            assertThrows(IOException.class, () -> command.run(repo, stop));
            broken = !goesOn(repo, device);
        }
        return broken;
    }

    /** All of the stopped command took effect or nothing; the next one works, and a device follows both. */
    private static boolean goesOn(Path repo, TrustedStore device) throws IOException {
        try (RepoDirectory again = RepoDirectory.open(repo, PASSWORD)) {
            TufRepository repository = again.repository(CLOCK);
            boolean key = again.configuration().get("timestamp").keys().equals(List.of("timestamp-2"));
            boolean target = repository.targets("targets").containsKey(TARGET.path());
            boolean file = Files.exists(repo.resolve("public/targets").resolve(RepoDirectory.fileName(TARGET)));
            if (key != target || (target && !file) || Files.exists(repo.resolve("decided"))) {
                return false;
            }
            TufClient client = new TufClient(device, RepoDirectory.published(repo), CLOCK);
            if (!(client.refresh() instanceof TufResult.Refreshed)) {
                return false;
            }
        } catch (IOException e) {
            return false;
        }
        staged(repo, new Stop(-1));
        TufClient client = new TufClient(device, RepoDirectory.published(repo), CLOCK);
        return client.refresh() instanceof TufResult.Refreshed;
    }

    @Test
    void allOfACommandTakesEffectOrNothing() throws IOException {
        assertFalse(breaks("staged", RepoCrashTest::staged));
    }

    @Test
    void withoutStagingTheEnumerationFails() throws IOException {
        assertTrue(breaks("in-place", RepoCrashTest::inPlace));
    }

    @Test
    void oneCommandAtATime() throws IOException {
        try (RepoDirectory repo = RepoDirectory.open(before, PASSWORD)) {
            assertTrue(assertThrows(IOException.class, () -> RepoDirectory.open(before, PASSWORD))
                    .getMessage()
                    .contains("another command"));
            assertInstanceOf(TufRepository.class, repo.repository(CLOCK));
        }
    }
}
