package dev.fieldproof.geo.diagram;

import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.Obstacle;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.PlanePolygon;
import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.Site;
import dev.fieldproof.geo.Zone;
import dev.fieldproof.geo.coverage.BlindSpot;
import dev.fieldproof.geo.coverage.Coverage;
import dev.fieldproof.geo.grid.CellSet;
import dev.fieldproof.geo.grid.Outlines;
import dev.fieldproof.geo.plan.Link;
import dev.fieldproof.geo.plan.Node;
import dev.fieldproof.geo.plan.SitePlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The site map: an A3 page in landscape to true scale, with coverage, blind spots, nodes and their radio links, and
 * beside it the legend and the tables its numbers refer to. Used once by {@link #render}; not thread-safe.
 */
public final class SiteMap {
    private static final double PAGE_WIDTH = 420;
    private static final double PAGE_HEIGHT = 297;
    private static final double MAP_X = 8;
    private static final double MAP_Y = 24;
    private static final double MAP_WIDTH = 296;
    private static final double MAP_HEIGHT = 250;
    private static final double FONT = 3.6;
    private static final double SMALL = 3.2;
    private static final double NODE_RADIUS = 1.5;
    private static final double BADGE_RADIUS = 2.4;
    private static final double VIEW_RADIUS = 6;

    private final SitePlan plan;
    private final String digest;
    private final SvgWriter svg = new SvgWriter();
    private final MapFrame frame;
    private final LabelPlacer labels =
            new LabelPlacer(new LabelPlacer.Box(MAP_X, MAP_Y, MAP_X + MAP_WIDTH, MAP_Y + MAP_HEIGHT));

    private SiteMap(SitePlan plan) {
        this.plan = plan;
        digest = plan.digest();
        frame = MapFrame.fit(plan.site().boundary().box(), MAP_X + 4, MAP_Y + 4, MAP_WIDTH - 8, MAP_HEIGHT - 8);
    }

    /**
     * Draws the map.
     *
     * @param plan what to draw
     * @return SVG 1.1 in UTF-8 text; the same for the same plan
     */
    public static String render(SitePlan plan) {
        return new SiteMap(plan).draw();
    }

    private String draw() {
        Coverage coverage = plan.coverage();
        String percent = MapTables.percent(coverage.coveredShare());
        svg.open(
                "svg",
                "xmlns",
                "http://www.w3.org/2000/svg",
                "viewBox",
                "0 0 420 297",
                "width",
                "420mm",
                "height",
                "297mm",
                "role",
                "img",
                "aria-labelledby",
                "t d");
        svg.text("title", "Site map of " + plan.site().name(), "id", "t");
        svg.text(
                "desc",
                MapTables.seers(plan) + " " + percent + " of the ground that must be seen; "
                        + MapTables.blindSpots(coverage.blindSpots().size()) + ". Scale 1:"
                        + frame.scale() + ", north up.",
                "id",
                "d");
        svg.text("metadata", "model " + digest);
        svg.text("style", Theme.styleSheet());
        patterns();
        svg.empty("rect", "width", PAGE_WIDTH, "height", PAGE_HEIGHT, "class", "page");
        header();
        ground();
        zones();
        links();
        obstacles();
        stations();
        blindBadges();
        nodeLabels();
        obstacleLabels();
        new MapTables(svg, plan, frame).draw();
        svg.close();
        return svg.toString();
    }

    private void patterns() {
        svg.open("defs");
        pattern("dots", 2.4, "circle", "cx", 1.2, "cy", 1.2, "r", 0.32, "class", "dots");
        pattern("stripes", 2.2, "path", "d", "M-.55 .55L.55 -.55M0 2.2L2.2 0M1.65 2.75L2.75 1.65", "class", "stripe");
        svg.open("clipPath", "id", "site");
        svg.empty("path", "d", frame.path(List.of(plan.site().boundary())), "clip-rule", "evenodd");
        svg.close();
        svg.close();
    }

    private void pattern(String id, double size, String element, Object... attributes) {
        svg.open("pattern", "id", id, "width", size, "height", size, "patternUnits", "userSpaceOnUse");
        svg.empty(element, attributes);
        svg.close();
    }

    private void header() {
        svg.label(plan.site().name(), MAP_X, 14, "title");
        svg.label(
                "Site map 1:" + frame.scale() + " at A3  ·  coverage at "
                        + MapTables.metres(plan.options().targetMillimetres()) + " above ground  ·  model "
                        + digest.substring(0, 16),
                MAP_X,
                20.5,
                "soft");
    }

    private void path(String classes, List<PlanePolygon> polygons, String title) {
        svg.open("path", "d", frame.path(polygons), "class", classes, "fill-rule", "evenodd");
        svg.text("title", title);
        svg.close();
    }

    private void ground() {
        Site site = plan.site();
        path("ground", List.of(site.boundary()), "Site boundary");
        Coverage coverage = plan.coverage();
        svg.open("g", "clip-path", "url(#site)");
        for (int k = 1; k <= 3; k++) {
            CellSet level = coverage.seenByAtLeast(k);
            if (!level.isEmpty()) {
                List<PlanePolygon> outlines = Outlines.of(level);
                path("seen" + k, outlines, "Seen by " + k + " or more");
                if (k == 3) {
                    svg.empty("path", "d", frame.path(outlines), "fill", "url(#dots)", "fill-rule", "evenodd");
                }
            }
        }
        for (BlindSpot spot : coverage.blindSpots()) {
            List<PlanePolygon> outlines = Outlines.of(spot.cells());
            path("blind", outlines, "Blind spot " + spot.number() + ": " + spot.cause());
            svg.empty("path", "d", frame.path(outlines), "fill", "url(#stripes)", "fill-rule", "evenodd");
        }
        svg.close();
        path("edge", List.of(site.boundary()), "Site boundary");
    }

    private void zones() {
        for (Zone zone : plan.site().zones()) {
            boolean out = zone.kind() == Zone.Kind.KEEP_OUT;
            String rule = out ? "keep-out" : "at least " + zone.requiredSensors() + " sensors";
            path(out ? "keepout" : "zone", List.of(zone.area()), zone.id() + ": " + rule);
        }
    }

    private void links() {
        Map<String, PlanePoint> places = new HashMap<>();
        plan.nodes().forEach(node -> places.put(node.id(), node.mount().position()));
        plan.site().gateways().forEach(gateway -> places.put(gateway.id(), gateway.position()));
        for (Link link : plan.topology().links()) {
            PlanePoint from = places.get(link.from());
            PlanePoint to = places.get(link.to());
            if (from != null && to != null) {
                svg.open(
                        "line",
                        "x1",
                        frame.x(from.xMillimetres()),
                        "y1",
                        frame.y(from.yMillimetres()),
                        "x2",
                        frame.x(to.xMillimetres()),
                        "y2",
                        frame.y(to.yMillimetres()),
                        "class",
                        "link");
                svg.text(
                        "title",
                        link.from() + " to " + link.to() + ", " + Math.round(link.distanceMetres()) + " m, "
                                + Math.round(link.marginDb()) + " dB in hand");
                svg.close();
            }
        }
    }

    private void obstacles() {
        for (Obstacle obstacle : plan.site().obstacles()) {
            path(
                    "wall",
                    List.of(obstacle.footprint()),
                    obstacle.id() + ", " + MapTables.metres(obstacle.heightMillimetres()) + " high");
        }
    }

    private void stations() {
        for (Mount mount : plan.site().mounts()) {
            double x = frame.x(mount.position().xMillimetres());
            double y = frame.y(mount.position().yMillimetres());
            svg.open("circle", "cx", x, "cy", y, "r", 0.7, "class", "mount");
            svg.text("title", "Mount " + mount.id());
            svg.close();
        }
        for (Node node : plan.nodes()) {
            view(node.sensor());
        }
        plan.site().sensors().forEach(this::view);
        for (Mount gateway : plan.site().gateways()) {
            double x = frame.x(gateway.position().xMillimetres());
            double y = frame.y(gateway.position().yMillimetres());
            svg.open("path", "d", diamond(x, y, 2.6), "class", "gate");
            svg.text("title", "Gateway " + gateway.id());
            svg.close();
            labels.take(new LabelPlacer.Box(x - 2.6, y - 2.6, x + 2.6, y + 2.6));
        }
    }

    static String diamond(double x, double y, double r) {
        return "M" + SvgWriter.number(x) + " " + SvgWriter.number(y - r) + "L" + SvgWriter.number(x + r) + " "
                + SvgWriter.number(y) + "L" + SvgWriter.number(x) + " " + SvgWriter.number(y + r) + "L"
                + SvgWriter.number(x - r) + " " + SvgWriter.number(y) + "Z";
    }

    /** A node as a dot with a fan in the direction of its view. */
    private void view(Sensor sensor) {
        double x = frame.x(sensor.position().xMillimetres());
        double y = frame.y(sensor.position().yMillimetres());
        double field = sensor.model().horizontalFieldDegrees();
        if (field < 360) {
            svg.empty("path", "d", fan(x, y, VIEW_RADIUS, sensor.azimuthDegrees(), field), "class", "view");
        }
        svg.open("circle", "cx", x, "cy", y, "r", NODE_RADIUS, "class", "node");
        svg.text(
                "title",
                sensor.id() + ", azimuth " + Math.round(sensor.azimuthDegrees()) + "°, "
                        + MapTables.metres(sensor.heightMillimetres()) + " high");
        svg.close();
        labels.take(new LabelPlacer.Box(x - NODE_RADIUS, y - NODE_RADIUS, x + NODE_RADIUS, y + NODE_RADIUS));
    }

    static String fan(double x, double y, double r, double azimuthDegrees, double fieldDegrees) {
        double from = Math.toRadians(azimuthDegrees - fieldDegrees / 2);
        double to = Math.toRadians(azimuthDegrees + fieldDegrees / 2);
        return "M" + SvgWriter.number(x) + " " + SvgWriter.number(y) + "L" + SvgWriter.number(x + r * Math.sin(from))
                + " " + SvgWriter.number(y - r * Math.cos(from)) + "A" + SvgWriter.number(r) + " "
                + SvgWriter.number(r) + " 0 " + (fieldDegrees > 180 ? 1 : 0) + " 1 "
                + SvgWriter.number(x + r * Math.sin(to)) + " " + SvgWriter.number(y - r * Math.cos(to)) + "Z";
    }

    /** The largest blind spots carry their numbers on the map; where no room is left the number moves aside. */
    private void blindBadges() {
        for (BlindSpot spot : plan.coverage().blindSpots()) {
            if (spot.number() > MapTables.MAX_SPOTS) {
                break;
            }
            double x = frame.x(spot.label().xMillimetres());
            double y = frame.y(spot.label().yMillimetres());
            double[][] steps = {{0, 0}, {0, -4.6}, {4.6, 0}, {-4.6, 0}, {0, 4.6}, {4, -4}, {-4, -4}, {4, 4}, {-4, 4}};
            for (double[] step : steps) {
                double cx = x + step[0];
                double cy = y + step[1];
                LabelPlacer.Box box =
                        new LabelPlacer.Box(cx - BADGE_RADIUS, cy - BADGE_RADIUS, cx + BADGE_RADIUS, cy + BADGE_RADIUS);
                if (labels.isFree(box)) {
                    labels.take(box);
                    MapTables.badge(svg, spot.number(), cx, cy, BADGE_RADIUS);
                    break;
                }
            }
        }
    }

    private void nodeLabels() {
        for (Node node : plan.nodes()) {
            place(node.id(), node.mount().position(), "halo bold mid", FONT);
        }
        for (Mount gateway : plan.site().gateways()) {
            place(gateway.id(), gateway.position(), "halo bold mid", FONT);
        }
        plan.site().sensors().forEach(sensor -> place(sensor.id(), sensor.position(), "halo bold mid", FONT));
    }

    private void place(String text, PlanePoint at, String classes, double font) {
        place(text, at, classes, font, NODE_RADIUS + 0.4);
    }

    private void place(String text, PlanePoint at, String classes, double font, double gap) {
        double[] place = labels.beside(frame.x(at.xMillimetres()), frame.y(at.yMillimetres()), text, font, gap);
        if (place != null) {
            svg.label(text, place[0], place[1] + font * 0.36, classes);
        }
    }

    private void obstacleLabels() {
        for (Obstacle obstacle : plan.site().obstacles()) {
            double x = (frame.x(obstacle.footprint().box().minX())
                            + frame.x(obstacle.footprint().box().maxX()))
                    / 2;
            double y = (frame.y(obstacle.footprint().box().minY())
                            + frame.y(obstacle.footprint().box().maxY()))
                    / 2;
            String height = MapTables.metres(obstacle.heightMillimetres());
            double room = (double) (obstacle.footprint().box().maxX()
                            - obstacle.footprint().box().minX())
                    / frame.scale();
            if (room > LabelPlacer.width(obstacle.id(), SMALL) && isFree(x, y, obstacle.id(), 7.6)) {
                svg.label(obstacle.id(), x, y - 0.6, "halo mid small");
                svg.label(height, x, y + 3.2, "halo mid small soft");
            } else {
                place(obstacle.id() + " " + height, centre(obstacle), "halo mid small", SMALL, room / 2 + 0.6);
            }
        }
    }

    private boolean isFree(double x, double y, String text, double height) {
        double w = LabelPlacer.width(text, SMALL) / 2;
        LabelPlacer.Box box = new LabelPlacer.Box(x - w, y - height / 2, x + w, y + height / 2);
        if (labels.isFree(box)) {
            labels.take(box);
            return true;
        }
        return false;
    }

    private static PlanePoint centre(Obstacle obstacle) {
        var box = obstacle.footprint().box();
        return new PlanePoint(box.minX() / 2 + box.maxX() / 2, box.minY() / 2 + box.maxY() / 2);
    }
}
