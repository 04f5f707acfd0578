package dev.fieldproof.geo.plan;

import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.RadioModel;
import dev.fieldproof.geo.Site;
import dev.fieldproof.geo.coverage.Coverage;
import dev.fieldproof.geo.coverage.RadioReach;
import dev.fieldproof.geo.grid.CellSet;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What the failure of any one or any two sensors costs: exact counts of cells, in one pass over the coverage, and who
 * loses every radio path to a gateway. Immutable and thread-safe.
 */
public final class Resilience {
    private final int[] alone;
    private final int[][] together;
    private final BitSet[] neighbours;
    private final BitSet besideGateway;
    private final List<String> ids;

    private Resilience(int[] alone, int[][] together, BitSet[] neighbours, BitSet besideGateway, List<String> ids) {
        this.alone = alone;
        this.together = together;
        this.neighbours = neighbours;
        this.besideGateway = besideGateway;
        this.ids = ids;
    }

    /**
     * Examines a plan.
     *
     * @param plan with nodes first among its coverage's sensors
     * @return the losses
     */
    public static Resilience of(SitePlan plan) {
        Coverage coverage = plan.coverage();
        int sensors = coverage.sensors().size();
        int[] alone = new int[sensors];
        int[][] together = new int[sensors][sensors];
        count(coverage, alone, together);
        return of(plan.site(), plan.nodes(), plan.options().radio(), alone, together);
    }

    /** The radio alone: without any cells. */
    static Resilience of(Site site, List<Node> nodes, RadioModel radio) {
        return of(site, nodes, radio, new int[0], new int[0][]);
    }

    private static Resilience of(Site site, List<Node> planned, RadioModel radio, int[] alone, int[][] together) {
        List<Mount> gateways = site.gateways();
        RadioReach reach = new RadioReach(radio, site.obstacles());
        List<Mount> nodes = planned.stream().map(Node::mount).toList();
        int n = nodes.size();
        BitSet[] neighbours = new BitSet[n];
        BitSet besideGateway = new BitSet(n);
        for (int i = 0; i < n; i++) {
            neighbours[i] = new BitSet(n);
            for (int j = 0; j < i; j++) {
                if (isLinked(reach, nodes.get(i), nodes.get(j))) {
                    neighbours[i].set(j);
                    neighbours[j].set(i);
                }
            }
            for (Mount gateway : gateways) {
                if (isLinked(reach, nodes.get(i), gateway)) {
                    besideGateway.set(i);
                }
            }
        }
        List<String> ids = planned.stream().map(Node::id).toList();
        return new Resilience(alone, together, neighbours, besideGateway, ids);
    }

    private static boolean isLinked(RadioReach reach, Mount a, Mount b) {
        PlanePoint here = a.position();
        PlanePoint there = b.position();
        // Distance alone decides most pairs.
        return here.distanceMetres(there) <= reach.radio().reachMetres()
                && reach.marginDb(here, a.heightMillimetres(), there, b.heightMillimetres())
                        >= reach.radio().requiredMarginDb();
    }

    /** Cells seen by exactly one sensor count for it, those seen by exactly two for the pair. */
    private static void count(Coverage coverage, int[] alone, int[][] together) {
        CellSet one = coverage.seenByAtLeast(1).copy().removeAll(coverage.seenByAtLeast(2));
        CellSet two = coverage.seenByAtLeast(2).copy().removeAll(coverage.seenByAtLeast(3));
        long[] ones = one.words();
        long[] twos = two.words();
        int[] first = new int[twos.length * 64];
        for (int i = 0; i < alone.length; i++) {
            long[] seen = coverage.seenBy(i).words();
            for (int w = 0; w < seen.length; w++) {
                alone[i] += Long.bitCount(seen[w] & ones[w]);
                for (long bits = seen[w] & twos[w]; bits != 0; bits &= bits - 1) {
                    int at = w * 64 + Long.numberOfTrailingZeros(bits);
                    if (first[at] == 0) {
                        first[at] = i + 1;
                    } else {
                        together[first[at] - 1][i]++;
                    }
                }
            }
        }
    }

    /**
     * How many required cells nobody sees any more when one sensor fails.
     *
     * @param sensor index in the coverage
     * @return cells
     * @throws IndexOutOfBoundsException if there is no such sensor
     */
    public int cellsLost(int sensor) {
        return alone[sensor];
    }

    /**
     * How many required cells nobody sees any more when two sensors fail.
     *
     * @param sensor index in the coverage
     * @param other another index
     * @return cells
     * @throws IndexOutOfBoundsException if there is no such sensor
     * @throws IllegalArgumentException if both are the same
     */
    public int cellsLost(int sensor, int other) {
        if (sensor == other) {
            throw new IllegalArgumentException("sensor " + sensor + " twice");
        }
        return alone[sensor] + alone[other] + together[Math.min(sensor, other)][Math.max(sensor, other)];
    }

    /**
     * Which nodes have no path of radio links to a gateway when some fail.
     *
     * @param failed indices of nodes
     * @return ids of the others that are cut off, in order
     * @throws IndexOutOfBoundsException if there is no such node
     */
    public List<String> cutOff(int... failed) {
        BitSet gone = new BitSet();
        for (int node : failed) {
            gone.set(java.util.Objects.checkIndex(node, ids.size()));
        }
        BitSet reached = (BitSet) besideGateway.clone();
        reached.andNot(gone);
        BitSet open = (BitSet) reached.clone();
        while (!open.isEmpty()) {
            int node = open.nextSetBit(0);
            open.clear(node);
            BitSet next = (BitSet) neighbours[node].clone();
            next.andNot(reached);
            next.andNot(gone);
            reached.or(next);
            open.or(next);
        }
        List<String> lost = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            if (!reached.get(i) && !gone.get(i)) {
                lost.add(ids.get(i));
            }
        }
        return lost;
    }

    /**
     * The two nodes whose failure costs most cells.
     *
     * @return their indices, the first such pair; empty if there are fewer than two nodes
     */
    public List<Integer> worstPair() {
        int most = -1;
        List<Integer> worst = List.of();
        for (int i = 0; i < ids.size(); i++) {
            for (int j = i + 1; j < ids.size(); j++) {
                int lost = cellsLost(i, j);
                if (lost > most) {
                    most = lost;
                    worst = List.of(i, j);
                }
            }
        }
        return worst;
    }
}
