package dev.fieldproof.geo.plan;

import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.Site;
import dev.fieldproof.geo.coverage.LineOfSight;
import dev.fieldproof.geo.coverage.RadioModel;
import dev.fieldproof.geo.coverage.RadioReach;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A tree of radio links from every node to a gateway.
 *
 * @param links one for each node that can be reached, gateways' neighbours first
 * @param unreachable ids of nodes without a link of the required margin
 */
public record Topology(List<Link> links, List<String> unreachable) {
    /** Copies the lists. */
    public Topology {
        links = List.copyOf(links);
        unreachable = List.copyOf(unreachable);
    }

    private record Station(String id, PlanePoint position, int heightMillimetres, int hops) {}

    /**
     * Joins nodes one by one: always the node with the fewest hops, then with the best margin.
     *
     * @param site with gateways and obstacles
     * @param nodes to be joined
     * @param radio path loss and required margin
     * @return the tree
     */
    public static Topology spanning(Site site, List<Node> nodes, RadioModel radio) {
        LineOfSight sight = new LineOfSight(site.obstacles());
        RadioReach reach = new RadioReach(radio, site.obstacles());
        List<Station> joined = new ArrayList<>();
        for (Mount gateway : site.gateways()) {
            joined.add(new Station(gateway.id(), gateway.position(), gateway.heightMillimetres(), 0));
        }
        Map<String, Node> open = new LinkedHashMap<>();
        nodes.forEach(node -> open.put(node.id(), node));
        List<Link> links = new ArrayList<>();
        while (!open.isEmpty()) {
            Link best = null;
            for (Node node : open.values()) {
                for (Station station : joined) {
                    Link link = link(node, station, sight, reach);
                    if (link.marginDb() >= radio.requiredMarginDb()
                            && (best == null
                                    || link.hops() < best.hops()
                                    || (link.hops() == best.hops() && link.marginDb() > best.marginDb()))) {
                        best = link;
                    }
                }
            }
            if (best == null) {
                break;
            }
            links.add(best);
            Node node = open.remove(best.from());
            if (node != null) {
                joined.add(new Station(
                        node.id(), node.mount().position(), node.mount().heightMillimetres(), best.hops()));
            }
        }
        return new Topology(links, List.copyOf(open.keySet()));
    }

    private static Link link(Node node, Station station, LineOfSight sight, RadioReach reach) {
        Mount mount = node.mount();
        double ground = mount.position().distanceMetres(station.position());
        double rise = (mount.heightMillimetres() - station.heightMillimetres()) / 1000.0;
        double distance = Math.sqrt(ground * ground + rise * rise);
        List<String> obstacles = sight.between(
                mount.position(), mount.heightMillimetres(), station.position(), station.heightMillimetres());
        return new Link(
                node.id(),
                station.id(),
                station.hops() + 1,
                distance,
                reach.marginDb(
                        mount.position(), mount.heightMillimetres(), station.position(), station.heightMillimetres()),
                obstacles);
    }
}
