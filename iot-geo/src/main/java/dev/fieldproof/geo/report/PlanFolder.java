package dev.fieldproof.geo.report;

import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.diagram.EnergyChart;
import dev.fieldproof.geo.diagram.SiteMap;
import dev.fieldproof.geo.diagram.TopologyChart;
import dev.fieldproof.geo.geojson.GeoJsonWriter;
import dev.fieldproof.geo.plan.Link;
import dev.fieldproof.geo.plan.Node;
import dev.fieldproof.geo.plan.PlanFiles;
import dev.fieldproof.geo.plan.Resilience;
import dev.fieldproof.geo.plan.SitePlan;
import dev.fieldproof.geo.plan.Topology;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A plan as a folder: {@code coverage.geojson}, {@code site.svg}, {@code topology.svg}, {@code
 * energy.svg}, a CSV file for each table, the bill of materials in Markdown, too, {@code plan.json} and one
 * printable {@code index.html}. Every file carries the model's digest; the same plan gives the same bytes. Stateless
 * and thread-safe.
 */
public final class PlanFolder {
    private PlanFolder() {}

    /**
     * Makes the files in memory.
     *
     * @param plan what to report
     * @return content by name
     */
    public static Map<String, byte[]> files(SitePlan plan) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        String digest = plan.digest();
        String map = SiteMap.render(plan);
        List<Table> tables = PlanTables.of(plan);
        files.put("coverage.geojson", geoJson(plan));
        files.put("site.svg", bytes(map));
        files.put("topology.svg", bytes(TopologyChart.render(plan)));
        files.put("energy.svg", bytes(EnergyChart.render(plan.forecast().year(), digest)));
        tables.forEach(table -> files.put(table.name() + ".csv", bytes(table.toCsv(digest))));
        files.put("bill-of-materials.md", bytes(plan.bill().toMarkdown() + "\nmodel " + digest + "\n"));
        files.put("plan.json", bytes(GeoJsonWriter.json(summary(plan)) + "\n"));
        files.put("index.html", bytes(PlanPage.render(plan, drawings(files), tables)));
        return files;
    }

    /**
     * Writes the files; each appears whole or not at all.
     *
     * @param plan what to report
     * @param folder made if missing; other files in it stay
     * @throws IOException if writing fails
     */
    public static void write(SitePlan plan, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Map.Entry<String, byte[]> file : files(plan).entrySet()) {
            Path part = folder.resolve(file.getKey() + ".part");
            Files.write(part, file.getValue());
            Files.move(part, folder.resolve(file.getKey()), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static byte[] geoJson(SitePlan plan) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            PlanFiles.writeGeoJson(plan, out);
        } catch (IOException e) {
            throw new IllegalStateException("memory refuses bytes", e);
        }
        return out.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> drawings(Map<String, byte[]> files) {
        return files.entrySet().stream()
                .filter(file -> file.getKey().endsWith(".svg"))
                .map(file -> new String(file.getValue(), StandardCharsets.UTF_8))
                .toList();
    }

    private static Map<String, Object> partitions(SitePlan plan) {
        Map<String, Object> partitions = new LinkedHashMap<>();
        plan.topology().partitions().forEach(partition -> partitions.put(partition.name(), partition.nodes()));
        return partitions;
    }

    /** The joined nodes that one failure on their way may cut off. */
    private static List<String> withoutSpare(SitePlan plan) {
        List<String> spared =
                plan.topology().spares().stream().map(Topology.Spare::node).toList();
        return plan.topology().links().stream()
                .map(Link::from)
                .filter(id -> !spared.contains(id))
                .toList();
    }

    /** The figures of {@code plan.json}. */
    static Map<String, Object> summary(SitePlan plan) {
        Map<String, Object> result = new LinkedHashMap<>();
        double cell = plan.coverage().demand().grid().cellSquareMetres();
        result.put("modelDigest", plan.digest());
        result.put("site", plan.site().name());
        result.put("siteDigest", plan.site().digest());
        result.put("nodes", plan.nodes().size());
        result.put("nodesLowerBound", plan.lowerBound());
        result.put("requiredSquareMetres", plan.coverage().demand().required().size() * cell);
        result.put("seenSquareMetres", plan.coverage().seenByAtLeast(1).size() * cell);
        result.put("coveredShare", plan.coverage().coveredShare());
        result.put("blindSpots", plan.coverage().blindSpots().size());
        result.put("gateways", plan.site().gateways().stream().map(Mount::id).toList());
        result.put("links", plan.topology().links().size());
        result.put("unreachable", plan.topology().unreachable());
        result.put("partitions", partitions(plan));
        result.put("nodesWithoutSpareLink", withoutSpare(plan));
        Resilience resilience = Resilience.of(plan);
        List<Integer> pair = resilience.worstPair();
        if (!pair.isEmpty()) {
            result.put(
                    "worstPair",
                    pair.stream().map(plan.nodes()::get).map(Node::id).toList());
            result.put("worstPairUnseenSquareMetres", resilience.cellsLost(pair.get(0), pair.get(1)) * cell);
        }
        result.put("billCents", plan.bill().totalCents());
        result.put("currency", plan.bill().currency());
        result.put("power", PowerTables.summary(plan));
        result.put("remarks", plan.remarks());
        return result;
    }
}
