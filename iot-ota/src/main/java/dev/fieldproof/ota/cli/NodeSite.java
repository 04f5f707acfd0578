package dev.fieldproof.ota.cli;

import dev.fieldproof.ota.site.Governance;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Options of a node that is one of several sites: what it may decide, and the brokers that it speaks over. */
final class NodeSite {
    private static final String BROKER = "tcp://HOST:PORT, or ssl://HOST:PORT?ca=FILE&cert=FILE&key=FILE for TLS.";

    @Option(names = "--site", required = true, paramLabel = "NAME", description = "The name of this site.")
    private String name = "";

    @Option(
            names = "--policy",
            paramLabel = "TARGET",
            description = "The target under which the repository has the policy of this site: who may approve what, for"
                    + " how many devices, until when. Without it approvers decide everything.")
    private @Nullable String target;

    @Option(
            names = "--broker",
            paramLabel = "URI",
            description = "A broker on which devices report outcomes, besides HTTP, on the topic"
                    + " fieldproof/site/NAME/device/ID/outcome: " + BROKER)
    private @Nullable URI broker;

    @Option(
            names = "--uplink",
            paramLabel = "URI",
            description = "A broker on which upstream is told every outcome, once, whenever there is a link; its end is"
                    + " 'node collect'. As --broker.")
    private @Nullable URI uplink;

    NodeSite() {}

    /** Refuses what cannot be meant. */
    static void check(CommandLine line, @Nullable NodeSite given) {
        if (given == null) {
            return;
        }
        if (!given.name.matches("[A-Za-z0-9._-]{1,100}")) {
            throw new ParameterException(line, "--site takes up to 100 of A-Z a-z 0-9 . _ -, not '" + given.name + "'");
        }
        if (given.target == null && given.broker == null && given.uplink == null) {
            throw new ParameterException(line, "--site is for --policy, --broker or --uplink");
        }
    }

    String name() {
        return name;
    }

    Optional<Governance> governance() {
        return Optional.ofNullable(target).map(path -> new Governance(name, path));
    }

    Optional<URI> broker() {
        return Optional.ofNullable(broker);
    }

    Optional<URI> uplink() {
        return Optional.ofNullable(uplink);
    }
}
