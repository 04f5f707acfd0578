package dev.fieldproof.geo.plan;

import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.Site;
import dev.fieldproof.geo.coverage.Coverage;
import dev.fieldproof.geo.coverage.Demand;
import dev.fieldproof.geo.coverage.ElevationException;
import dev.fieldproof.geo.coverage.ElevationModel;
import dev.fieldproof.geo.coverage.Occlusion;
import dev.fieldproof.geo.coverage.TerrainView;
import dev.fieldproof.geo.grid.CellSet;
import dev.fieldproof.geo.grid.ZoneGrid;
import dev.fieldproof.geo.placement.Candidate;
import dev.fieldproof.geo.placement.ExactPlacer;
import dev.fieldproof.geo.placement.Placement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The one model behind map, topology, bill of materials and power budget. Immutable as long as nobody changes its cell
 * sets.
 *
 * @param site what was given, with the gateways that were chosen
 * @param options how it was planned
 * @param nodes what to build, numbered from the north-west
 * @param lowerBound no plan of the same candidates that sees as much has fewer nodes
 * @param coverage what the nodes and the site's own sensors see, nodes first
 * @param topology how the nodes reach a gateway
 * @param bill what to buy
 * @param remarks what to know before relying on it, one sentence each
 */
public record SitePlan(
        Site site,
        PlanOptions options,
        List<Node> nodes,
        int lowerBound,
        Coverage coverage,
        Topology topology,
        BillOfMaterials bill,
        List<String> remarks) {
    /** Copies the lists. */
    public SitePlan {
        nodes = List.copyOf(nodes);
        remarks = List.copyOf(remarks);
    }

    /**
     * Plans a site.
     *
     * @param survey with mounts
     * @param options how to plan
     * @return the plan
     * @throws IllegalArgumentException if the grid would be too large
     */
    public static SitePlan of(Site survey, PlanOptions options) {
        Site site = survey;
        ZoneGrid grid = ZoneGrid.square(site.boundary().box(), options.cellMillimetres());
        Occlusion occlusion = new Occlusion(grid, site.obstacles(), options.targetMillimetres());
        Demand demand = Demand.of(site, grid);
        List<CellSet> existing = site.sensors().stream().map(occlusion::visible).toList();
        List<String> remarks = new ArrayList<>(site.assumptions());
        List<Candidate> candidates = Candidate.of(site, occlusion, options.models(), options.directions(), remarks);
        Placement placement = new ExactPlacer(options.enoughShare()).place(candidates, demand.lessSeenBy(existing));
        List<Candidate> chosen = new ArrayList<>(placement.chosen());
        List<CellSet> seen = new ArrayList<>(existing);
        chosen.forEach(candidate -> seen.add(candidate.sees()));
        Reinforcement reinforcement = new Reinforcement(site, demand, seen);
        chosen.addAll(reinforcement.choose(candidates, chosen));
        remarks.addAll(reinforcement.sentences(occlusion, options));
        chosen.sort(
                Comparator.comparing((Candidate candidate) -> candidate.mount().position())
                        .thenComparing(candidate -> candidate.mount().id()));
        List<Node> nodes = new ArrayList<>();
        List<Sensor> sensors = new ArrayList<>();
        for (Candidate candidate : chosen) {
            String id = "N" + (nodes.size() + 1);
            Sensor s = candidate.sensor();
            Sensor named =
                    new Sensor(id, s.position(), s.heightMillimetres(), s.azimuthDegrees(), s.tiltDegrees(), s.model());
            nodes.add(new Node(id, candidate.mount(), named));
            sensors.add(named);
        }
        sensors.addAll(site.sensors());
        site = withGateways(survey, nodes, options, remarks);
        Topology topology = Topology.spanning(site, nodes, options.radio(), options.network());
        topology.partitions().forEach(partition -> remarks.add(partition.sentence()));
        if (options.network().resilient()) {
            remarks.addAll(notResilient(site, nodes, topology, options));
        }
        if (nodes.stream().anyMatch(node -> !node.mount().powered())) {
            remarks.addAll(forecast(site, options).warnings(latitude(site)));
        }
        return new SitePlan(
                site,
                options,
                nodes,
                placement.lowerBound(),
                Coverage.of(occlusion, demand, sensors),
                topology,
                BillOfMaterials.of(nodes, site.gateways().size(), options),
                remarks);
    }

    /** The site with as many gateways as it needs. */
    private static Site withGateways(Site site, List<Node> nodes, PlanOptions options, List<String> remarks) {
        if (!options.network().addsGateways() || nodes.isEmpty()) {
            return site;
        }
        GatewayPlacer.Choice choice = GatewayPlacer.choose(site, nodes, options);
        List<Mount> more = choice.gateways()
                .subList(site.gateways().size(), choice.gateways().size());
        if (more.isEmpty()) {
            return site;
        }
        for (Mount gateway : more) {
            Mount at = site.mounts().stream()
                    .filter(mount -> mount.position().equals(gateway.position()))
                    .findFirst()
                    .orElse(gateway);
            remarks.add("gateway " + gateway.id() + " is chosen for mount '" + at.id() + "'"
                    + (at.powered() ? "" : ", which needs mains"));
        }
        if (!choice.provenFewest()) {
            remarks.add("whether fewer gateways would do is not proven: the search was cut short");
        }
        return withGateways(site, choice.gateways());
    }

    /** What still hangs on one gateway or node. */
    private static List<String> notResilient(Site site, List<Node> nodes, Topology topology, PlanOptions options) {
        List<String> sentences = new ArrayList<>();
        for (Mount gateway : site.gateways()) {
            List<Mount> others = new ArrayList<>(site.gateways());
            others.remove(gateway);
            Topology left = Topology.spanning(withGateways(site, others), nodes, options.radio(), options.network());
            List<String> lost = new ArrayList<>(left.unreachable());
            lost.removeAll(topology.unreachable());
            if (!lost.isEmpty()) {
                sentences.add("not resilient: if gateway " + gateway.id() + " fails, no other has a way or place for "
                        + String.join(", ", lost) + "; mounts with mains nearby would help");
            }
        }
        Resilience resilience = Resilience.of(site, nodes, options.radio());
        for (int i = 0; i < nodes.size(); i++) {
            List<String> lost = new ArrayList<>(resilience.cutOff(i));
            lost.removeAll(topology.unreachable());
            if (!lost.isEmpty()) {
                sentences.add("not resilient: if node " + nodes.get(i).id() + " fails, it cuts off "
                        + String.join(", ", lost));
            }
        }
        return sentences;
    }

    /**
     * Takes a site as it is, without new nodes.
     *
     * @param site with its own sensors
     * @param options of which cell size, target height, radio and prices count
     * @return the plan
     * @throws IllegalArgumentException if the grid would be too large, or a sensor stands in an obstacle
     */
    public static SitePlan existing(Site site, PlanOptions options) {
        ZoneGrid grid = ZoneGrid.square(site.boundary().box(), options.cellMillimetres());
        Occlusion occlusion = new Occlusion(grid, site.obstacles(), options.targetMillimetres());
        return existing(site, options, Coverage.of(occlusion, Demand.of(site, grid), site.sensors()), List.of());
    }

    /**
     * Takes a site on uneven ground as it is, without new nodes. A cell is seen if neither the ground hides it nor an
     * obstacle would on level ground.
     *
     * @param site with its own sensors
     * @param options of which cell size, target height, radio and prices count
     * @param ground heights under the whole site
     * @return the plan
     * @throws ElevationException if no height is known somewhere within the boundary's box
     * @throws IllegalArgumentException if the grid would be too large, a sensor stands in an obstacle or off the grid
     */
    public static SitePlan existing(Site site, PlanOptions options, ElevationModel ground) throws ElevationException {
        ZoneGrid grid = ZoneGrid.square(site.boundary().box(), options.cellMillimetres());
        Occlusion occlusion = new Occlusion(grid, site.obstacles(), options.targetMillimetres());
        TerrainView view = new TerrainView(ground.over(grid, site.projection()), options.targetMillimetres());
        return existing(
                site,
                options,
                Coverage.of(occlusion, view, Demand.of(site, grid), site.sensors()),
                List.of("obstacles are taken to stand on level ground; hills hide by themselves"));
    }

    private static SitePlan existing(Site site, PlanOptions options, Coverage coverage, List<String> more) {
        List<String> remarks = new ArrayList<>(site.assumptions());
        remarks.addAll(more);
        return new SitePlan(
                site,
                options,
                List.of(),
                0,
                coverage,
                Topology.NONE,
                new BillOfMaterials(options.catalogue().currency(), List.of()),
                remarks);
    }

    /**
     * How nodes would be joined if a gateway failed.
     *
     * @param failed one of the site's gateways
     * @return the tree over the others
     */
    public Topology withoutGateway(Mount failed) {
        List<Mount> others = new ArrayList<>(site.gateways());
        others.remove(failed);
        return Topology.spanning(withGateways(site, others), nodes, options.radio(), options.network());
    }

    private static Site withGateways(Site site, List<Mount> gateways) {
        return new Site(
                site.name(),
                site.projection(),
                site.boundary(),
                site.obstacles(),
                site.mounts(),
                gateways,
                site.sensors(),
                site.zones(),
                site.assumptions());
    }

    /**
     * What follows from the assumptions about the power of nodes away from the mains.
     *
     * @return the forecast
     */
    public PowerForecast forecast() {
        return forecast(site, options);
    }

    private static PowerForecast forecast(Site site, PlanOptions options) {
        return PowerForecast.of(options.power(), latitude(site));
    }

    private static double latitude(Site site) {
        return site.projection().origin().latitudeDegrees();
    }

    /**
     * The digest that every output of this plan carries: of site, options, nodes, coverage, links, bill of materials
     * and power budget together.
     *
     * @return 64 lower-case hexadecimal digits
     */
    public String digest() {
        return PlanDigest.of(this);
    }
}
