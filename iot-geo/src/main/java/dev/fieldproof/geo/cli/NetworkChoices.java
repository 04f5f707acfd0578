package dev.fieldproof.geo.cli;

import dev.fieldproof.geo.plan.NetworkRules;
import picocli.CommandLine.Option;

/** The options of {@code plan} about links and gateways. */
final class NetworkChoices {
    private static final String DEFAULT = " (default: ${DEFAULT-VALUE})";

    @Option(
            names = "--hops",
            paramLabel = "N",
            defaultValue = "6",
            description = "the most links from a node to its gateway" + DEFAULT)
    private int hops = 6;

    @Option(
            names = "--children",
            paramLabel = "N",
            defaultValue = "10",
            description = "the most nodes that a gateway or relay serves directly" + DEFAULT)
    private int children = 10;

    @Option(
            names = "--gateway-nodes",
            paramLabel = "N",
            defaultValue = "60",
            description = "the most nodes that a gateway serves in all" + DEFAULT)
    private int gatewayNodes = 60;

    @Option(
            names = "--resilient",
            description = "choose gateways so that any one gateway or node may fail and the others stay joined")
    private boolean resilient;

    @Option(
            names = "--given-gateways",
            description = "keep to the survey's gateways; else the fewest are added that join all nodes, at mounts "
                    + "with mains")
    private boolean given;

    /**
     * What was chosen.
     *
     * @throws IllegalArgumentException if a limit is below 1
     */
    NetworkRules rules() {
        return new NetworkRules(children, hops, gatewayNodes, resilient, !given);
    }
}
