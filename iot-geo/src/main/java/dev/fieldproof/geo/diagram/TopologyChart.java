package dev.fieldproof.geo.diagram;

import dev.fieldproof.geo.plan.Link;
import dev.fieldproof.geo.plan.SitePlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The radio links as a schematic: gateways on the left, each hop a column further right, every node beside the one that
 * carries it. Stateless and thread-safe.
 */
public final class TopologyChart {
    private static final double COLUMN = 46;
    private static final double ROW = 7;
    private static final double LEFT = 16;
    private static final double TOP = 18;

    private TopologyChart() {}

    /**
     * Draws the schematic.
     *
     * @param plan whose links to draw
     * @return SVG 1.1; the same for the same plan
     */
    public static String render(SitePlan plan) {
        Map<String, List<Link>> carried = new HashMap<>();
        int hops = 0;
        for (Link link : plan.topology().links()) {
            carried.computeIfAbsent(link.to(), id -> new ArrayList<>()).add(link);
            hops = Math.max(hops, link.hops());
        }
        carried.values().forEach(links -> links.sort(Comparator.comparing(Link::from)));
        Map<String, double[]> places = new HashMap<>();
        double[] y = {TOP};
        plan.site().gateways().forEach(gateway -> place(gateway.id(), 0, carried, places, y));
        for (String id : plan.topology().unreachable()) {
            places.put(id, new double[] {LEFT, y[0]});
            y[0] += ROW;
        }
        SvgWriter svg = new SvgWriter();
        svg.open(
                "svg",
                "xmlns",
                "http://www.w3.org/2000/svg",
                "viewBox",
                "0 0 " + SvgWriter.number(LEFT + hops * COLUMN + 40) + " " + SvgWriter.number(y[0] + 4),
                "role",
                "img",
                "aria-labelledby",
                "tt td");
        svg.text("title", "Radio links of " + plan.site().name() + " by hops", "id", "tt");
        svg.text(
                "desc",
                plan.topology().links().size() + " links over at most " + hops + " hops; "
                        + plan.topology().unreachable().size() + " nodes without a link.",
                "id",
                "td");
        svg.text("metadata", "model " + plan.digest());
        svg.text("style", Theme.styleSheet());
        svg.empty("rect", "width", LEFT + hops * COLUMN + 40, "height", y[0] + 4, "class", "page");
        for (int hop = 0; hop <= hops; hop++) {
            svg.label(hop == 0 ? "gateway" : hop + (hop == 1 ? " hop" : " hops"), LEFT + hop * COLUMN, 8, "soft mid");
        }
        plan.topology().links().forEach(link -> link(svg, link, places));
        places.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(place -> station(svg, place.getKey(), place.getValue(), plan));
        svg.close();
        return svg.toString();
    }

    /** A node's row is its first follower's; the depth is that of the tree, at most one level a node. */
    private static void place(
            String id, int hop, Map<String, List<Link>> carried, Map<String, double[]> places, double[] y) {
        places.put(id, new double[] {LEFT + hop * COLUMN, y[0]});
        List<Link> followers = carried.getOrDefault(id, List.of());
        for (Link follower : followers) {
            place(follower.from(), hop + 1, carried, places, y);
        }
        y[0] += followers.isEmpty() ? ROW : 0;
    }

    private static void link(SvgWriter svg, Link link, Map<String, double[]> places) {
        double[] from = places.get(link.from());
        double[] to = places.get(link.to());
        if (from == null || to == null) {
            return;
        }
        // Out of the carrier, down its trunk, along the follower's row.
        double trunk = to[0] + 17;
        String path = "M" + SvgWriter.number(to[0]) + " " + SvgWriter.number(to[1]) + "H" + SvgWriter.number(trunk)
                + "V" + SvgWriter.number(from[1]) + "H" + SvgWriter.number(from[0]);
        svg.open("path", "d", path, "class", "link");
        svg.text("title", link.from() + " to " + link.to());
        svg.close();
        svg.label(Math.round(link.marginDb()) + " dB", from[0] - 12, from[1] - 1, "halo small mid");
    }

    private static void station(SvgWriter svg, String id, double[] at, SitePlan plan) {
        boolean gateway =
                plan.site().gateways().stream().anyMatch(each -> each.id().equals(id));
        if (gateway) {
            svg.empty("path", "d", SiteMap.diamond(at[0], at[1], 2.6), "class", "gate");
        } else {
            svg.empty("circle", "cx", at[0], "cy", at[1], "r", 1.7, "class", "node");
        }
        boolean alone = plan.topology().unreachable().contains(id);
        svg.label(alone ? id + ", no link" : id, at[0] + 3.4, at[1] - 1, "halo bold small");
    }
}
