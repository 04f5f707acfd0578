package dev.fieldproof.geo.plan;

import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.RadioModel;
import dev.fieldproof.geo.Site;
import dev.fieldproof.geo.coverage.LineOfSight;
import dev.fieldproof.geo.coverage.RadioReach;
import java.util.ArrayList;
import java.util.HashMap;
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
        Map<String, Node> open = new LinkedHashMap<>();
        nodes.forEach(node -> open.put(node.id(), node));
        // The best link of each open node to what is joined so far; only a newly joined station can better it.
        Map<String, Link> best = new HashMap<>();
        for (Mount gateway : site.gateways()) {
            offer(new Station(gateway.id(), gateway.position(), gateway.heightMillimetres(), 0), open, best, reach);
        }
        List<Link> links = new ArrayList<>();
        while (true) {
            Link next = null;
            for (String id : open.keySet()) {
                Link link = best.get(id);
                next = link != null && (next == null || isBetter(link, next)) ? link : next;
            }
            Node node = next == null ? null : open.remove(next.from());
            if (next == null || node == null) {
                break;
            }
            Mount mount = node.mount();
            links.add(withObstacles(next, node, site, sight, nodes));
            offer(new Station(node.id(), mount.position(), mount.heightMillimetres(), next.hops()), open, best, reach);
        }
        return new Topology(links, List.copyOf(open.keySet()));
    }

    private static boolean isBetter(Link link, Link than) {
        return link.hops() < than.hops() || (link.hops() == than.hops() && link.marginDb() > than.marginDb());
    }

    private static void offer(Station station, Map<String, Node> open, Map<String, Link> best, RadioReach reach) {
        for (Node node : open.values()) {
            Link link = link(node, station, reach);
            Link before = best.get(node.id());
            if (link.marginDb() >= reach.radio().requiredMarginDb() && (before == null || isBetter(link, before))) {
                best.put(node.id(), link);
            }
        }
    }

    private static Link link(Node node, Station station, RadioReach reach) {
        Mount mount = node.mount();
        double ground = mount.position().distanceMetres(station.position());
        double rise = (mount.heightMillimetres() - station.heightMillimetres()) / 1000.0;
        double margin = reach.marginDb(
                mount.position(), mount.heightMillimetres(), station.position(), station.heightMillimetres());
        return new Link(
                node.id(),
                station.id(),
                station.hops() + 1,
                Math.sqrt(ground * ground + rise * rise),
                margin,
                List.of());
    }

    private static Link withObstacles(Link link, Node node, Site site, LineOfSight sight, List<Node> nodes) {
        Mount from = node.mount();
        Mount to = nodes.stream()
                .filter(each -> each.id().equals(link.to()))
                .map(Node::mount)
                .findFirst()
                .orElseGet(() -> site.gateways().stream()
                        .filter(gateway -> gateway.id().equals(link.to()))
                        .findFirst()
                        .orElseThrow());
        List<String> obstacles =
                sight.between(from.position(), from.heightMillimetres(), to.position(), to.heightMillimetres());
        return new Link(link.from(), link.to(), link.hops(), link.distanceMetres(), link.marginDb(), obstacles);
    }
}
