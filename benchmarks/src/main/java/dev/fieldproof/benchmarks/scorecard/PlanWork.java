package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.geo.GeoPosition;
import dev.fieldproof.geo.LocalProjection;
import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.Obstacle;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.PlanePolygon;
import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.SensorModel;
import dev.fieldproof.geo.Site;
import dev.fieldproof.geo.coverage.Coverage;
import dev.fieldproof.geo.coverage.Demand;
import dev.fieldproof.geo.coverage.Occlusion;
import dev.fieldproof.geo.diagram.SiteMap;
import dev.fieldproof.geo.grid.ZoneGrid;
import dev.fieldproof.geo.plan.Battery;
import dev.fieldproof.geo.plan.BillOfMaterials;
import dev.fieldproof.geo.plan.Node;
import dev.fieldproof.geo.plan.PlanOptions;
import dev.fieldproof.geo.plan.PowerBudget;
import dev.fieldproof.geo.plan.PowerSimulation;
import dev.fieldproof.geo.plan.Resilience;
import dev.fieldproof.geo.plan.SitePlan;
import dev.fieldproof.geo.plan.Topology;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Failures, map and power budget. */
final class PlanWork {
    private static final int NODES = 200;
    private static final int SIDE = 400_000;

    private PlanWork() {}

    private static double cpuSeconds() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
    }

    private static SitePlan plan() {
        SplittableRandom random = new SplittableRandom(2);
        List<Obstacle> obstacles = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int x = random.nextInt(SIDE - 20_000);
            int y = random.nextInt(SIDE - 20_000);
            int w = random.nextInt(5_000, 20_000);
            obstacles.add(new Obstacle(
                    "Hall " + i, PlanePolygon.ofRing(x, y, x + w, y, x + w, y + 9_000, x, y + 9_000), 5_000));
        }
        List<Mount> mounts = new ArrayList<>();
        List<Node> nodes = new ArrayList<>();
        for (int i = 1; i <= NODES; i++) {
            PlanePoint at = new PlanePoint(random.nextInt(SIDE), random.nextInt(SIDE));
            Mount mount = new Mount("Pole " + i, at, 8_000, i % 2 == 0);
            mounts.add(mount);
            SensorModel model = PlanOptions.DEFAULT.models().get(0);
            nodes.add(new Node("N" + i, mount, new Sensor("N" + i, at, 8_000, random.nextDouble(360), 30, model)));
        }
        Site site = new Site(
                "Depot",
                LocalProjection.centredOn(new GeoPosition(10, 54)),
                PlanePolygon.ofRing(0, 0, SIDE, 0, SIDE, SIDE, 0, SIDE),
                obstacles,
                mounts,
                List.of(new Mount("Gateway", new PlanePoint(SIDE / 2, SIDE / 2), 10_000, true)),
                List.of(),
                List.of(),
                List.of());
        PlanOptions options = PlanOptions.DEFAULT;
        ZoneGrid grid = ZoneGrid.square(site.boundary().box(), options.cellMillimetres());
        return new SitePlan(
                site,
                options,
                nodes,
                0,
                Coverage.of(
                        new Occlusion(grid, obstacles, options.targetMillimetres()),
                        Demand.of(site, grid),
                        nodes.stream().map(Node::sensor).toList()),
                Topology.spanning(site, nodes, options.radio()),
                BillOfMaterials.of(nodes, 1, options.catalogue()),
                List.of());
    }

    private static double medianMillis(Runnable work) {
        double[] millis = new double[15];
        for (int i = -10; i < millis.length; i++) {
            double start = cpuSeconds();
            work.run();
            millis[Math.max(0, i)] = (cpuSeconds() - start) * 1e3;
        }
        Arrays.sort(millis);
        return millis[millis.length / 2];
    }

    /** Every single failure: cells lost and nodes cut off. */
    static double singleFailuresMillis() {
        SitePlan plan = plan();
        return medianMillis(() -> {
            Resilience resilience = Resilience.of(plan);
            for (int i = 0; i < NODES; i++) {
                resilience.cellsLost(i);
                resilience.cutOff(i);
            }
        });
    }

    static double coverageMillis() {
        SitePlan plan = plan();
        Demand demand = plan.coverage().demand();
        Occlusion occlusion = new Occlusion(
                demand.grid(), plan.site().obstacles(), plan.options().targetMillimetres());
        return medianMillis(() -> Coverage.of(occlusion, demand, plan.coverage().sensors()));
    }

    static double pairFailuresMillis() {
        SitePlan plan = plan();
        return medianMillis(() -> {
            Resilience resilience = Resilience.of(plan);
            for (int i = 0; i < NODES; i++) {
                for (int j = 0; j < i; j++) {
                    resilience.cellsLost(i, j);
                    resilience.cutOff(i, j);
                }
            }
        });
    }

    static double mapKilobytes() {
        return SiteMap.render(plan()).getBytes(StandardCharsets.UTF_8).length / 1e3;
    }

    static double mapMillis() {
        SitePlan plan = plan();
        return medianMillis(() -> SiteMap.render(plan));
    }

    static double powerDeviationPercent() {
        double worst = 0;
        for (double load = 0.2; load < 50; load *= 1.5) {
            PowerBudget budget = new PowerBudget(List.of(new PowerBudget.Line("all", load * 1_000 / 24, 86_400)), 1, 1);
            for (int years = 0; years <= 10; years += 5) {
                double formula = Battery.LIFEPO4_77_WH.autonomyDays(budget.wattHoursPerDay(), years);
                double counted = PowerSimulation.daysWithoutSun(budget, Battery.LIFEPO4_77_WH, years);
                worst = Math.max(worst, 100 * Math.abs(formula - counted) / counted);
            }
        }
        return worst;
    }
}
