package dev.fieldproof.geo.cli;

import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.Site;
import dev.fieldproof.geo.coverage.CellTable;
import dev.fieldproof.geo.coverage.Coverage;
import dev.fieldproof.geo.coverage.ElevationException;
import dev.fieldproof.geo.coverage.ElevationModel;
import dev.fieldproof.geo.diagram.SiteMap;
import dev.fieldproof.geo.geojson.Antimeridian;
import dev.fieldproof.geo.geojson.GeoJsonOptions;
import dev.fieldproof.geo.geojson.GeoJsonWriter;
import dev.fieldproof.geo.kml.KmlException;
import dev.fieldproof.geo.kml.KmlLimits;
import dev.fieldproof.geo.kml.KmlProgress;
import dev.fieldproof.geo.kml.KmlReader;
import dev.fieldproof.geo.kml.KmlReport;
import dev.fieldproof.geo.kml.SiteReader;
import dev.fieldproof.geo.plan.PartCatalogue;
import dev.fieldproof.geo.plan.PlanFiles;
import dev.fieldproof.geo.plan.PlanOptions;
import dev.fieldproof.geo.plan.PowerForecast;
import dev.fieldproof.geo.plan.SitePlan;
import dev.fieldproof.geo.report.PlanFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The commands {@code convert}, {@code coverage} and {@code plan}. */
@Command(
        name = "iot-geo",
        mixinStandardHelpOptions = true,
        version = "iot-geo 0.1.0-SNAPSHOT",
        description = "From a survey file to coverage, blind spots, nodes, map and bill of materials.",
        synopsisSubcommandLabel = "COMMAND")
final class GeoCommand {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** What is being read. */
    private Path survey = Path.of("");

    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        GeoCommand geo = new GeoCommand();
        CommandLine line = new CommandLine(geo);
        line.setOut(out).setErr(err);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            err.println(geo.message(e));
            return 1;
        });
        return line.execute(arguments);
    }

    private String message(Exception e) {
        if (e instanceof NoSuchFileException missing) {
            return "error: no such file or folder: " + missing.getFile();
        }
        if (e instanceof FileAlreadyExistsException file) {
            return "error: not a folder: " + file.getFile();
        }
        if (e instanceof AccessDeniedException denied) {
            return "error: no permission: " + denied.getFile();
        }
        if (e instanceof FileSystemException failure) {
            return "error: " + failure.getFile() + ": " + failure.getReason();
        }
        if (e instanceof KmlException || e instanceof ElevationException) {
            return "error: " + survey + ": " + e.getMessage();
        }
        if (e instanceof IOException || e instanceof IllegalArgumentException) {
            return "error: " + e.getMessage();
        }
        return "error: " + e;
    }

    /** The file to read, if there is one: a folder would fail later and without a name. */
    private Path survey(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "is a folder, not a file to read");
        }
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        survey = file;
        return file;
    }

    /** The file to write, if that takes nothing away: never the survey itself. */
    private static Path output(Path target, Path survey) throws IOException {
        if (Files.isDirectory(target)) {
            throw new FileSystemException(target.toString(), null, "is a folder, not a file to write");
        }
        Path folder = target.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
        if (Files.exists(target) && Files.isSameFile(survey, target)) {
            throw new FileSystemException(target.toString(), null, "is the survey itself; give another file to write");
        }
        return target;
    }

    @Command(
            name = "convert",
            mixinStandardHelpOptions = true,
            description = "Converts KML or KMZ to GeoJSON (RFC 7946); lists what GeoJSON could not hold.")
    int convert(
            @Parameters(paramLabel = "IN", description = "KML or KMZ file") Path in,
            @Parameters(paramLabel = "OUT", description = "GeoJSON file to write") Path target,
            @Option(names = "--bbox", description = "give each feature and the collection its box") boolean boxes,
            @Option(
                            names = "--decimals",
                            paramLabel = "N",
                            defaultValue = "-1",
                            description = "digits kept after the point of coordinates; all unless given")
                    int decimals,
            @Option(names = "--json", description = "print the report as JSON") boolean json)
            throws IOException, KmlException {
        GeoJsonOptions options = options(boxes, decimals);
        survey(in);
        output(target, in);
        Path part = target.resolveSibling(target.getFileName() + ".part");
        KmlReport report;
        try {
            try (GeoJsonWriter writer = new GeoJsonWriter(Files.newOutputStream(part), Map.of(), options)) {
                report = KmlReader.read(
                        in, KmlLimits.DEFAULT, feature -> writer.write(Antimeridian.cut(feature)), progress(in));
            }
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonReports.of(report));
        } else {
            out.println(report.features() + " features, " + report.positions() + " positions: " + target);
            report.losses().forEach((loss, count) -> out.println("note: " + loss + " (" + count + ")"));
            report.networkLinks().forEach(link -> out.println("note: not followed: " + link));
        }
        return 0;
    }

    private GeoJsonOptions options(boolean boxes, int decimals) {
        try {
            return new GeoJsonOptions(boxes, decimals);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
        }
    }

    /** Told on a terminal only, and only as often as an eye can follow. */
    @SuppressWarnings(
            "SystemConsoleNull") // from Java 22 on it may be there without a terminal: a line too many, no harm
    private KmlProgress progress(Path in) {
        if (System.console() == null) {
            return (bytes, total) -> {};
        }
        PrintWriter err = spec.commandLine().getErr();
        long[] shown = {-1};
        return (bytes, total) -> {
            long percent = total > 0 ? Math.min(100, bytes * 100 / total) : 0;
            if (percent != shown[0]) {
                shown[0] = percent;
                err.print("\r" + in.getFileName() + " " + percent + " %" + (percent == 100 ? "\n" : ""));
                err.flush();
            }
        };
    }

    @Command(
            name = "coverage",
            mixinStandardHelpOptions = true,
            description = "Computes what the site's own sensors see: coverage.geojson, cells.csv and site.svg.")
    int coverage(
            @Parameters(paramLabel = "SITE", description = "KML or KMZ file of the site") Path file,
            @Option(names = "--out", required = true, paramLabel = "DIR", description = "folder to write to") Path dir,
            @Option(
                            names = "--terrain",
                            paramLabel = "FILE",
                            description = "heights of the ground in metres: an Esri ASCII grid in degrees (WGS 84), "
                                    + "or an SRTM tile such as N54E009.hgt")
                    @Nullable
                    Path terrain,
            @Option(names = "--json", description = "print the result as JSON") boolean json)
            throws IOException, KmlException, ElevationException {
        Site site = SiteReader.read(survey(file));
        if (site.sensors().isEmpty()) {
            throw new IllegalArgumentException(
                    file + " has no sensors; add some, or let 'plan' choose mounts for new ones");
        }
        SitePlan plan = terrain == null
                ? SitePlan.existing(site, PlanOptions.DEFAULT)
                : SitePlan.existing(site, PlanOptions.DEFAULT, ElevationModel.read(survey(terrain)));
        Files.createDirectories(dir);
        try (OutputStream geojson = Files.newOutputStream(dir.resolve("coverage.geojson"))) {
            PlanFiles.writeGeoJson(plan, geojson);
        }
        Files.writeString(dir.resolve("site.svg"), SiteMap.render(plan));
        try (Writer cells = Files.newBufferedWriter(dir.resolve("cells.csv"))) {
            CellTable.write(plan.coverage(), plan.options().targetMillimetres(), site.projection(), cells);
        }
        report(plan, dir, json);
        return 0;
    }

    @Command(
            name = "plan",
            mixinStandardHelpOptions = true,
            description = "Chooses mounts for nodes and writes coverage, map, links, bill of materials, power budget "
                    + "and one printable page.")
    int plan(
            @Parameters(paramLabel = "SITE", description = "KML or KMZ file of the site") Path file,
            @Option(names = "--out", required = true, paramLabel = "DIR", description = "folder to write to") Path dir,
            @Option(
                            names = "--catalogue",
                            paramLabel = "FILE",
                            description = "parts and prices: CSV of part,unit_price,currency, or JSON")
                    @Nullable
                    Path catalogue,
            @Mixin NetworkChoices network,
            @Mixin PowerChoices power,
            @Option(names = "--json", description = "print the result as JSON") boolean json)
            throws IOException, KmlException {
        Site site = SiteReader.read(survey(file));
        PlanOptions options = PlanOptions.DEFAULT
                .with(network.rules())
                .with(power.power(site.projection().origin().latitudeDegrees()));
        if (catalogue != null) {
            options = options.with(PartCatalogue.parse(Files.readString(catalogue)));
        }
        SitePlan plan = SitePlan.of(site, options);
        PlanFolder.write(plan, dir);
        report(plan, dir, json);
        return 0;
    }

    private void report(SitePlan plan, Path dir, boolean json) {
        PrintWriter out = spec.commandLine().getOut();
        Coverage coverage = plan.coverage();
        if (json) {
            out.println(JsonReports.of(plan));
            return;
        }
        out.println(String.format(
                Locale.ROOT,
                "%s: %d %s see %.1f %% of %d cells that must be seen, %d blind spots, %d radio links: %s",
                plan.site().name(),
                plan.nodes().isEmpty()
                        ? coverage.sensors().size()
                        : plan.nodes().size(),
                plan.nodes().isEmpty() ? "sensors" : "nodes",
                Math.floor(coverage.coveredShare() * 1000) / 10,
                coverage.demand().required().size(),
                coverage.blindSpots().size(),
                plan.topology().links().size(),
                dir));
        if (!plan.nodes().isEmpty()) {
            PowerForecast forecast = plan.forecast();
            out.println(String.format(
                    Locale.ROOT,
                    "power: nodes without mains draw %.2f Wh a day, last %.1f days in the dark and live %s; %s; what"
                            + " matters most: %s",
                    forecast.year().loadWattHoursPerDay(),
                    forecast.year().autonomyDays().get(2),
                    forecast.life(),
                    forecast.sun(),
                    forecast.dominating()));
        }
        plan.remarks().forEach(remark -> out.println("note: " + remark));
    }

    /** What {@code --json} prints. */
    private static final class JsonReports {
        static String of(KmlReport report) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("features", report.features());
            result.put("positions", report.positions());
            result.put("losses", report.losses());
            result.put("networkLinks", report.networkLinks());
            return GeoJsonWriter.json(result);
        }

        static String of(SitePlan plan) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("site", plan.site().name());
            result.put("modelDigest", plan.digest());
            result.put("nodes", plan.nodes().size());
            result.put("nodesLowerBound", plan.lowerBound());
            result.put("coveredShare", plan.coverage().coveredShare());
            result.put("blindSpots", plan.coverage().blindSpots().size());
            result.put(
                    "gateways", plan.site().gateways().stream().map(Mount::id).toList());
            result.put("links", plan.topology().links().size());
            result.put("unreachable", plan.topology().unreachable());
            if (!plan.nodes().isEmpty()) {
                PowerForecast forecast = plan.forecast();
                result.put("worstSurplusWattHoursPerDay", forecast.year().worstSurplusWattHoursPerDay());
                result.put("lifeYears", forecast.lifeYears());
                result.put("dominatingAssumption", forecast.dominating());
                result.put("brownout", forecast.isBrownOut());
            }
            result.put("remarks", plan.remarks());
            return GeoJsonWriter.json(result);
        }
    }
}
