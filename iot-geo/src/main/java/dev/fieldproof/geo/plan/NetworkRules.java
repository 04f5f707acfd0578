package dev.fieldproof.geo.plan;

/**
 * What a network of nodes and gateways must keep to. Immutable and thread-safe.
 *
 * @param mostChildren how many nodes a gateway or relay serves directly, 1 or more
 * @param mostHops how many links a message may take to a gateway, 1 or more
 * @param mostNodes how many nodes a gateway serves in all, over relays too, 1 or more
 * @param resilient whether every other node must keep a way to a gateway when any one gateway or node fails
 * @param addsGateways whether gateways may be added to those of the survey
 */
public record NetworkRules(int mostChildren, int mostHops, int mostNodes, boolean resilient, boolean addsGateways) {
    /** Ten nodes a station, six hops, sixty nodes a gateway, and a failure may cut nodes off: planning figures. */
    public static final NetworkRules DEFAULT = new NetworkRules(Topology.DEFAULT_MOST_CHILDREN, 6, 60, false, true);

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException if one is below 1
     */
    public NetworkRules {
        if (mostChildren < 1 || mostHops < 1 || mostNodes < 1) {
            throw new IllegalArgumentException("a station serves " + mostChildren + " nodes, a gateway " + mostNodes
                    + " over " + mostHops + " hops; each is at least 1");
        }
    }
}
