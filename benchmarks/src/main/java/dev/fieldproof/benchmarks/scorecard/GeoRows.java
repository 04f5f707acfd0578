package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.benchmarks.rival.CpSat;
import dev.fieldproof.benchmarks.rival.Gdal;
import dev.fieldproof.benchmarks.rival.Jts;
import dev.fieldproof.benchmarks.rival.Karney;
import dev.fieldproof.benchmarks.rival.PullParser;
import java.util.List;
import java.util.concurrent.Callable;

/** Survey files, sight and the plane. */
final class GeoRows {
    private GeoRows() {}

    static List<Row> rows() {
        return java.util.stream.Stream.of(conversion(), sight(), plane(), placement(), planning())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Row> conversion() {
        return List.of(
                new Row.Exact(
                        "geo.convert",
                        "KML to RFC 7946, a generated survey of 50 MB, warm; the rival is a whole process",
                        "MB/CPU s",
                        Gdal.OGR2OGR,
                        new Goal.RatioAtLeast(15),
                        ConversionWork::warmRate,
                        ConversionWork::rivalRate,
                        true),
                new Row.Exact(
                        "geo.convert-rate",
                        "the same against the rate itself, beside a parser that converts nothing",
                        "MB/CPU s",
                        PullParser.NAME,
                        new Goal.AtLeast(160),
                        ConversionWork::warmRate,
                        ConversionWork::parserRate,
                        true),
                new Row.Exact(
                        "geo.convert-large",
                        "a survey of 1 GB converted by a new process with 64 MB of heap",
                        "MB",
                        "–",
                        new Goal.AtLeast(1_000),
                        () -> ConversionWork.convertedUnder(64, 1_000),
                        () -> Double.NaN,
                        true));
    }

    private static List<Row> sight() {
        return List.of(
                occlusion(200, 360),
                occlusion(2_000, 360),
                occlusion(200, 90),
                occlusion(2_000, 90),
                new Row.Exact(
                        "geo.occlusion-differing",
                        "cells that differ from the definition, every eighth of 785,000, 200 obstacles",
                        "cells",
                        "–",
                        new Goal.AtMost(0),
                        () -> SightWork.differing(200),
                        () -> Double.NaN),
                new Row.Exact(
                        "geo.viewshed",
                        "terrain viewshed of 4,000,000 posts, wall clock, warm, all cores; the rival a whole process",
                        "M posts/s",
                        Gdal.VIEWSHED,
                        new Goal.RatioAtLeast(1),
                        TerrainWork::rate,
                        TerrainWork::rivalRate),
                new Row.Exact(
                        "geo.viewshed-process",
                        "the same with both sides as whole processes that start cold, raster read and result written",
                        "M posts/s",
                        Gdal.VIEWSHED,
                        new Goal.RatioAtLeast(1),
                        TerrainWork::processRate,
                        TerrainWork::rivalRate),
                new Row.Exact(
                        "geo.viewshed-wrong",
                        "posts of the same terrain that differ from the exact line of sight",
                        "posts",
                        Gdal.VIEWSHED,
                        new Goal.AtMost(0),
                        TerrainWork::wrong,
                        TerrainWork::rivalWrong),
                new Row.Exact(
                        "geo.edit",
                        "one node moved among 1,000 on 1,000,000 cells, median",
                        "ms",
                        "–",
                        new Goal.AtMost(5),
                        SightWork::editMillis,
                        () -> Double.NaN),
                new Row.Exact(
                        "geo.edit-differing",
                        "cells that differ from computing anew after 100 such edits",
                        "cells",
                        "–",
                        new Goal.AtMost(0),
                        SightWork::editDiffering,
                        () -> Double.NaN));
    }

    private static Row occlusion(int obstacles, int field) {
        return new Row.Exact(
                "geo.occlusion-" + obstacles + (field == 360 ? "" : "-sector"),
                "cells decided, 1 m, 500 m around, " + field + "°, " + obstacles
                        + " obstacles with heights, concave too",
                "M cells/CPU s",
                Jts.NAME,
                new Goal.RatioAtLeast(1_000),
                () -> SightWork.rate(obstacles, field),
                () -> SightWork.rivalRate(obstacles, field));
    }

    private static List<Row> plane() {
        return List.of(
                new Row.Exact(
                        "geo.projection-10km",
                        "greatest error of a distance between two of 60 points on each of six sites of 10 km",
                        "mm",
                        "–",
                        new Goal.AtMost(1),
                        () -> PlaneWork.worstMillimetres(10_000),
                        () -> Double.NaN),
                new Row.Exact(
                        "geo.projection-50km",
                        "the same on sites of 50 km",
                        "mm",
                        "–",
                        new Goal.AtMost(50),
                        () -> PlaneWork.worstMillimetres(50_000),
                        () -> Double.NaN),
                new Row.Timed(
                        "geo.projection-time",
                        "a position onto the plane; the rival finds the geodesic from the origin",
                        Karney.NAME,
                        new Goal.AtMost(200),
                        PlaneWork.POINTS,
                        PlaneWork::project,
                        PlaneWork::inverse));
    }

    private static List<Row> placement() {
        return List.of(
                proven("", "12 random instances of 100 to 400 candidates", 1, 3, 5),
                ratio("", "them", 1, 3, 5),
                proven("-fresh", "24 further ones", 4, 9, 10),
                ratio("-fresh", "them", 4, 9, 10),
                new Row.Exact(
                        "geo.placement-gap",
                        "choice over proven lower bound at 800 candidates after 20 CPU s, the widest of three",
                        "%",
                        "–",
                        new Goal.AtMost(7),
                        PlacementWork::gapPercent,
                        () -> Double.NaN,
                        true));
    }

    private static Row proven(String suffix, String which, int first, int last, int times) {
        return new Row.Exact(
                "geo.placement-proven" + suffix,
                "of " + which + ", how many are proven in " + times + " times the rival's CPU time; the rival in 30 s",
                "instances",
                CpSat.NAME,
                new Goal.AtLeast(4 * (last - first + 1)),
                () -> PlacementWork.proven(first, last, times),
                () -> PlacementWork.rivalProven(first, last, times),
                true);
    }

    private static Row ratio(String suffix, String which, int first, int last, int times) {
        return new Row.Exact(
                "geo.placement-time" + suffix,
                "CPU time of the one of " + which + " that compares worst, of those both proved",
                "s",
                CpSat.NAME,
                new Goal.RatioAtMost(times),
                () -> PlacementWork.worstSeconds(first, last, times),
                () -> PlacementWork.rivalWorstSeconds(first, last, times),
                true);
    }

    private static List<Row> planning() {
        return List.of(
                new Row.Exact(
                        "geo.failures",
                        "what every single failure of 200 nodes costs in cells and radio paths",
                        "ms",
                        "one full coverage",
                        new Goal.RatioAtMost(3),
                        PlanWork::singleFailuresMillis,
                        PlanWork::coverageMillis),
                alone(
                        "geo.failures-pairs",
                        "the same for all pairs",
                        "ms",
                        new Goal.AtMost(1_000),
                        PlanWork::pairFailuresMillis),
                alone(
                        "geo.map-size",
                        "A3 site map of 200 nodes and 60 obstacles",
                        "kB",
                        new Goal.AtMost(300),
                        PlanWork::mapKilobytes),
                alone("geo.map-time", "drawing the same map", "ms", new Goal.AtMost(50), PlanWork::mapMillis),
                alone(
                        "geo.power",
                        "days in the dark and harvest by formula against counting hours and minutes: three chemistries "
                                + "behind three regulators, ageing, cold and inference included, greatest deviation",
                        "%",
                        new Goal.AtMost(0.5),
                        PlanWork::powerDeviationPercent));
    }

    private static Row alone(String name, String what, String unit, Goal goal, Callable<Double> ours) {
        return new Row.Exact(name, what, unit, "–", goal, ours, () -> Double.NaN);
    }
}
