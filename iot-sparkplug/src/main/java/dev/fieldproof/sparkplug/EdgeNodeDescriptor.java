package dev.fieldproof.sparkplug;

/**
 * The pair that names an edge node, unique in an infrastructure (Sparkplug 3.0, section 1.3). Immutable.
 *
 * @param groupId logical group of edge nodes
 * @param edgeNodeId edge node within the group
 */
public record EdgeNodeDescriptor(String groupId, String edgeNodeId) implements Comparable<EdgeNodeDescriptor> {
    /**
     * Checks both identifiers.
     *
     * @throws IllegalArgumentException if one of them breaks a rule of {@link SparkplugId}
     */
    public EdgeNodeDescriptor {
        SparkplugId.require("group id", groupId);
        SparkplugId.require("edge node id", edgeNodeId);
    }

    @Override
    public int compareTo(EdgeNodeDescriptor other) {
        int byGroup = groupId.compareTo(other.groupId);
        return byGroup != 0 ? byGroup : edgeNodeId.compareTo(other.edgeNodeId);
    }

    @Override
    public String toString() {
        return groupId + "/" + edgeNodeId;
    }
}
