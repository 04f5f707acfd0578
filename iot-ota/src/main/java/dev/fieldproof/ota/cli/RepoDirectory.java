package dev.fieldproof.ota.cli;

import dev.fieldproof.core.key.FileKeyStore;
import dev.fieldproof.core.key.KeyAlgorithm;
import dev.fieldproof.core.key.UnknownKeyException;
import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonReader;
import dev.fieldproof.ota.json.JsonWriter;
import dev.fieldproof.ota.tuf.Fetcher;
import dev.fieldproof.ota.tuf.RoleSigners;
import dev.fieldproof.ota.tuf.TargetFile;
import dev.fieldproof.ota.tuf.TopLevelRole;
import dev.fieldproof.ota.tuf.TufRepository;
import dev.fieldproof.ota.tuf.TufSigner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A repository on disk: {@code repository.json} names each role's keys, {@code keys.p12} holds them encrypted, and
 * {@code public} is what a web server may serve.
 */
final class RepoDirectory implements AutoCloseable {
    private static final String CONFIGURATION = "repository.json";

    private final Path directory;
    private final FileKeyStore keys;

    private RepoDirectory(Path directory, FileKeyStore keys) {
        this.directory = directory;
        this.keys = keys;
    }

    /** Opens the keys; the directory need not be a repository yet. */
    static RepoDirectory open(Path directory, char[] password) throws IOException {
        return new RepoDirectory(directory, FileKeyStore.open(directory.resolve("keys.p12"), password));
    }

    @Override
    public void close() throws IOException {
        keys.close();
    }

    boolean exists() {
        return Files.exists(directory.resolve(CONFIGURATION));
    }

    static Path metadata(Path directory) {
        return directory.resolve("public").resolve("metadata");
    }

    static Path targets(Path directory) {
        return directory.resolve("public").resolve("targets");
    }

    static Fetcher published(Path directory) {
        return path -> {
            Path file = metadata(directory).resolve(path);
            return Files.exists(file) ? Optional.of(Files.newInputStream(file)) : Optional.empty();
        };
    }

    /** Makes fresh keys for a role and names them after those it had. */
    List<String> newKeys(TopLevelRole role, int count, int alreadyThere, KeyAlgorithm algorithm) throws IOException {
        List<String> ids = new ArrayList<>();
        for (int i = alreadyThere + 1; i <= alreadyThere + count; i++) {
            String id = role.roleName() + "-" + i;
            keys.generate(id, algorithm);
            ids.add(id);
        }
        return ids;
    }

    /** The names of a role's keys and its threshold. */
    record RoleConfiguration(List<String> keys, int threshold) {
        RoleConfiguration {
            keys = List.copyOf(keys);
        }
    }

    Map<TopLevelRole, RoleConfiguration> configuration() throws IOException {
        if (!exists()) {
            throw new IOException(directory + " is no repository: make one with 'repo init'");
        }
        try {
            JsonObject roles = JsonReader.object(Files.readAllBytes(directory.resolve(CONFIGURATION)))
                    .object("roles");
            Map<TopLevelRole, RoleConfiguration> all = new EnumMap<>(TopLevelRole.class);
            for (TopLevelRole role : TopLevelRole.values()) {
                JsonObject json = roles.object(role.roleName());
                all.put(role, new RoleConfiguration(json.texts("keys"), (int) json.whole("threshold", 1)));
            }
            return all;
        } catch (JsonException e) {
            throw new IOException(directory.resolve(CONFIGURATION) + ": " + e.getMessage(), e);
        }
    }

    void save(Map<TopLevelRole, RoleConfiguration> all) throws IOException {
        JsonObject.Builder roles = JsonObject.builder();
        all.forEach((role, names) -> roles.put(
                role.roleName(),
                JsonObject.builder()
                        .put("keys", names.keys())
                        .put("threshold", names.threshold())
                        .build()));
        replace(
                directory.resolve(CONFIGURATION),
                JsonWriter.indented(
                        JsonObject.builder().put("roles", roles.build()).build()));
    }

    RoleSigners signers(RoleConfiguration role) throws IOException {
        List<TufSigner> signers = new ArrayList<>();
        for (String name : role.keys()) {
            try {
                signers.add(TufSigner.of(keys, name));
            } catch (UnknownKeyException e) {
                throw new IOException("the key store lacks the key '" + name + "'", e);
            }
        }
        return new RoleSigners(signers, role.threshold());
    }

    Map<TopLevelRole, RoleSigners> signers() throws IOException {
        Map<TopLevelRole, RoleSigners> all = new EnumMap<>(TopLevelRole.class);
        for (Map.Entry<TopLevelRole, RoleConfiguration> role : configuration().entrySet()) {
            all.put(role.getKey(), signers(role.getValue()));
        }
        return all;
    }

    TufRepository repository(InstantSource clock) throws IOException {
        return TufRepository.open(clock, signers(), published(directory));
    }

    void publish(TufRepository repository) throws IOException {
        Path metadata = Files.createDirectories(metadata(directory));
        repository.publish((path, bytes) -> replace(metadata.resolve(path), bytes));
    }

    void writeTarget(TargetFile target, byte[] bytes) throws IOException {
        Path place = targets(directory).resolve(TufRepository.location(target));
        Path parent = place.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        replace(place, bytes);
    }

    byte[] readTarget(TargetFile target) throws IOException {
        return Files.readAllBytes(targets(directory).resolve(TufRepository.location(target)));
    }

    /** In one step, so that who reads meanwhile sees the old file or the new one. */
    static void replace(Path place, byte[] bytes) throws IOException {
        Path fresh = place.resolveSibling(place.getFileName() + ".new");
        Files.write(fresh, bytes);
        Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
