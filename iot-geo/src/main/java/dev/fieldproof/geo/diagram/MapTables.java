package dev.fieldproof.geo.diagram;

import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.coverage.BlindSpot;
import dev.fieldproof.geo.coverage.Coverage;
import dev.fieldproof.geo.plan.Link;
import dev.fieldproof.geo.plan.Node;
import dev.fieldproof.geo.plan.SitePlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What stands beside the map: figures, legend, blind spots and nodes, and below it scale bar and north arrow. */
final class MapTables {
    /** How many blind spots are numbered on the map and listed. */
    static final int MAX_SPOTS = 12;

    private static final double BOTTOM = 290;
    private static final double X = 310;
    private static final double RIGHT = 412;
    private static final double ROW = 5.2;

    private final SvgWriter svg;
    private final SitePlan plan;
    private final MapFrame frame;
    private double y = 14;

    MapTables(SvgWriter svg, SitePlan plan, MapFrame frame) {
        this.svg = svg;
        this.plan = plan;
        this.frame = frame;
    }

    static String percent(double share) {
        // Rounded down: 99.97 % must not read as everything.
        return SvgWriter.number(Math.floor(share * 1000) / 10) + " %";
    }

    static String metres(int millimetres) {
        return SvgWriter.number(millimetres / 1000.0) + " m";
    }

    void draw() {
        figures();
        legend();
        blindSpots();
        if (plan.nodes().isEmpty()) {
            sensors();
        } else {
            nodes();
        }
        scaleBar();
        northArrow();
    }

    private void figures() {
        Coverage coverage = plan.coverage();
        int required = coverage.demand().required().size();
        double cell = coverage.demand().grid().cellSquareMetres();
        svg.label(seers(plan) + " " + percent(coverage.coveredShare()), X, y, "big");
        y += 5.5;
        String area = "of " + SvgWriter.number(required * cell / 10_000) + " ha that must be seen.";
        if (plan.nodes().isEmpty()) {
            svg.label(area, X, y, "soft");
            y += 6;
            return;
        }
        svg.label(area + " Fewer than " + plan.lowerBound() + " nodes", X, y, "soft");
        y += ROW - 0.6;
        int alone = plan.topology().unreachable().size();
        svg.label(
                "cannot see as much (proven). "
                        + (alone == 0 ? "Every node has a link." : alone + " nodes have no radio link."),
                X,
                y,
                "soft");
        y += 6;
    }

    /** Who sees, with the verb: the nodes of a plan, else the sensors that are there. */
    static String seers(SitePlan plan) {
        int nodes = plan.nodes().size();
        int count = nodes > 0 ? nodes : plan.coverage().sensors().size();
        String noun = nodes > 0 ? "node" : "sensor";
        return count + " " + noun + (count == 1 ? " sees" : "s see");
    }

    /** How many there are, as the map's description says it. */
    static String blindSpots(int count) {
        return switch (count) {
            case 0 -> "no blind spots";
            case 1 -> "1 blind spot is numbered";
            default -> count + " blind spots, the largest first";
        };
    }

    private void heading(String text) {
        svg.empty("line", "x1", X, "y1", y - 3.6, "x2", RIGHT, "y2", y - 3.6, "class", "rule");
        y += 1;
        svg.label(text, X, y, "big");
        y += 5.4;
    }

    private void legend() {
        heading("Legend");
        double left = X;
        double right = X + 54;
        double top = y;
        swatch(left, "seen1", "seen by one sensor");
        swatch(left, "seen2", "seen by two");
        swatch(left, "seen3", "seen by three or more");
        svg.empty("rect", "x", left, "y", y - ROW - 2.8, "width", 7.0, "height", 3.4, "fill", "url(#dots)");
        swatch(left, "blind", "blind spot, numbered");
        svg.empty("rect", "x", left, "y", y - ROW - 2.8, "width", 7.0, "height", 3.4, "fill", "url(#stripes)");
        swatch(left, "wall", "obstacle with its height");
        y = top;
        svg.empty("path", "d", SiteMap.fan(right + 3.5, y + 0.8, 4.2, 0, 110), "class", "view");
        svg.empty("circle", "cx", right + 3.5, "cy", y - 0.2, "r", 1.4, "class", "node");
        entry(right, plan.nodes().isEmpty() ? "sensor and its view" : "node and its view");
        svg.empty("path", "d", SiteMap.diamond(right + 3.5, y - 1, 2.2), "class", "gate");
        entry(right, "gateway");
        if (!plan.topology().links().isEmpty()) {
            svg.empty("line", "x1", right, "y1", y - 1, "x2", right + 7, "y2", y - 1, "class", "link");
            entry(right, "planned radio link");
        }
        svg.empty("circle", "cx", right + 3.5, "cy", y - 1, "r", 0.7, "class", "mount");
        entry(right, "mount not used");
        svg.empty("rect", "x", right, "y", y - 2.8, "width", 7.0, "height", 3.4, "class", "zone");
        entry(right, "zone with a rule");
        svg.empty("rect", "x", right, "y", y - 2.8, "width", 7.0, "height", 3.4, "class", "keepout");
        entry(right, "keep-out");
        y = Math.max(y, top + 5 * ROW) + 3.4;
    }

    private void swatch(double x, String classes, String text) {
        svg.empty("rect", "x", x, "y", y - 2.8, "width", 7.0, "height", 3.4, "class", classes);
        entry(x, text);
    }

    private void entry(double x, String text) {
        svg.label(text, x + 9, y, "");
        y += ROW;
    }

    static void badge(SvgWriter svg, int number, double x, double y, double radius) {
        svg.empty("circle", "cx", x, "cy", y, "r", radius, "class", "badge");
        svg.label(String.valueOf(number), x, y + 1.15, "onbadge mid small");
    }

    private void blindSpots() {
        List<BlindSpot> spots = plan.coverage().blindSpots();
        heading(spots.isEmpty() ? "No blind spots" : "Blind spots");
        for (BlindSpot spot : spots.subList(0, Math.min(spots.size(), MAX_SPOTS))) {
            badge(svg, spot.number(), X + 2.4, y - 1.2, 2.4);
            svg.label(Math.round(spot.areaSquareMetres()) + " m²", X + 22, y, "end");
            svg.label(shortened(spot.cause(), 44), X + 25, y, "");
            y += ROW;
        }
        if (spots.size() > MAX_SPOTS) {
            double rest = spots.subList(MAX_SPOTS, spots.size()).stream()
                    .mapToDouble(BlindSpot::areaSquareMetres)
                    .sum();
            svg.label(
                    "and " + (spots.size() - MAX_SPOTS) + " smaller, " + Math.round(rest) + " m² together",
                    X + 25,
                    y,
                    "soft");
            y += ROW;
        }
        y += 3.4;
    }

    private void nodes() {
        heading("Nodes");
        Map<String, Link> links = new HashMap<>();
        plan.topology().links().forEach(link -> links.put(link.from(), link));
        double[] at = {X, X + 10, X + 58, X + 66, X + 69};
        svg.label("mount", at[1], y, "soft small");
        svg.label("looks", at[3], y, "soft small end");
        svg.label("radio", at[4], y, "soft small");
        y += ROW - 0.4;
        int shown = (int) Math.max(0, Math.min(plan.nodes().size(), (BOTTOM - y) / (ROW - 0.2) - 1));
        for (Node node : plan.nodes().subList(0, shown)) {
            Link link = links.get(node.id());
            svg.label(node.id(), at[0], y, "bold");
            svg.label(shortened(node.mount().id(), 26), at[1], y, "");
            svg.label(Math.round(node.sensor().azimuthDegrees()) + "°", at[3], y, "end");
            svg.label(
                    link == null
                            ? "no link"
                            : "to " + shortened(link.to(), 8) + ", " + Math.round(link.marginDb()) + " dB",
                    at[4],
                    y,
                    "");
            y += ROW - 0.2;
        }
        if (shown < plan.nodes().size()) {
            svg.label("and " + (plan.nodes().size() - shown) + " more in the tables", at[1], y, "soft");
        }
    }

    /** The sensors of a site without a plan: where they look and how far. */
    private void sensors() {
        heading("Sensors");
        double[] at = {X, X + 66, X + 84};
        svg.label("looks", at[1], y, "soft small end");
        svg.label("range", at[2], y, "soft small end");
        y += ROW - 0.4;
        List<Sensor> sensors = plan.coverage().sensors();
        int shown = (int) Math.max(0, Math.min(sensors.size(), (BOTTOM - y) / (ROW - 0.2) - 1));
        for (Sensor sensor : sensors.subList(0, shown)) {
            boolean around = sensor.model().horizontalFieldDegrees() >= 360;
            svg.label(shortened(sensor.id(), 26), at[0], y, "bold");
            svg.label(around ? "around" : Math.round(sensor.azimuthDegrees()) + "°", at[1], y, "end");
            svg.label(metres(sensor.model().farMillimetres()), at[2], y, "end");
            y += ROW - 0.2;
        }
        if (shown < sensors.size()) {
            svg.label("and " + (sensors.size() - shown) + " more", at[0], y, "soft");
        }
    }

    private static String shortened(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length - 1) + "…";
    }

    private void scaleBar() {
        double target = 50.0 * frame.scale() / 1000;
        double step = Math.pow(10, Math.floor(Math.log10(target)));
        double metres = step * (target / step >= 5 ? 5 : target / step >= 2 ? 2 : 1);
        double width = metres * 1000 / frame.scale();
        double left = 14;
        double top = 286;
        for (int i = 0; i < 4; i++) {
            svg.empty(
                    "rect",
                    "x",
                    left + i * width / 4,
                    "y",
                    top,
                    "width",
                    width / 4,
                    "height",
                    1.8,
                    "class",
                    i % 2 == 0 ? "bar" : "barhollow");
        }
        svg.label("0", left, top - 1.4, "mid");
        svg.label(SvgWriter.number(metres / 2), left + width / 2, top - 1.4, "mid");
        svg.label(SvgWriter.number(metres) + " m", left + width, top - 1.4, "mid");
        svg.label("1:" + frame.scale(), left + width + 8, top + 1.9, "soft");
    }

    private void northArrow() {
        svg.empty("path", "d", "M296 276L299.4 287L296 284.6L292.6 287Z", "class", "bar");
        svg.label("N", 296, 291.4, "bold mid");
    }
}
