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
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
        if (rootThreshold < 1 || rootThreshold > rootKeys) {
            throw new IOException("a threshold of " + rootThreshold + " with " + rootKeys + " keys");
        }
        Files.createDirectories(directory);
        try (RepoDirectory repo = open(directory)) {
            if (repo.exists()) {
                throw new IOException(directory + " is a repository already");
            }
            Map<TopLevelRole, RoleConfiguration> roles = new EnumMap<>(TopLevelRole.class);
            for (TopLevelRole role : TopLevelRole.values()) {
                boolean root = role == TopLevelRole.ROOT;
                List<String> names = repo.newKeys(role, root ? rootKeys : 1, 0, algorithm);
                roles.put(role, new RoleConfiguration(names, root ? rootThreshold : 1));
            }
            repo.save(roles);
            repo.publish(new TufRepository(clock, repo.signers()));
        }
        out().println("devices trust " + RepoDirectory.metadata(directory).resolve("1.root.json"));
        return 0;
    }

    @Command(name = "keys", mixinStandardHelpOptions = true, description = "Lists who signs for which role.")
    int keys(@Parameters(paramLabel = "DIR") Path directory) throws IOException {
        try (RepoDirectory repo = open(directory)) {
            for (Map.Entry<TopLevelRole, RoleConfiguration> role :
                    repo.configuration().entrySet()) {
                String name = role.getKey().roleName();
                out().printf("%s: %d of%n", name, role.getValue().threshold());
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
            @Option(names = "--profile", defaultValue = "SMALL", description = "of the patches") DeltaProfile profile)
            throws IOException {
        byte[] bytes = Files.readAllBytes(image);
        if (bytes.length == 0 || blockBytes < 1 || deltas < 0 || securityVersion < 0) {
            throw new IOException("an empty image, or a negative number");
        }
        try (RepoDirectory repo = open(directory)) {
            TufRepository repository = repo.repository(clock);
            new FirmwareRelease(name, bytes, version, hardware, securityVersion, blockBytes, deltas, profile)
                    .addTo(repository, repo, out());
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
            @Option(names = "--role", description = "root or targets; repeatable") @Nullable List<TopLevelRole> roles,
            @Option(names = "--days", description = "how long they stay good") @Nullable Integer days)
            throws IOException {
        try (RepoDirectory repo = open(directory)) {
            TufRepository repository = repo.repository(clock);
            for (TopLevelRole role : roles == null ? List.<TopLevelRole>of() : roles) {
                repository.renew(role);
                if (days != null) {
                    repository.setValidity(role, Duration.ofDays(days));
                }
            }
            repo.publish(repository);
        }
        return 0;
    }

    @Command(
            name = "rotate",
            mixinStandardHelpOptions = true,
            description = "Replaces the keys of a role by new ones; a new root tells devices.")
    int rotate(
            @Parameters(index = "0", paramLabel = "DIR") Path directory,
            @Parameters(index = "1", paramLabel = "ROLE", description = "${COMPLETION-CANDIDATES}") TopLevelRole role,
            @Option(names = "--key-type", defaultValue = "ED25519", description = "${COMPLETION-CANDIDATES}")
                    KeyAlgorithm algorithm)
            throws IOException {
        try (RepoDirectory repo = open(directory)) {
            Map<TopLevelRole, RoleConfiguration> roles = repo.configuration();
            TufRepository repository = repo.repository(clock);
            RoleConfiguration before = roles.get(role);
            if (before == null) {
                throw new IOException("no keys for " + role);
            }
            int highest = before.keys().stream()
                    .mapToInt(key -> Integer.parseInt(key.substring(key.lastIndexOf('-') + 1)))
                    .max()
                    .orElse(0);
            List<String> names = repo.newKeys(role, before.keys().size(), highest, algorithm);
            RoleConfiguration after = new RoleConfiguration(names, before.threshold());
            repository.rotate(role, repo.signers(after));
            repo.publish(repository);
            Map<TopLevelRole, RoleConfiguration> next = new EnumMap<>(roles);
            next.put(role, after);
            repo.save(next);
        }
        return 0;
    }

    @Command(name = "expires", mixinStandardHelpOptions = true, description = "Lists what expires soon.")
    int expires(
            @Parameters(paramLabel = "DIR") Path directory,
            @Option(names = "--within", defaultValue = "30", description = "days (${DEFAULT-VALUE})") int days)
            throws IOException {
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
        Path source = directory.resolve("public");
        if (!Files.isDirectory(source)) {
            throw new IOException(directory + " is no repository: make one with 'repo init'");
        }
        List<Path> files = new ArrayList<>();
        try (var walk = Files.walk(source)) {
            walk.filter(Files::isRegularFile).map(source::relativize).forEach(files::add);
        }
        files.sort((a, b) -> {
            int order = Integer.compare(rank(a), rank(b));
            return order != 0 ? order : a.compareTo(b);
        });
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

    /** Targets first, then what names them, the timestamp last. */
    private static int rank(Path file) {
        String name = file.toString();
        if (name.startsWith("targets")) {
            return 0;
        }
        return name.endsWith("timestamp.json") ? 3 : name.endsWith("root.json") ? 1 : 2;
    }
}
