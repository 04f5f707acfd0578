package dev.fieldproof.ota.cli;

import dev.fieldproof.core.key.KeyAlgorithm;
import dev.fieldproof.ota.cli.RepoDirectory.RoleConfiguration;
import dev.fieldproof.ota.delta.DeltaProfile;
import dev.fieldproof.ota.tuf.Expiry;
import dev.fieldproof.ota.tuf.TopLevelRole;
import dev.fieldproof.ota.tuf.TufRepository;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Makes and maintains a signed repository that any static web server can serve. */
@Command(
        name = "repo",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Makes and maintains a signed update repository.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RepoCommand {
    private static final String PASSWORD = "FIELDPROOF_PASSWORD";
    private static final int MAX_DAYS = 36_500;
    private static final int MAX_ROOT_KEYS = 100;

    private final InstantSource clock = InstantSource.system();

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--password-file",
            scope = ScopeType.INHERIT,
            description = "File with the password of the keys (default: environment variable " + PASSWORD + ").")
    private @Nullable Path passwordFile;

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private char[] password() throws IOException {
        String text = passwordFile == null
                ? System.getenv(PASSWORD)
                : Files.readString(passwordFile).strip();
        if (text == null || text.isEmpty()) {
            throw new IOException("the keys need a password: set " + PASSWORD + " or give --password-file");
        }
        return text.toCharArray();
    }

    private RepoDirectory open(Path directory) throws IOException {
        return RepoDirectory.open(directory, password());
    }

    @Command(
            name = "init",
            mixinStandardHelpOptions = true,
            description = "Makes keys and an empty signed repository in DIR.")
    int init(
            @Parameters(paramLabel = "DIR") Path directory,
            @Option(names = "--root-keys", defaultValue = "2", description = "keys of the root (${DEFAULT-VALUE})")
                    int rootKeys,
            @Option(
                            names = "--root-threshold",
                            defaultValue = "2",
                            description = "how many of them must sign (${DEFAULT-VALUE})")
                    int rootThreshold,
            @Option(names = "--key-type", defaultValue = "ED25519", description = "${COMPLETION-CANDIDATES}")
                    KeyAlgorithm algorithm)
            throws IOException {
        if (rootThreshold < 1 || rootThreshold > rootKeys || rootKeys > MAX_ROOT_KEYS) {
            throw usage("a threshold of " + rootThreshold + " with " + rootKeys + " keys");
        }
        try (RepoDirectory repo = RepoDirectory.create(directory, password())) {
            Map<String, RoleConfiguration> roles = new LinkedHashMap<>();
            Map<String, Integer> counts = new LinkedHashMap<>();
            for (TopLevelRole role : TopLevelRole.values()) {
                counts.put(role.roleName(), role == TopLevelRole.ROOT ? rootKeys : 1);
            }
            repo.newKeys(counts, algorithm)
                    .forEach((role, names) ->
                            roles.put(role, new RoleConfiguration(names, role.equals("root") ? rootThreshold : 1)));
            repo.save(roles);
            repo.publish(new TufRepository(clock, repo.topLevelSigners(roles)));
        }
        out().println("devices trust " + directory.resolve("public/metadata/1.root.json"));
        return 0;
    }

    @Command(name = "keys", mixinStandardHelpOptions = true, description = "Lists who signs for which role.")
    int keys(@Parameters(paramLabel = "DIR") Path directory) throws IOException {
        try (RepoDirectory repo = open(directory)) {
            for (Map.Entry<String, RoleConfiguration> role :
                    repo.configuration().entrySet()) {
                out().printf("%s: %d of%n", role.getKey(), role.getValue().threshold());
                repo.signers(role.getValue()).signers().forEach(signer -> out().println("  " + signer.key()));
            }
        }
        return 0;
    }

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Adds firmware, with patches from the releases before it, and signs.")
    int add(
            @Parameters(index = "0", paramLabel = "DIR") Path directory,
            @Parameters(index = "1", paramLabel = "IMAGE") Path image,
            @Option(names = "--name", required = true, description = "target path, such as board-a/2.1.0.bin")
                    String name,
            @Option(names = "--firmware-version", required = true, description = "A, A.B or A.B.C") String version,
            @Option(names = "--hardware", required = true, description = "a board that it runs on; repeatable")
                    List<String> hardware,
            @Option(names = "--security-version", defaultValue = "0", description = "for anti-rollback")
                    long securityVersion,
            @Option(names = "--block", defaultValue = "4096", description = "bytes that are checked on their own")
                    int blockBytes,
            @Option(names = "--deltas", defaultValue = "3", description = "patches from so many earlier releases")
                    int deltas,
            @Option(names = "--profile", defaultValue = "SMALL", description = "of the patches") DeltaProfile profile,
            @Option(
                            names = "--role",
                            defaultValue = "targets",
                            description = "who vouches for it: targets, or a delegated role")
                    String role)
            throws IOException {
        if (blockBytes < 1 || deltas < 0 || securityVersion < 0) {
            throw usage("--block is at least 1, --deltas and --security-version at least 0");
        }
        if (!RepoDirectory.isPlainPath(name)) {
            throw usage("--name is a path such as board-a/2.1.0.bin, without . or .. as a part: '" + name + "'");
        }
        byte[] bytes = Files.readAllBytes(image);
        if (bytes.length == 0) {
            throw new IOException(image + " is empty");
        }
        try (RepoDirectory repo = open(directory)) {
            requireRole(repo.configuration(), role);
            TufRepository repository = repo.repository(clock);
            new FirmwareRelease(name, bytes, version, hardware, securityVersion, blockBytes, deltas, profile)
                    .addTo(repository, role, repo, out());
            repo.publish(repository);
        }
        return 0;
    }

    @Command(
            name = "delegate",
            mixinStandardHelpOptions = true,
            description = "Trusts a new role, with a key of its own, for some target paths.")
    int delegate(
            @Parameters(index = "0", paramLabel = "DIR") Path directory,
            @Parameters(index = "1", paramLabel = "ROLE", description = "a-z, 0-9, dot and dash") String role,
            @Option(names = "--path", required = true, description = "pattern of target paths; repeatable")
                    List<String> paths,
            @Option(names = "--terminating", description = "nobody listed after it is asked for these paths")
                    boolean terminating,
            @Option(names = "--key-type", defaultValue = "ED25519", description = "${COMPLETION-CANDIDATES}")
                    KeyAlgorithm algorithm)
            throws IOException {
        if (!role.matches("[a-z0-9][a-z0-9.-]{0,49}") || TopLevelRole.isTopLevel(role)) {
            throw usage("'" + role + "' cannot be the name of a delegated role");
        }
        try (RepoDirectory repo = open(directory)) {
            Map<String, RoleConfiguration> roles = repo.configuration();
            if (roles.containsKey(role)) {
                throw new IOException("there is a role '" + role + "' already");
            }
            TufRepository repository = repo.repository(clock);
            RoleConfiguration by = new RoleConfiguration(repo.newKeys(role, 1, algorithm), 1);
            repository.delegate("targets", role, repo.signers(by), paths, terminating);
            roles.put(role, by);
            repo.save(roles);
            repo.publish(repository);
        }
        return 0;
    }

    @Command(
            name = "sign",
            mixinStandardHelpOptions = true,
            description = "Signs timestamp and snapshot anew, and other roles if named, so that they do not expire.")
    int sign(
            @Parameters(index = "0", paramLabel = "DIR") Path directory,
            @Option(names = "--role", description = "root, targets or a delegated role; repeatable") @Nullable
                    List<String> roles,
            @Option(
                            names = "--days",
                            description = "how long what is named stays good; without --role, timestamp and snapshot")
                    @Nullable
                    Integer days)
            throws IOException {
        if (days != null && (days < 1 || days > MAX_DAYS)) {
            throw usage("--days is from 1 to " + MAX_DAYS);
        }
        try (RepoDirectory repo = open(directory)) {
            Map<String, RoleConfiguration> known = repo.configuration();
            TufRepository repository = repo.repository(clock);
            for (String role : roles == null ? List.of("timestamp", "snapshot") : roles) {
                requireRole(known, role);
                if (days != null) {
                    repository.setValidity(topLevel(role).orElse(TopLevelRole.TARGETS), Duration.ofDays(days));
                }
                if (topLevel(role).isPresent()) {
                    repository.renew(topLevel(role).get());
                } else {
                    repository.renew(role);
                }
            }
            repo.publish(repository);
        }
        return 0;
    }

    @Command(
            name = "rotate",
            mixinStandardHelpOptions = true,
            description = "Replaces the keys of a role by new ones, and tells devices so.")
    int rotate(
            @Parameters(index = "0", paramLabel = "DIR") Path directory,
            @Parameters(
                            index = "1",
                            paramLabel = "ROLE",
                            description = "root, timestamp, snapshot, targets or a delegated role")
                    String role,
            @Option(names = "--key-type", defaultValue = "ED25519", description = "${COMPLETION-CANDIDATES}")
                    KeyAlgorithm algorithm)
            throws IOException {
        try (RepoDirectory repo = open(directory)) {
            Map<String, RoleConfiguration> roles = repo.configuration();
            RoleConfiguration before = requireRole(roles, role);
            TufRepository repository = repo.repository(clock);
            List<String> names = repo.newKeys(role, before.keys().size(), algorithm);
            RoleConfiguration after = new RoleConfiguration(names, before.threshold());
            if (topLevel(role).isPresent()) {
                repository.rotate(topLevel(role).get(), repo.signers(after));
            } else {
                repository.rotate(role, repo.signers(after));
            }
            roles.put(role, after);
            repo.save(roles);
            repo.publish(repository);
        }
        return 0;
    }

    private static Optional<TopLevelRole> topLevel(String role) {
        return Arrays.stream(TopLevelRole.values())
                .filter(known -> known.roleName().equals(role))
                .findFirst();
    }

    private RoleConfiguration requireRole(Map<String, RoleConfiguration> known, String role) {
        RoleConfiguration found = known.get(role);
        if (found == null) {
            throw usage("no role '" + role + "' here, but " + String.join(", ", known.keySet()));
        }
        return found;
    }

    private ParameterException usage(String mistake) {
        return new ParameterException(spec.commandLine(), mistake);
    }

    @Command(name = "expires", mixinStandardHelpOptions = true, description = "Lists what expires soon.")
    int expires(
            @Parameters(paramLabel = "DIR") Path directory,
            @Option(names = "--within", defaultValue = "30", description = "days (${DEFAULT-VALUE})") int days)
            throws IOException {
        if (days < 0 || days > MAX_DAYS) {
            throw usage("--within is from 0 to " + MAX_DAYS);
        }
        RepoDirectory.settle(directory);
        Instant now = clock.instant();
        Instant end = now.plus(Duration.ofDays(days));
        for (Expiry expiry : Expiry.of(RepoDirectory.published(directory))) {
            if (expiry.expires().isBefore(end)) {
                boolean over = !expiry.expires().isAfter(now);
                String when = over
                        ? "has expired"
                        : Duration.between(now, expiry.expires()).toDays() + " days left";
                out().printf(Locale.ROOT, "%s %d: %s, %s%n", expiry.role(), expiry.version(), expiry.expires(), when);
            }
        }
        return 0;
    }

    @Command(
            name = "publish",
            mixinStandardHelpOptions = true,
            description = "Copies what is public to OUT, in an order in which clients never see half of it.")
    int publish(
            @Parameters(index = "0", paramLabel = "DIR") Path directory,
            @Parameters(index = "1", paramLabel = "OUT") Path target)
            throws IOException {
        RepoDirectory.settle(directory);
        Path source = directory.resolve("public");
        List<Path> files = StagedFiles.inOrder(source);
        int copied = 0;
        for (Path file : files) {
            Path place = target.resolve(file);
            byte[] bytes = Files.readAllBytes(source.resolve(file));
            if (!Files.exists(place) || Files.mismatch(source.resolve(file), place) >= 0) {
                Path parent = place.getParent();
                if (parent != null) {
                    Files.createDirectories(parent);
                }
                RepoDirectory.replace(place, bytes);
                copied++;
            }
        }
        out().printf(Locale.ROOT, "%d of %d files copied to %s%n", copied, files.size(), target);
        return 0;
    }
}
