package dev.fieldproof.geo.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.PlanePolygon;
import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.Site;
import dev.fieldproof.geo.Zone;
import dev.fieldproof.geo.coverage.RadioReach;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class GatewayPlacerTest {
    private static final int FAR_APART = 140_000;

    private static Node node(int number, int x, int y) {
        Mount mount = new Mount("m" + number, new PlanePoint(x, y), 6_000, false);
        Sensor sensor = new Sensor(
                "N" + number,
                mount.position(),
                6_000,
                0,
                0,
                PlanOptions.DEFAULT.models().get(0));
        return new Node("N" + number, mount, sensor);
    }

    private static Mount pole(String id, int x, int y, boolean powered) {
        return new Mount(id, new PlanePoint(x, y), 8_000, powered);
    }

    private static Site site(List<Mount> mounts, List<Mount> gateways, List<Zone> zones) {
        Site yard = SitePlanTest.yard();
        return new Site(
                yard.name(),
                yard.projection(),
                yard.boundary(),
                yard.obstacles(),
                mounts,
                gateways,
                List.of(),
                zones,
                List.of());
    }

    private static PlanOptions options(NetworkRules rules) {
        return PlanOptions.DEFAULT.with(rules);
    }

    private static Site with(Site site, List<Mount> gateways) {
        return site(site.mounts(), gateways, site.zones());
    }

    private static int left(Site site, List<Node> nodes, NetworkRules rules) {
        return Topology.spanning(site, nodes, PlanOptions.DEFAULT.radio(), rules)
                .unreachable()
                .size();
    }

    /** Nodes that no path of so many links joins to a gateway if one node has failed, by the definition. */
    private static int cutOff(Site site, List<Node> nodes, int mostHops, Node failed) {
        RadioReach reach = new RadioReach(PlanOptions.DEFAULT.radio(), site.obstacles());
        Set<Node> joined = new HashSet<>();
        List<Mount> heard = new ArrayList<>(site.gateways());
        for (int hop = 1; hop <= mostHops; hop++) {
            List<Mount> next = new ArrayList<>();
            for (Node node : nodes) {
                Mount mount = node.mount();
                boolean hears = !node.equals(failed)
                        && !joined.contains(node)
                        && heard.stream()
                                .anyMatch(other -> reach.marginDb(
                                                mount.position(),
                                                mount.heightMillimetres(),
                                                other.position(),
                                                other.heightMillimetres())
                                        >= 10);
                if (hears) {
                    next.add(mount);
                    joined.add(node);
                }
            }
            heard = next;
        }
        return nodes.size() - joined.size() - 1;
    }

    /** Left out now, after the worst failure of a gateway, after those of all nodes. */
    private static List<Integer> shortage(Site site, List<Node> nodes, NetworkRules rules) {
        int now = left(site, nodes, rules);
        int worst = 0;
        int sum = 0;
        if (rules.resilient()) {
            for (Mount gateway : site.gateways()) {
                List<Mount> others = new ArrayList<>(site.gateways());
                others.remove(gateway);
                worst = Math.max(worst, left(with(site, others), nodes, rules));
            }
            for (Node failed : nodes) {
                sum += cutOff(site, nodes, rules.mostHops(), failed);
            }
        }
        return List.of(now, worst, sum);
    }

    private static boolean isWithin(List<Integer> shortage, List<Integer> limit) {
        return shortage.get(0) <= limit.get(0) && shortage.get(1) <= limit.get(1) && shortage.get(2) <= limit.get(2);
    }

    private static NetworkRules rules(RandomGenerator random, boolean resilient) {
        return new NetworkRules(random.nextInt(1, 5), random.nextInt(1, 4), random.nextInt(2, 8), resilient, true);
    }

    /** Every subset of the mounts, by the definition: none with fewer gateways joins as many. */
    @Test
    void noFewerGatewaysWouldDo() {
        int[] gateways = new int[5];
        SeededRuns.check(60, random -> {
            boolean resilient = random.nextBoolean();
            NetworkRules rules = rules(random, resilient);
            int side = random.nextInt(100_000, 700_000);
            List<Node> nodes = new ArrayList<>();
            for (int i = 1; i <= random.nextInt(2, 9); i++) {
                nodes.add(node(i, random.nextInt(side), random.nextInt(side)));
            }
            List<Mount> mounts = new ArrayList<>();
            for (int i = 1; i <= 4; i++) {
                mounts.add(pole("P" + i, random.nextInt(side), random.nextInt(side), true));
            }
            Site site = site(mounts, List.of(), List.of());
            GatewayPlacer.Choice choice = GatewayPlacer.choose(site, nodes, options(rules));
            assertTrue(choice.provenFewest());
            List<Integer> limit = shortage(with(site, mounts), nodes, rules);
            assertTrue(isWithin(shortage(with(site, choice.gateways()), nodes, rules), limit), () -> rules + "");
            for (int subset = 0; subset < 16; subset++) {
                if (Integer.bitCount(subset) < choice.gateways().size()) {
                    List<Mount> fewer = new ArrayList<>();
                    for (int i = 0; i < 4; i++) {
                        if ((subset >> i & 1) == 1) {
                            fewer.add(mounts.get(i));
                        }
                    }
                    assertTrue(!isWithin(shortage(with(site, fewer), nodes, rules), limit), () -> fewer + " do, too");
                }
            }
            gateways[choice.gateways().size()]++;
        });
        // The instances are not all of one kind.
        assertTrue(gateways[1] > 3 && gateways[2] > 3 && gateways[3] + gateways[4] > 3);
    }

    @Test
    void hopsAndNodesOfAGatewayAreKeptAndNobodyIsLeftOutBesideAFreeWay() {
        SeededRuns.check(60, random -> {
            NetworkRules rules = rules(random, false);
            int side = random.nextInt(100_000, 500_000);
            List<Node> nodes = new ArrayList<>();
            for (int i = 1; i <= random.nextInt(2, 20); i++) {
                nodes.add(node(i, random.nextInt(side), random.nextInt(side)));
            }
            Site site = site(List.of(), List.of(pole("A", 0, 0, true), pole("B", side, side, true)), List.of());
            Topology topology = Topology.spanning(site, nodes, PlanOptions.DEFAULT.radio(), rules);
            Map<String, Integer> hops = new HashMap<>(Map.of("A", 0, "B", 0));
            Map<String, String> roots = new HashMap<>(Map.of("A", "A", "B", "B"));
            Map<String, Integer> carried = new HashMap<>();
            Map<String, Integer> children = new HashMap<>();
            for (Link link : topology.links()) {
                hops.put(link.from(), hops.get(link.to()) + 1);
                roots.put(link.from(), roots.get(link.to()));
                assertEquals(hops.get(link.from()), link.hops());
                assertTrue(link.hops() <= rules.mostHops(), link::toString);
                assertTrue(children.merge(link.to(), 1, Integer::sum) <= rules.mostChildren(), link::toString);
                assertTrue(carried.merge(roots.get(link.from()), 1, Integer::sum) <= rules.mostNodes());
            }
            RadioReach reach = new RadioReach(PlanOptions.DEFAULT.radio(), site.obstacles());
            Map<String, Mount> mounts = new HashMap<>();
            site.gateways().forEach(gateway -> mounts.put(gateway.id(), gateway));
            nodes.forEach(each -> mounts.put(each.id(), each.mount()));
            for (String left : topology.unreachable()) {
                for (String station : hops.keySet()) {
                    boolean free = children.getOrDefault(station, 0) < rules.mostChildren()
                            && hops.get(station) < rules.mostHops()
                            && carried.getOrDefault(roots.get(station), 0) < rules.mostNodes();
                    Mount a = mounts.get(left);
                    Mount b = mounts.get(station);
                    assertTrue(
                            !free
                                    || reach.marginDb(
                                                    a.position(),
                                                    a.heightMillimetres(),
                                                    b.position(),
                                                    b.heightMillimetres())
                                            < 10,
                            () -> left + " could join " + station);
                }
            }
        });
    }

    /** Two gateways of two nodes each: the one that both could serve must go to the right one. */
    @Test
    void aFullGatewayHandsNodesOver() {
        NetworkRules rules = new NetworkRules(5, 1, 2, false, false);
        Site site = site(List.of(), List.of(pole("A", 0, 100_000, true), pole("B", 100_000, 100_000, true)), List.of());
        // Between them, nearer to A, and one that only A hears.
        List<Node> nodes =
                List.of(node(1, 45_000, 100_000), node(2, 40_000, 100_000), node(3, -FAR_APART / 2, 100_000));
        assertEquals(0, left(site, nodes, rules));
    }

    @Test
    void theSurveysGatewaysStayAndOnlyWhatIsMissingIsAdded() {
        List<Node> nodes = List.of(node(1, 0, 0), node(2, 400_000, 0));
        Mount given = pole("Office", 10_000, 0, true);
        Site site = site(
                List.of(pole("east", 390_000, 0, true), pole("nearer, but no mains", 399_000, 0, false)),
                List.of(given),
                List.of());
        List<Mount> gateways =
                GatewayPlacer.choose(site, nodes, options(NetworkRules.DEFAULT)).gateways();
        assertEquals(2, gateways.size());
        assertEquals(given, gateways.get(0));
        assertEquals("G1", gateways.get(1).id());
        assertEquals(390_000, gateways.get(1).position().xMillimetres());
        assertEquals(
                List.of(given),
                GatewayPlacer.choose(site, nodes.subList(0, 1), options(NetworkRules.DEFAULT))
                        .gateways());
        // Where gateways are kept out, none is put.
        Zone pond = new Zone(
                "pond",
                PlanePolygon.ofRing(380_000, -9_000, 398_000, -9_000, 398_000, 9_000, 380_000, 9_000),
                Zone.Kind.KEEP_OUT,
                0);
        assertEquals(
                List.of(given),
                GatewayPlacer.choose(
                                site(site.mounts(), List.of(given), List.of(pond)),
                                nodes,
                                options(NetworkRules.DEFAULT))
                        .gateways());
    }

    @Test
    void aPlanWithoutGatewaysGetsTheFewestAndSaysWhere() {
        Site yard = SitePlanTest.yard();
        Site open = with(yard, List.of());
        SitePlan plan = SitePlan.of(open, PlanOptions.DEFAULT);
        assertEquals(1, plan.site().gateways().size());
        assertTrue(plan.remarks().contains("gateway G1 is chosen for mount 'NE'"), plan.remarks()::toString);
        assertEquals(List.of(), plan.topology().unreachable());
        NetworkRules usual = NetworkRules.DEFAULT;
        NetworkRules none = new NetworkRules(10, 6, 60, false, false);
        SitePlan kept = SitePlan.of(open, PlanOptions.DEFAULT.with(none));
        assertEquals(List.of(), kept.site().gateways());
        assertEquals(kept.nodes().size(), kept.topology().unreachable().size());
        NetworkRules strict = new NetworkRules(usual.mostChildren(), usual.mostHops(), usual.mostNodes(), true, true);
        List<Mount> powered = open.mounts().stream()
                .map(mount -> new Mount(mount.id(), mount.position(), mount.heightMillimetres(), true))
                .toList();
        SitePlan resilient = SitePlan.of(site(powered, List.of(), List.of()), PlanOptions.DEFAULT.with(strict));
        assertEquals(2, resilient.site().gateways().size());
        for (Mount gateway : resilient.site().gateways()) {
            assertEquals(List.of(), resilient.withoutGateway(gateway).unreachable());
        }
        assertTrue(!resilient.digest().equals(plan.digest()));
    }

    @Test
    void limitsBelowOneAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new NetworkRules(0, 1, 1, false, false));
        assertThrows(IllegalArgumentException.class, () -> new NetworkRules(1, 0, 1, false, false));
        assertThrows(IllegalArgumentException.class, () -> new NetworkRules(1, 1, 0, false, false));
    }
}
