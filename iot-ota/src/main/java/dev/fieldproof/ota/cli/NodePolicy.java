package dev.fieldproof.ota.cli;

import dev.fieldproof.ota.site.Governance;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of a node that decides only what upstream lets it decide. */
final class NodePolicy {
    @Option(names = "--site", required = true, paramLabel = "NAME", description = "This site, as its policy names it.")
    private String site = "";

    @Option(
            names = "--policy",
            required = true,
            paramLabel = "TARGET",
            description = "The target under which the repository has the policy of this site: who may approve what, for"
                    + " how many devices, until when. Without it approvers decide everything.")
    private String target = "";

    NodePolicy() {}

    static Optional<Governance> governance(@Nullable NodePolicy given) {
        return given == null ? Optional.empty() : Optional.of(new Governance(given.site, given.target));
    }
}
