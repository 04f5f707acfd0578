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
import dev.fieldproof.geo.plan.BatteryPack;
import dev.fieldproof.geo.plan.BillOfMaterials;
import dev.fieldproof.geo.plan.Duty;
import dev.fieldproof.geo.plan.EnergyYear;
import dev.fieldproof.geo.plan.Inference;
import dev.fieldproof.geo.plan.Node;
import dev.fieldproof.geo.plan.NodePower;
import dev.fieldproof.geo.plan.PlanOptions;
import dev.fieldproof.geo.plan.PowerForecast;
import dev.fieldproof.geo.plan.PowerSimulation;
import dev.fieldproof.geo.plan.Regulator;
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
                BillOfMaterials.of(nodes, 1, options),
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

    /** Days in the dark and each month's harvest: every battery behind every regulator, at three latitudes and ages. */
    static double powerDeviationPercent() {
        double worst = 0;
        for (BatteryPack pack :
                List.of(BatteryPack.LIFEPO4, BatteryPack.LITHIUM_ION, BatteryPack.LITHIUM_THIONYL_CHLORIDE)) {
            for (Regulator regulator : List.of(Regulator.BUCK, Regulator.LINEAR, Regulator.BUCK_BOOST)) {
                for (int looks = 15; looks <= 15_000; looks *= 10) {
                    worst = Math.max(worst, powerDeviation(pack, regulator, looks));
                }
            }
        }
        return 100 * worst;
    }

    private static double powerDeviation(BatteryPack pack, Regulator regulator, int looks) {
        NodePower camera = NodePower.CAMERA;
        Inference inference = Inference.IMAGE_CLASSIFICATION_M33;
        double worst = 0;
        for (int latitude = -55; latitude <= 55; latitude += 55) {
            NodePower power = new NodePower(
                    camera.board(),
                    camera.currents(),
                    new Duty(looks, 1.2, inference, 2 * looks, looks / 10.0, 1.5, 0.1, 20),
                    regulator,
                    pack,
                    1,
                    camera.panel(),
                    pack.chemistry().rechargeable() ? 1 : 0,
                    camera.weather(),
                    -15,
                    8,
                    5);
            EnergyYear year = PowerForecast.of(power, latitude).year();
            for (int age = 0; age < 3; age++) {
                double counted = PowerSimulation.daysWithoutSun(power, 10 - 5 * age);
                worst = Math.max(worst, Math.abs(year.autonomyDays().get(age) - counted) / counted);
            }
            for (int month = 0; month < 12 && power.panels() > 0; month++) {
                double counted = PowerSimulation.harvestWattHours(power, latitude, month);
                worst = Math.max(worst, Math.abs(year.harvestWattHoursPerDay().get(month) - counted) / counted);
            }
        }
        return worst;
    }
}
