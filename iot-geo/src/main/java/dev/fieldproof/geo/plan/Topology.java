package dev.fieldproof.geo.plan;

import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.RadioModel;
import dev.fieldproof.geo.Site;
import dev.fieldproof.geo.coverage.LineOfSight;
import dev.fieldproof.geo.coverage.RadioReach;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A tree of radio links from every node to a gateway, what else each node could use, and who is left out.
 *
 * @param links one for each node that is joined, gateways' neighbours first
 * @param unreachable ids of nodes that are not joined, in the order of the nodes
 * @param spares for each joined node that has one, in the order of the links, the best station to turn to if its own
 *     fails
 * @param partitions the unreachable nodes by who hears whom
 */
public record Topology(List<Link> links, List<String> unreachable, List<Spare> spares, List<Partition> partitions) {
    /** How many nodes one station serves unless said otherwise: a planning figure for small access points. */
    public static final int DEFAULT_MOST_CHILDREN = 10;

    /** No links at all. */
    static final Topology NONE = new Topology(List.of(), List.of(), List.of(), List.of());

    /** Copies the lists. */
    public Topology {
        links = List.copyOf(links);
        unreachable = List.copyOf(unreachable);
        spares = List.copyOf(spares);
        partitions = List.copyOf(partitions);
    }

    /**
     * Another way for a node: a station with a free place that hears it with the required margin and does not itself
     * depend on the node.
     *
     * @param node its id
     * @param via id of the other node or gateway
     * @param hops links to the gateway that way
     * @param marginDb in hand over the receiver's sensitivity
     */
    public record Spare(String node, String via, int hops, double marginDb) {}

    /**
     * Nodes that hear each other but are not joined.
     *
     * @param name A, B and so on
     * @param nodes their ids
     * @param nearest id of the joined node or gateway that comes nearest to hearing one of them; empty without any
     * @param missingDb what the link to it lacks of the required margin; 0 if all that is missing is a free place or a
     * hop
     */
    public record Partition(String name, List<String> nodes, String nearest, double missingDb) {
        /** Copies the list. */
        public Partition {
            nodes = List.copyOf(nodes);
        }

        /**
         * What to know about it.
         *
         * @return who it is and what it lacks
         */
        public String sentence() {
            String who = "partition " + name + " (" + String.join(", ", nodes) + ") has no radio path to a gateway: ";
            if (nearest.isEmpty()) {
                return who + "there is none";
            }
            return who
                    + (missingDb == 0
                            ? "stations that hear it have no place left or too many hops, as " + nearest
                            : String.format(Locale.ROOT, "%.1f dB are missing to %s", missingDb, nearest));
        }
    }

    /**
     * Joins nodes, each station serving {@value #DEFAULT_MOST_CHILDREN} at most.
     *
     * @param site with gateways and obstacles
     * @param nodes to be joined
     * @param radio path loss and required margin
     * @return the tree
     */
    public static Topology spanning(Site site, List<Node> nodes, RadioModel radio) {
        return spanning(site, nodes, radio, DEFAULT_MOST_CHILDREN);
    }

    /**
     * Joins nodes one by one: always the node with the fewest hops, then with the best margin, to a station that has a
     * free place. Where all places within reach are taken, others move on to make one.
     *
     * @param site with gateways and obstacles
     * @param nodes to be joined
     * @param radio path loss and required margin
     * @param mostChildren how many nodes a gateway or node serves directly, 1 or more
     * @return the tree
     * @throws IllegalArgumentException if stations may serve nobody
     */
    public static Topology spanning(Site site, List<Node> nodes, RadioModel radio, int mostChildren) {
        int all = Math.max(1, nodes.size());
        return spanning(site, nodes, radio, new NetworkRules(mostChildren, all, all, false, false));
    }

    /**
     * The same within all rules of a network but that about failures, which is for whoever chooses the gateways.
     *
     * @param site with gateways and obstacles
     * @param nodes to be joined
     * @param radio path loss and required margin
     * @param rules what to keep to
     * @return the tree
     */
    public static Topology spanning(Site site, List<Node> nodes, RadioModel radio, NetworkRules rules) {
        List<Mount> gateways = site.gateways();
        Margins margins = new Margins(
                new RadioReach(radio, site.obstacles()),
                nodes.stream().map(Node::mount).toList(),
                gateways);
        List<String> names = new ArrayList<>();
        nodes.forEach(node -> names.add(node.id()));
        gateways.forEach(gateway -> names.add(gateway.id()));
        int[] all = IntStream.range(0, gateways.size()).toArray();
        return new Joining(margins, all, rules).topology(names, new LineOfSight(site.obstacles()));
    }

    /**
     * How many nodes each link carries, the one it starts from included.
     *
     * @return counts by the id of the node that a link starts from
     */
    public Map<String, Integer> carried() {
        int[] counts = new int[links.size()];
        Map<String, Integer> carried = new HashMap<>();
        for (int i = counts.length - 1; i >= 0; i--) {
            // Links come by hops, so whoever depends on this one was counted before.
            counts[i]++;
            carried.put(links.get(i).from(), counts[i]);
            for (int j = 0; j < i; j++) {
                counts[j] += links.get(j).from().equals(links.get(i).to()) ? counts[i] : 0;
            }
        }
        return carried;
    }
}
