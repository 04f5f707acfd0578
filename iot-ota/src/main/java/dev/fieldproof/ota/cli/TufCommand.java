package dev.fieldproof.ota.cli;

import dev.fieldproof.core.Digest;
import dev.fieldproof.ota.download.HttpFetcher;
import dev.fieldproof.ota.tuf.DirectoryTrustedStore;
import dev.fieldproof.ota.tuf.Fetcher;
import dev.fieldproof.ota.tuf.TargetFile;
import dev.fieldproof.ota.tuf.TufClient;
import dev.fieldproof.ota.tuf.TufLimits;
import dev.fieldproof.ota.tuf.TufResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The trusted update client, with the command line that TUF clients share for conformance. */
@Command(
        name = "tuf",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Keeps a trusted view of an update repository and fetches targets that it vouches for.")
final class TufCommand {
    private static final int REFUSED = 1;
    private static final int MAX_NAME_CHARS = 200;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--metadata-dir",
            required = true,
            scope = ScopeType.INHERIT,
            description = "Where trusted metadata is kept.")
    private @Nullable Path metadataDir;

    @Option(names = "--metadata-url", scope = ScopeType.INHERIT, description = "Where the repository's metadata is.")
    private @Nullable URI metadataUrl;

    @Option(
            names = "--target-name",
            scope = ScopeType.INHERIT,
            description = "Path of a target to download; may be given several times.")
    private @Nullable List<String> targetNames;

    @Option(names = "--target-base-url", scope = ScopeType.INHERIT, description = "Where the targets are.")
    private @Nullable URI targetBaseUrl;

    @Option(names = "--target-dir", scope = ScopeType.INHERIT, description = "Where to put the target.")
    private @Nullable Path targetDir;

    @Option(
            names = "--days-in-future",
            scope = ScopeType.INHERIT,
            defaultValue = "0",
            description = "Judge expiry as if that many days had passed.")
    private long daysInFuture;

    @Option(
            names = "--max-root-rotations",
            scope = ScopeType.INHERIT,
            defaultValue = "256",
            description = "Most new roots to take at once (default: ${DEFAULT-VALUE}).")
    private int maxRootRotations;

    @Option(
            names = "--strict-key-ids",
            scope = ScopeType.INHERIT,
            description = "Demand that every key id is the digest of its key.")
    private boolean strictKeyIds;

    private <T> T require(@Nullable T value, String option) {
        if (value == null) {
            throw usage("Missing required option: '" + option + "'");
        }
        return value;
    }

    private HttpFetcher fetcher(@Nullable URI base, String option) {
        try {
            return new HttpFetcher(require(base, option));
        } catch (IllegalArgumentException e) {
            throw usage("Invalid value for option '" + option + "': " + e.getMessage());
        }
    }

    private ParameterException usage(String mistake) {
        CommandSpec command = spec;
        if (command == null) {
            throw new IllegalStateException(mistake);
        }
        return new ParameterException(command.commandLine(), mistake);
    }

    private TufLimits limits() {
        if (maxRootRotations < 1) {
            throw usage("--max-root-rotations is at least 1");
        }
        TufLimits limits = TufLimits.DEFAULT.withMaxRootRotations(maxRootRotations);
        return strictKeyIds ? limits : limits.withUniqueKeyIds();
    }

    private DirectoryTrustedStore store() throws IOException {
        return new DirectoryTrustedStore(require(metadataDir, "--metadata-dir"));
    }

    private TufClient client() throws IOException {
        Duration offset = Duration.ofDays(daysInFuture);
        InstantSource clock = InstantSource.offset(InstantSource.system(), offset);
        return new TufClient(store(), fetcher(metadataUrl, "--metadata-url"), clock, limits());
    }

    private int refused(TufResult.Refused refused) {
        if (spec != null) {
            spec.commandLine().getErr().println("tuf: refused: " + refused);
        }
        return REFUSED;
    }

    private void print(Object line) {
        if (spec != null) {
            spec.commandLine().getOut().println(line);
        }
    }

    @Command(name = "init", description = "Trusts a root that came by a trusted way.", mixinStandardHelpOptions = true)
    int init(@Parameters(paramLabel = "ROOT.json") Path root) throws IOException {
        Optional<TufResult.Refused> refused = TufClient.initialise(store(), Files.readAllBytes(root), limits());
        return refused.map(this::refused).orElse(0);
    }

    @Command(name = "refresh", description = "Brings the trusted metadata up to date.", mixinStandardHelpOptions = true)
    int refresh() throws IOException {
        TufResult result = client().refresh();
        if (result instanceof TufResult.Refused refused) {
            return refused(refused);
        }
        print(result);
        return 0;
    }

    @Command(
            name = "download",
            description = "Refreshes, looks targets up and downloads those that are not there yet.",
            mixinStandardHelpOptions = true)
    int download() throws IOException {
        List<String> names = require(targetNames, "--target-name");
        Path directory = Files.createDirectories(require(targetDir, "--target-dir"));
        HttpFetcher targets = fetcher(targetBaseUrl, "--target-base-url");
        TufClient client = client();
        if (client.refresh() instanceof TufResult.Refused refused) {
            return refused(refused);
        }
        for (String name : names) {
            Optional<TufResult.Refused> refused = download(client, targets, name, directory);
            if (refused.isPresent()) {
                return refused(refused.get());
            }
        }
        return 0;
    }

    private Optional<TufResult.Refused> download(TufClient client, Fetcher targets, String name, Path directory)
            throws IOException {
        TufResult looked = client.lookup(name);
        if (!(looked instanceof TufResult.Found found)) {
            return Optional.of((TufResult.Refused) looked);
        }
        Path place = directory.resolve(fileName(name));
        if (!holds(place, found.target())) {
            Path fresh = Files.createTempFile(directory, "target", ".part");
            try {
                TufResult result;
                try (OutputStream out = Files.newOutputStream(fresh)) {
                    result = client.download(found.target(), targets, out);
                }
                if (result instanceof TufResult.Refused refused) {
                    return Optional.of(refused);
                }
                Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
        }
        print(place);
        return Optional.empty();
    }

    /** One flat name: a target's path never chooses a directory here. */
    static String fileName(String target) {
        String encoded = URLEncoder.encode(target, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
        if (encoded.equals(".") || encoded.equals("..")) {
            return encoded.replace(".", "%2E");
        }
        return encoded.length() <= MAX_NAME_CHARS
                ? encoded
                : Digest.sha256(target.getBytes(StandardCharsets.UTF_8)).hex();
    }

    private static boolean holds(Path place, TargetFile target) throws IOException {
        if (!Files.isRegularFile(place) || Files.size(place) != target.lengthBytes()) {
            return false;
        }
        try (InputStream in = Files.newInputStream(place)) {
            return target.matches(in);
        }
    }
}
