package dev.fieldproof.geo.report;

import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.geojson.Feature;
import dev.fieldproof.geo.geojson.GeoJsonException;
import dev.fieldproof.geo.geojson.GeoJsonReader;
import dev.fieldproof.geo.geojson.Geometry;
import dev.fieldproof.geo.plan.Link;
import dev.fieldproof.geo.plan.Node;
import dev.fieldproof.geo.plan.SitePlan;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a plan's files back and holds them against the model: first what they mean, so that a writer cannot misstate
 * the model, then byte by byte, so that nobody can change a file unseen. Used once for each check; not thread-safe.
 */
public final class PlanChecker {
    /** Positions are written to eight decimals of a degree. */
    private static final double MILLIMETRES = 2;

    private final SitePlan plan;
    private final Map<String, byte[]> files;
    private final List<String> wrong = new ArrayList<>();
    private final Map<String, PlanePoint> places = new HashMap<>();

    private PlanChecker(SitePlan plan, Map<String, byte[]> files) {
        this.plan = plan;
        this.files = files;
    }

    /**
     * Checks files against a plan.
     *
     * @param plan the model
     * @param files content by name, as {@link PlanFolder#files} makes them
     * @return what is wrong, one sentence each; empty if everything agrees
     */
    public static List<String> check(SitePlan plan, Map<String, byte[]> files) {
        return new PlanChecker(plan, files).check();
    }

    private List<String> check() {
        Map<String, byte[]> expected = PlanFolder.files(plan);
        for (String name : expected.keySet()) {
            if (!files.containsKey(name)) {
                wrong.add(name + " is missing");
                return wrong;
            }
            require(text(name).contains(plan.digest()), name + " does not carry the model's digest");
        }
        try {
            nodes();
            gateways();
            links();
            blindSpots();
            bill();
            billByZone();
            PowerCheck.of(plan.forecast(), this::rows, wrong);
            map();
            coverage();
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            wrong.add("a table cannot be read: " + e.getMessage());
        } catch (GeoJsonException | IOException e) {
            wrong.add("coverage.geojson cannot be read: " + e.getMessage());
        }
        expected.forEach(
                (name, bytes) -> require(Arrays.equals(bytes, files.get(name)), name + " is not what the model gives"));
        return wrong;
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            wrong.add(otherwise);
        }
    }

    private String text(String name) {
        byte[] bytes = files.get(name);
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    private List<List<String>> rows(String table) {
        return Table.rowsOf(text(table + ".csv"));
    }

    private void nodes() {
        List<List<String>> rows = rows("nodes");
        require(rows.size() == plan.nodes().size(), "nodes.csv has " + rows.size() + " nodes");
        for (int i = 0; i < Math.min(rows.size(), plan.nodes().size()); i++) {
            Node node = plan.nodes().get(i);
            List<String> row = rows.get(i);
            PlanePoint at =
                    plan.site().projection().toPlane(Double.parseDouble(row.get(2)), Double.parseDouble(row.get(3)));
            places.put(row.get(0), at);
            require(
                    row.get(0).equals(node.id())
                            && at.distanceMetres(node.mount().position()) * 1000 <= MILLIMETRES
                            && Double.parseDouble(row.get(4)) * 1000
                                    == node.mount().heightMillimetres(),
                    "nodes.csv puts " + row.get(0) + " elsewhere");
        }
    }

    private void gateways() {
        List<Mount> gateways = plan.site().gateways();
        List<List<String>> rows = rows("gateways");
        require(rows.size() == gateways.size(), "gateways.csv has " + rows.size() + " gateways");
        int served = 0;
        for (int i = 0; i < Math.min(rows.size(), gateways.size()); i++) {
            List<String> row = rows.get(i);
            PlanePoint at =
                    plan.site().projection().toPlane(Double.parseDouble(row.get(1)), Double.parseDouble(row.get(2)));
            long direct = rows("links").stream()
                    .filter(link -> link.get(1).equals(row.get(0)))
                    .count();
            served += Integer.parseInt(row.get(5));
            require(
                    row.get(0).equals(gateways.get(i).id())
                            && at.distanceMetres(gateways.get(i).position()) * 1000 <= MILLIMETRES
                            && Integer.parseInt(row.get(4)) == direct,
                    "gateways.csv misstates " + row.get(0));
        }
        require(served == plan.topology().links().size(), "gateways.csv has gateways serve " + served + " nodes");
    }

    private void links() {
        List<List<String>> rows = rows("links");
        plan.site().gateways().forEach(gateway -> places.put(gateway.id(), gateway.position()));
        int linked = plan.topology().links().size();
        require(
                rows.size() == linked + plan.topology().unreachable().size(),
                "links.csv has " + rows.size() + " links");
        for (int i = 0; i < Math.min(rows.size(), linked); i++) {
            Link link = plan.topology().links().get(i);
            List<String> row = rows.get(i);
            PlanePoint from = places.get(row.get(0));
            PlanePoint to = places.get(row.get(1));
            // The straight way is no shorter than the way along the ground, and not much longer than poles are high.
            double ground = from == null || to == null ? -1 : from.distanceMetres(to);
            double distance = Double.parseDouble(row.get(3));
            require(
                    ground >= 0
                            && distance >= ground - 0.01
                            && Math.abs(distance - link.distanceMetres()) < 0.001
                            && Math.abs(Double.parseDouble(row.get(4)) - link.marginDb()) < 0.01,
                    "links.csv misstates the link of " + row.get(0));
        }
        // Whatever a station receives it carries on, with its own.
        for (List<String> row : rows.subList(0, Math.min(rows.size(), linked))) {
            int below = rows.stream()
                    .filter(each -> each.get(1).equals(row.get(0)))
                    .mapToInt(each -> Integer.parseInt(each.get(6)))
                    .sum();
            require(
                    Integer.parseInt(row.get(6)) == below + 1,
                    "links.csv counts wrongly what " + row.get(0) + " carries");
        }
    }

    private void blindSpots() {
        double unseen = 0;
        for (List<String> row : rows("blind-spots")) {
            unseen += Double.parseDouble(row.get(1));
        }
        var coverage = plan.coverage();
        double cell = coverage.demand().grid().cellSquareMetres();
        double missing =
                (coverage.demand().required().size() - coverage.seenByAtLeast(1).size()) * cell;
        require(
                Math.abs(unseen - missing) <= 0.1 * coverage.blindSpots().size() + 1e-6,
                "blind-spots.csv adds up to " + unseen + " m², not " + missing);
    }

    private void bill() {
        List<List<String>> rows = rows("bill-of-materials");
        double sum = 0;
        double total = -1;
        int nodes = 0;
        for (List<String> row : rows) {
            if (row.get(0).equals("total")) {
                total = Double.parseDouble(row.get(3));
                continue;
            }
            double line = Double.parseDouble(row.get(3));
            sum += line;
            require(
                    Math.abs(Integer.parseInt(row.get(1)) * Double.parseDouble(row.get(2)) - line) < 0.005,
                    "bill-of-materials.csv multiplies wrongly: " + row.get(0));
            boolean model =
                    plan.options().models().stream().anyMatch(m -> m.name().equals(row.get(0)));
            nodes += model ? Integer.parseInt(row.get(1)) : 0;
        }
        require(
                Math.abs(sum - total) < 0.005
                        && Math.abs(total * 100 - plan.bill().totalCents()) < 0.5,
                "bill-of-materials.csv adds up to " + sum + ", states " + total);
        require(nodes == plan.nodes().size(), "bill-of-materials.csv buys sensors for " + nodes + " nodes");
    }

    private void billByZone() {
        List<List<String>> rows = rows("bill-by-zone");
        double sum = 0;
        int nodes = 0;
        for (List<String> row : rows.subList(0, rows.size() - 1)) {
            nodes += Integer.parseInt(row.get(1));
            sum += Double.parseDouble(row.get(2));
        }
        List<String> total = rows.get(rows.size() - 1);
        double costs = rows("nodes").stream()
                .mapToDouble(row -> Double.parseDouble(row.get(9)))
                .sum();
        double rest = Double.parseDouble(rows.get(rows.size() - 2).get(2));
        require(
                Math.abs(costs + rest - plan.bill().totalCents() / 100.0) < 0.005,
                "nodes.csv has nodes cost " + costs + ", not the bill less " + rest);
        require(
                nodes == plan.nodes().size()
                        && Integer.parseInt(total.get(1)) == nodes
                        && Math.abs(sum - plan.bill().totalCents() / 100.0) < 0.005
                        && Math.abs(sum - Double.parseDouble(total.get(2))) < 0.005,
                "bill-by-zone.csv counts " + nodes + " nodes for " + sum + ", states " + total.get(1) + " for "
                        + total.get(2));
    }

    private void map() {
        String map = text("site.svg");
        for (Node node : plan.nodes()) {
            require(map.contains("<title>" + node.id() + ", azimuth "), "site.svg lacks " + node.id());
        }
        long links = map.lines()
                .mapToLong(line -> line.split(" dB in hand</title>", -1).length - 1)
                .sum();
        require(links == plan.topology().links().size(), "site.svg draws " + links + " links");
        String topology = text("topology.svg");
        for (Link link : plan.topology().links()) {
            require(
                    topology.contains("<title>" + PlanPage.text(link.from() + " to " + link.to()) + "</title>"),
                    "topology.svg lacks the link of " + link.from());
        }
        for (String drawing : List.of(map, topology, text("energy.svg"))) {
            require(text("index.html").contains(drawing), "index.html shows another drawing");
        }
    }

    private void coverage() throws IOException, GeoJsonException {
        List<Feature> features = new ArrayList<>();
        GeoJsonReader.read(new ByteArrayInputStream(files.get("coverage.geojson")), features::add);
        double seen = 0;
        int nodes = 0;
        for (Feature feature : features) {
            Object kind = feature.properties().get("kind");
            if ("seen".equals(kind) && feature.properties().get("areaSquareMetres") instanceof Number area) {
                seen += area.doubleValue();
            }
            if ("node".equals(kind) && feature.geometry() instanceof Geometry.Point point) {
                nodes++;
                PlanePoint at = plan.site()
                        .projection()
                        .toPlane(point.position().longitude(0), point.position().latitude(0));
                PlanePoint place = places.get(String.valueOf(feature.id()));
                require(
                        place != null && place.distanceMetres(at) * 1000 <= 2 * MILLIMETRES,
                        "coverage.geojson puts " + feature.id() + " elsewhere than nodes.csv");
            }
        }
        double cell = plan.coverage().demand().grid().cellSquareMetres();
        require(nodes == plan.nodes().size(), "coverage.geojson has " + nodes + " nodes");
        require(
                Math.abs(seen - plan.coverage().seenByAtLeast(1).size() * cell) < 1e-3,
                "coverage.geojson shows " + seen + " m² as seen");
    }
}
