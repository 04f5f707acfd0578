package dev.fieldproof.ota.cli;

import dev.fieldproof.core.key.FileKeyStore;
import dev.fieldproof.core.key.KeyAlgorithm;
import dev.fieldproof.core.key.UnknownKeyException;
import dev.fieldproof.core.store.Directory;
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
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A repository on disk: {@code repository.json} names each role's keys, {@code keys.p12} holds them encrypted, and
 * {@code public} is what a web server may serve. A command changes all of it together or nothing, but for keys made in
 * vain. One command at a time.
 */
final class RepoDirectory implements AutoCloseable {
    private static final String CONFIGURATION = "repository.json";
    private static final String METADATA = "public/metadata/";
    private static final String TARGETS = "public/targets/";

    private final Path directory;
    private final Directory.File lock;
    private final FileKeyStore keys;
    private final StagedFiles staged;

    private RepoDirectory(Path directory, Directory.File lock, FileKeyStore keys, StagedFiles staged) {
        this.directory = directory;
        this.lock = lock;
        this.keys = keys;
        this.staged = staged;
    }

    /** Makes a repository, or the directory of one. */
    static RepoDirectory create(Path directory, char[] password) throws IOException {
        Files.createDirectories(directory);
        RepoDirectory made = open(directory, password, () -> {});
        if (Files.exists(directory.resolve(CONFIGURATION))) {
            made.close();
            throw new IOException(directory + " is a repository already");
        }
        return made;
    }

    /** Opens a repository, and finishes what an earlier command was stopped in. */
    static RepoDirectory open(Path directory, char[] password) throws IOException {
        requireExists(directory);
        return open(directory, password, () -> {});
    }

    static RepoDirectory open(Path directory, char[] password, StagedFiles.Step step) throws IOException {
        Directory.File lock = lock(directory);
        try {
            StagedFiles staged = new StagedFiles(directory, step);
            FileKeyStore keys = FileKeyStore.open(directory.resolve("keys.p12"), password);
            return new RepoDirectory(directory, lock, keys, staged);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Finishes what an earlier command was stopped in; needs no keys. */
    static void settle(Path directory) throws IOException {
        requireExists(directory);
        Directory.File lock = lock(directory);
        try {
            StagedFiles.settle(directory, () -> {});
        } finally {
            lock.close();
        }
    }

    private static Directory.File lock(Path directory) throws IOException {
        return Directory.of(directory)
                .lock("repository.lock", false)
                .orElseThrow(() -> new IOException("another command is at work in " + directory));
    }

    /** A directory whose first command was stopped behind its decision is a repository too. */
    static void requireExists(Path directory) throws IOException {
        if (!Files.exists(directory.resolve(CONFIGURATION))
                && !Files.exists(directory.resolve("decided").resolve(CONFIGURATION))) {
            throw new IOException(directory + " is no repository: make one with 'repo init'");
        }
    }

    @Override
    public void close() throws IOException {
        try {
            keys.close();
        } finally {
            lock.close();
        }
    }

    static Fetcher published(Path directory) {
        return path -> {
            Path file = directory.resolve(METADATA).resolve(path);
            return Files.exists(file) ? Optional.of(Files.newInputStream(file)) : Optional.empty();
        };
    }

    /** Makes fresh keys for roles, so many for each, in one step; named after those that a role has or had. */
    Map<String, List<String>> newKeys(Map<String, Integer> counts, KeyAlgorithm algorithm) throws IOException {
        Map<String, List<String>> made = new LinkedHashMap<>();
        for (Map.Entry<String, Integer> count : counts.entrySet()) {
            int next = highestNumber(count.getKey()) + 1;
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < count.getValue(); i++) {
                ids.add(count.getKey() + "-" + (next + i));
            }
            made.put(count.getKey(), ids);
        }
        keys.generateAll(made.values().stream().flatMap(List::stream).toList(), algorithm);
        return made;
    }

    List<String> newKeys(String role, int count, KeyAlgorithm algorithm) throws IOException {
        return newKeys(Map.of(role, count), algorithm).getOrDefault(role, List.of());
    }

    private int highestNumber(String role) throws IOException {
        int highest = 0;
        for (String id : keys.keyIds()) {
            if (id.startsWith(role + "-") && id.substring(role.length() + 1).matches("[0-9]{1,9}")) {
                highest = Math.max(highest, Integer.parseInt(id.substring(role.length() + 1)));
            }
        }
        return highest;
    }

    /** The names of a role's keys and its threshold. */
    record RoleConfiguration(List<String> keys, int threshold) {
        RoleConfiguration {
            keys = List.copyOf(keys);
        }
    }

    /** By role name: the top-level roles, then the delegated ones whose keys are here. */
    Map<String, RoleConfiguration> configuration() throws IOException {
        requireExists(directory);
        try {
            JsonObject roles = JsonReader.object(Files.readAllBytes(directory.resolve(CONFIGURATION)))
                    .object("roles");
            Map<String, RoleConfiguration> all = new LinkedHashMap<>();
            for (Map.Entry<String, JsonObject> role : roles.objectMembers().entrySet()) {
                JsonObject json = role.getValue();
                all.put(role.getKey(), new RoleConfiguration(json.texts("keys"), (int) json.whole("threshold", 1)));
            }
            for (TopLevelRole role : TopLevelRole.values()) {
                roles.object(role.roleName());
            }
            return all;
        } catch (JsonException e) {
            throw new IOException(directory.resolve(CONFIGURATION) + ": " + e.getMessage(), e);
        }
    }

    void save(Map<String, RoleConfiguration> all) throws IOException {
        JsonObject.Builder roles = JsonObject.builder();
        all.forEach((role, names) -> roles.put(
                role,
                JsonObject.builder()
                        .put("keys", names.keys())
                        .put("threshold", names.threshold())
                        .build()));
        staged.write(
                CONFIGURATION,
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

    Map<TopLevelRole, RoleSigners> topLevelSigners(Map<String, RoleConfiguration> configuration) throws IOException {
        Map<TopLevelRole, RoleSigners> all = new EnumMap<>(TopLevelRole.class);
        for (TopLevelRole role : TopLevelRole.values()) {
            RoleConfiguration names = configuration.get(role.roleName());
            if (names != null) {
                all.put(role, signers(names));
            }
        }
        return all;
    }

    TufRepository repository(InstantSource clock) throws IOException {
        Map<String, RoleConfiguration> configuration = configuration();
        Fetcher published = published(directory);
        TufRepository repository = TufRepository.open(clock, topLevelSigners(configuration), published);
        for (Map.Entry<String, RoleConfiguration> role : configuration.entrySet()) {
            if (!TopLevelRole.isTopLevel(role.getKey())) {
                repository.adopt(role.getKey(), signers(role.getValue()), published);
            }
        }
        return repository;
    }

    /** Signs, and lets all that this command wrote take effect. */
    void publish(TufRepository repository) throws IOException {
        repository.publish((path, bytes) -> staged.write(METADATA + path, bytes));
        staged.commit();
    }

    void writeTarget(TargetFile target, byte[] bytes) throws IOException {
        staged.write(TARGETS + fileName(target), bytes);
    }

    byte[] readTarget(TargetFile target) throws IOException {
        return Files.readAllBytes(directory.resolve(TARGETS).resolve(fileName(target)));
    }

    /** Where a web server finds what clients ask for by its location: it undoes the percent-encoding. */
    static String fileName(TargetFile target) {
        return URI.create("http://host/" + TufRepository.location(target))
                .getPath()
                .substring(1);
    }

    /** Whether a target path can be a file below a directory, on any system and behind any web server. */
    static boolean isPlainPath(String path) {
        return path.chars().allMatch(c -> c >= ' ' && c != 0x7F && "\\:*?\"<>|".indexOf(c) < 0)
                && Arrays.stream(path.split("/", -1))
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    }

    /** In one step, so that who reads meanwhile sees the old file or the new one. */
    static void replace(Path place, byte[] bytes) throws IOException {
        Path fresh = place.resolveSibling(place.getFileName() + ".new");
        Files.write(fresh, bytes);
        Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
