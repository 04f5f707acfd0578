package dev.fieldproof.geo.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.RadioModel;
import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.Site;
import dev.fieldproof.geo.coverage.RadioReach;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class TopologyTest {
    private static final RadioModel RADIO = PlanOptions.DEFAULT.radio();

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

    private static List<Node> scattered(RandomGenerator random, int count, int side) {
        List<Node> nodes = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            nodes.add(node(i, random.nextInt(side), random.nextInt(side)));
        }
        return nodes;
    }

    private static boolean hears(RadioReach reach, Mount a, Mount b) {
        return reach.marginDb(a.position(), a.heightMillimetres(), b.position(), b.heightMillimetres())
                >= RADIO.requiredMarginDb();
    }

    /** The fewest hops of each node without any limit of places, by the definition; -1 if there is no way. */
    private static int[] hops(Site site, List<Node> nodes) {
        RadioReach reach = new RadioReach(RADIO, site.obstacles());
        int[] hops = new int[nodes.size()];
        Arrays.fill(hops, -1);
        for (int round = 1; round <= nodes.size(); round++) {
            for (int i = 0; i < hops.length; i++) {
                Mount mount = nodes.get(i).mount();
                int before = round - 1;
                boolean heard = round == 1
                        ? site.gateways().stream().anyMatch(gateway -> hears(reach, mount, gateway))
                        : java.util.stream.IntStream.range(0, hops.length)
                                .anyMatch(j -> hops[j] == before
                                        && hears(reach, mount, nodes.get(j).mount()));
                hops[i] = hops[i] < 0 && heard ? round : hops[i];
            }
        }
        return hops;
    }

    @Test
    void withPlacesEnoughEveryNodeHasItsFewestHops() {
        Site yard = SitePlanTest.yard();
        SeededRuns.check(40, random -> {
            List<Node> nodes = scattered(random, random.nextInt(1, 25), random.nextInt(50_000, 600_000));
            Topology topology = Topology.spanning(yard, nodes, RADIO, 100);
            int[] fewest = hops(yard, nodes);
            Map<String, Integer> found = new HashMap<>();
            topology.links().forEach(link -> found.put(link.from(), link.hops()));
            for (int i = 0; i < fewest.length; i++) {
                assertEquals(fewest[i], (int) found.getOrDefault("N" + (i + 1), -1));
            }
        });
    }

    @Test
    void noStationServesMoreThanItsPlacesAndNobodyIsLeftOutBesideAFreeOne() {
        Site yard = SitePlanTest.yard();
        RadioReach reach = new RadioReach(RADIO, yard.obstacles());
        int[] outcomes = new int[3];
        SeededRuns.check(60, random -> {
            int most = random.nextInt(1, 5);
            List<Node> nodes = scattered(random, random.nextInt(1, 25), random.nextInt(50_000, 600_000));
            Topology topology = Topology.spanning(yard, nodes, RADIO, most);
            Map<String, Mount> mounts = new HashMap<>();
            nodes.forEach(each -> mounts.put(each.id(), each.mount()));
            yard.gateways().forEach(each -> mounts.put(each.id(), each));
            Map<String, Integer> children = new HashMap<>();
            Map<String, Integer> hops = new HashMap<>(Map.of("Gateway", 0));
            for (Link link : topology.links()) {
                // The station was joined before, so there are no circles.
                assertEquals(hops.get(link.to()) + 1, link.hops());
                hops.put(link.from(), link.hops());
                assertTrue(hears(reach, mounts.get(link.from()), mounts.get(link.to())));
                assertTrue(children.merge(link.to(), 1, Integer::sum) <= most);
            }
            assertEquals(
                    nodes.size(),
                    topology.links().size() + topology.unreachable().size());
            for (String left : topology.unreachable()) {
                for (String station : hops.keySet()) {
                    assertTrue(children.getOrDefault(station, 0) == most
                            || !hears(reach, mounts.get(left), mounts.get(station)));
                }
            }
            check(topology, reach, mounts, children, most);
            outcomes[0] += topology.links().size();
            outcomes[1] += topology.unreachable().size();
            outcomes[2] += topology.spares().size();
        });
        assertTrue(Arrays.stream(outcomes).allMatch(count -> count > 20), Arrays.toString(outcomes));
    }

    /** Spares, partitions and counts against the links. */
    private static void check(
            Topology topology, RadioReach reach, Map<String, Mount> mounts, Map<String, Integer> children, int most) {
        Map<String, String> up = new HashMap<>();
        topology.links().forEach(link -> up.put(link.from(), link.to()));
        for (Topology.Spare spare : topology.spares()) {
            assertTrue(hears(reach, mounts.get(spare.node()), mounts.get(spare.via())));
            assertTrue(children.getOrDefault(spare.via(), 0) < most);
            assertFalse(spare.via().equals(up.get(spare.node())));
            for (String at = spare.via(); at != null; at = up.get(at)) {
                assertFalse(at.equals(spare.node()), "it would depend on itself");
            }
        }
        Map<String, Integer> counted = new HashMap<>();
        for (String from : up.keySet()) {
            for (String at = from; up.containsKey(at); at = up.get(at)) {
                counted.merge(at, 1, Integer::sum);
            }
        }
        assertEquals(counted, topology.carried());
        List<String> members = new ArrayList<>();
        for (Topology.Partition partition : topology.partitions()) {
            members.addAll(partition.nodes());
            for (Topology.Partition other : topology.partitions()) {
                for (String a : partition.nodes()) {
                    for (String b : other.nodes()) {
                        assertFalse(!partition.equals(other) && hears(reach, mounts.get(a), mounts.get(b)));
                    }
                }
            }
        }
        assertEquals(
                topology.unreachable().stream().sorted().toList(),
                members.stream().sorted().toList());
    }

    /** The most nodes that any assignment joins, by trying them all. */
    private static int mostJoined(Site site, List<Node> nodes, int most) {
        RadioReach reach = new RadioReach(RADIO, site.obstacles());
        int n = nodes.size();
        int best = 0;
        long all = (long) Math.pow(n + 2, n);
        for (long code = 0; code < all; code++) {
            int[] parent = new int[n];
            long rest = code;
            int[] children = new int[n + 1];
            int joined = 0;
            boolean may = true;
            for (int i = 0; i < n; i++, rest /= n + 2) {
                parent[i] = (int) (rest % (n + 2));
                if (parent[i] <= n) {
                    Mount to = parent[i] == n
                            ? site.gateways().get(0)
                            : nodes.get(parent[i]).mount();
                    joined++;
                    may &= parent[i] != i
                            && ++children[parent[i]] <= most
                            && hears(reach, nodes.get(i).mount(), to);
                }
            }
            for (int i = 0; i < n && may; i++) {
                int at = i;
                for (int step = 0; at < n && step <= n; step++) {
                    at = parent[at];
                }
                may = at == n || (at == n + 1 && parent[i] == n + 1);
            }
            best = may ? Math.max(best, joined) : best;
        }
        return best;
    }

    @Test
    void makingRoomJoinsNearlyAlwaysAsManyAsAnyAssignment() {
        Site yard = SitePlanTest.yard();
        int[] outcomes = new int[3];
        SeededRuns.check(120, random -> {
            List<Node> nodes = scattered(random, 4, random.nextInt(100_000, 400_000));
            int most = random.nextInt(1, 3);
            int found = Topology.spanning(yard, nodes, RADIO, most).links().size();
            int best = mostJoined(yard, nodes, most);
            assertTrue(found <= best);
            outcomes[0] += found == best ? 1 : 0;
            outcomes[1] += found < best ? 1 : 0;
            outcomes[2] += best < 4 ? 1 : 0;
        });
        // With one place a station this is the question of a Hamiltonian path.
        assertTrue(outcomes[0] > 9 * outcomes[1] && outcomes[2] > 5, Arrays.toString(outcomes));
    }

    @Test
    void whoIsLeftOutIsNamedAsAGroupWithWhatItLacks() {
        Site yard = SitePlanTest.yard();
        List<Node> nodes = List.of(
                node(1, 50_000, 20_000), node(2, 50_000, 900_000), node(3, 60_000, 910_000), node(4, 2_000_000, 0));
        Topology topology = Topology.spanning(yard, nodes, RADIO);
        assertEquals(List.of("N2", "N3", "N4"), topology.unreachable());
        assertEquals(2, topology.partitions().size());
        Topology.Partition first = topology.partitions().get(0);
        assertEquals("A", first.name());
        assertEquals(List.of("N2", "N3"), first.nodes());
        assertEquals("N1", first.nearest());
        // Log-distance: 27 dB a decade.
        assertEquals(27 * Math.log10(880 / RADIO.reachMetres()), first.missingDb(), 10);
        assertEquals(List.of("N4"), topology.partitions().get(1).nodes());
    }

    @Test
    void whereOnlyAPlaceIsMissingNothingIsMissingOnTheLink() {
        List<Node> nodes = List.of(node(1, 50_000, 5_000));
        List<Node> crowd = new ArrayList<>(nodes);
        crowd.add(node(2, 51_000, 5_000));
        Topology one = Topology.spanning(SitePlanTest.yard(), crowd, RADIO, 1);
        assertEquals(List.of(1, 2), one.links().stream().map(Link::hops).toList(), "the second goes by the first");
        assertEquals(
                Map.of("N1", 2, "N2", 1).values().stream().sorted().toList(),
                one.carried().values().stream().sorted().toList());
        assertThrows(IllegalArgumentException.class, () -> Topology.spanning(SitePlanTest.yard(), nodes, RADIO, 0));
    }
}
