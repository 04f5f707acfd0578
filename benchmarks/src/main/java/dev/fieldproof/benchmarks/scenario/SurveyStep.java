package dev.fieldproof.benchmarks.scenario;

import dev.fieldproof.geo.PlaneBox;
import dev.fieldproof.geo.Site;
import dev.fieldproof.geo.coverage.BlindSpot;
import dev.fieldproof.geo.diagram.SiteMap;
import dev.fieldproof.geo.kml.KmlException;
import dev.fieldproof.geo.kml.SiteReader;
import dev.fieldproof.geo.plan.Node;
import dev.fieldproof.geo.plan.PlanFiles;
import dev.fieldproof.geo.plan.PlanOptions;
import dev.fieldproof.geo.plan.SitePlan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A surveyed site becomes cells, a coverage, a node plan, a topology and a bill of materials. */
final class SurveyStep implements Step {
    private static final String MODULE = "iot-geo";

    /** Coarser cells are taken for a larger site, so that the day stays under a minute. */
    private static final double MAX_CELLS = 60_000;

    /** More planned nodes than these stay on the map; the later chapters live through the day with the first ones. */
    private static final int MAX_LIVING_NODES = 40;

    @Override
    public Chapter run(Day day) throws IOException {
        Site site = read(day.inputs);
        PlanOptions options = options(site.boundary().box());
        SitePlan plan = plan(site, options);
        if (plan.nodes().isEmpty()) {
            throw new IOException("no node can be planned on " + day.inputs.siteName()
                    + ": it has no mount from which a cell is seen; add points to the survey");
        }
        day.planNodes(
                plan.nodes().stream().map(Node::id).limit(MAX_LIVING_NODES).toList());
        String map = SiteMap.render(plan);
        ByteArrayOutputStream geoJson = new ByteArrayOutputStream();
        PlanFiles.writeGeoJson(plan, geoJson);
        day.documents.put("site.svg", map);
        day.documents.put("coverage.geojson", geoJson.toString(StandardCharsets.UTF_8));
        day.documents.put("bill-of-materials.csv", plan.bill().toCsv());
        day.tell(MODULE, site.name() + " is planned: " + plan.nodes().size() + " nodes");
        return tell(site, plan, options, map, geoJson.toString(StandardCharsets.UTF_8));
    }

    private static Site read(Inputs inputs) throws IOException {
        Path directory = Files.createTempDirectory("field-day");
        Path file = directory.resolve(inputs.siteName().replaceAll("[^\\w. -]", "_"));
        try {
            Files.write(file, inputs.site());
            return SiteReader.read(file);
        } catch (KmlException e) {
            throw new IOException(inputs.siteName() + ": " + e.getMessage(), e);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(directory);
        }
    }

    private static PlanOptions options(PlaneBox box) {
        PlanOptions base = PlanOptions.DEFAULT;
        double area = ((double) box.maxX() - box.minX()) * ((double) box.maxY() - box.minY());
        int cell = base.cellMillimetres();
        while (area / cell / cell > MAX_CELLS) {
            cell += 1000;
        }
        return new PlanOptions(
                cell,
                base.targetMillimetres(),
                base.models(),
                base.directions(),
                base.enoughShare(),
                base.radio(),
                base.catalogue(),
                base.power());
    }

    private static SitePlan plan(Site site, PlanOptions options) throws IOException {
        try {
            return SitePlan.of(site, options);
        } catch (IllegalArgumentException e) {
            throw new IOException("the site cannot be planned: " + e.getMessage(), e);
        }
    }

    private static Chapter tell(Site site, SitePlan plan, PlanOptions options, String map, String geoJson) {
        double blind = plan.coverage().blindSpots().stream()
                .mapToDouble(BlindSpot::areaSquareMetres)
                .sum();
        int cells = plan.coverage().demand().required().size();
        long inBill = plan.bill().lines().stream()
                .filter(line -> line.part().equals(options.models().get(0).name()))
                .mapToLong(line -> line.quantity())
                .sum();
        Chapter.Builder chapter = Chapter.of("A survey becomes a coverage plan", MODULE)
                .figure("site", site.name())
                .figure(
                        "area",
                        String.format(Locale.ROOT, "%.1f ha", site.boundary().areaSquareMetres() / 10_000))
                .figure(
                        "obstacles, mounts",
                        site.obstacles().size() + ", " + site.mounts().size())
                .figure("cells to be seen, of " + options.cellMillimetres() / 1000.0 + " m", cells)
                .figure("nodes planned, proven to need at least", plan.nodes().size() + ", " + plan.lowerBound())
                .figure("cells seen", Text.percent(plan.coverage().coveredShare()))
                .figure(
                        "blind spots, area",
                        plan.coverage().blindSpots().size() + ", " + Text.count(Math.round(blind)) + " m²")
                .figure("radio links", plan.topology().links().size())
                .figure(
                        "bill of materials",
                        String.format(
                                Locale.ROOT,
                                "%,.2f %s",
                                plan.bill().totalCents() / 100.0,
                                plan.bill().currency()))
                .figure("model digest", plan.digest().substring(0, 16));
        site.assumptions().forEach(assumption -> chapter.figure("assumed", assumption));
        return chapter.invariant(
                        "no fewer nodes than the proven bound",
                        plan.nodes().size() >= plan.lowerBound(),
                        plan.nodes().size() + " ≥ " + plan.lowerBound())
                .invariant(
                        "map and coverage carry the model's digest",
                        map.contains(plan.digest().substring(0, 12)) && geoJson.contains(plan.digest()),
                        plan.digest().substring(0, 12))
                .invariant(
                        "map and bill count the same nodes",
                        inBill == plan.nodes().size(),
                        inBill + " in the bill, " + plan.nodes().size() + " on the map")
                .build();
    }
}
