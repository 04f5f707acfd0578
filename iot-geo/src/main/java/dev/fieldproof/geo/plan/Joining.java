package dev.fieldproof.geo.plan;

import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.coverage.LineOfSight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * Joins nodes to gateways. Places are numbered: nodes from 0 in their order, then the gateways that are in use. Used
 * once.
 */
final class Joining {
    private static final int NOBODY = -1;
    private static final int FAR = Integer.MAX_VALUE;

    private final Margins margins;
    private final int nodes;

    /** The number in {@link #margins} of each place. */
    private final int[] numbers;

    private final NetworkRules rules;
    private final int[] parent;
    private final int[] children;
    private final List<Integer> order = new ArrayList<>();

    /** Joins over the given stations, numbered in the margins from 0. */
    Joining(Margins margins, int[] stations, NetworkRules rules) {
        this.margins = margins;
        this.rules = rules;
        nodes = margins.nodes();
        numbers = new int[nodes + stations.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i < nodes ? i : nodes + stations[i - nodes];
        }
        parent = new int[nodes];
        Arrays.fill(parent, NOBODY);
        children = new int[numbers.length];
    }

    private boolean hears(int s, int v) {
        return margins.hears(numbers[s], v);
    }

    private double margin(int v, int s) {
        return margins.at(v, numbers[s]);
    }

    private boolean isJoined(int s) {
        return s >= nodes || parent[s] != NOBODY;
    }

    /** Links from a station to its gateway. */
    private int hops(int station) {
        int hops = 0;
        for (int s = station; s < nodes; s = parent[s]) {
            hops++;
        }
        return hops;
    }

    /** Whether a station is a node or depends on it. */
    private boolean isBelow(int station, int node) {
        int s = station;
        while (s < nodes && s != node && parent[s] != NOBODY) {
            s = parent[s];
        }
        return s == node;
    }

    /** The gateway of a joined station. */
    private int root(int station) {
        int s = station;
        while (s < nodes) {
            s = parent[s];
        }
        return s;
    }

    /** How many nodes a station carries, itself included if it is one. */
    private int size(int station) {
        int count = 0;
        for (int v = 0; v < nodes; v++) {
            count += isBelow(v, station) ? 1 : 0;
        }
        return count;
    }

    /** The most links from a node that depends on this one up to it. */
    private int height(int node) {
        int most = 0;
        for (int v = 0; v < nodes; v++) {
            if (isBelow(v, node)) {
                most = Math.max(most, hops(v) - hops(node));
            }
        }
        return most;
    }

    /** Whether a node that is not joined keeps hops and the gateway's number of nodes at a station. */
    private boolean fits(int s) {
        return hops(s) < rules.mostHops() && size(root(s)) < rules.mostNodes();
    }

    /** The same for a joined node with all that depend on it. */
    private boolean fitsWithAll(int s, int v) {
        return hops(s) + 1 + height(v) <= rules.mostHops()
                && (root(s) == root(v) || size(root(s)) + size(v) <= rules.mostNodes());
    }

    /** Joins as many as it can and names those left out. */
    BitSet join() {
        grow();
        for (boolean moved = true; moved; grow()) {
            moved = false;
            for (int v = 0; v < nodes && !moved; v++) {
                moved = parent[v] == NOBODY && (makeRoom(v) || relieve(v));
            }
        }
        BitSet left = new BitSet();
        for (int v = 0; v < nodes; v++) {
            left.set(v, parent[v] == NOBODY);
        }
        return left;
    }

    Topology topology(List<String> names, LineOfSight sight) {
        List<String> unreachable = new ArrayList<>();
        join().stream().forEach(v -> unreachable.add(names.get(v)));
        order.sort(Comparator.comparingInt(this::hops));
        return new Topology(
                order.stream().map(v -> link(v, names, sight)).toList(), unreachable, spares(names), partitions(names));
    }

    private void attach(int v, int s) {
        parent[v] = s;
        children[s]++;
    }

    /** Joins all that find a free place, the fewest hops first. */
    private void grow() {
        while (true) {
            int[] hops = new int[numbers.length];
            int[] carried = new int[numbers.length];
            for (int v : order) {
                carried[root(v)]++;
            }
            for (int s = 0; s < hops.length; s++) {
                boolean free = isJoined(s)
                        && children[s] < rules.mostChildren()
                        && hops(s) < rules.mostHops()
                        && carried[root(s)] < rules.mostNodes();
                hops[s] = free ? hops(s) : FAR;
            }
            int next = NOBODY;
            int to = NOBODY;
            for (int v = 0; v < nodes; v++) {
                int station = parent[v] == NOBODY ? best(v, hops) : NOBODY;
                if (station != NOBODY && (next == NOBODY || isBetter(v, station, next, to, hops))) {
                    next = v;
                    to = station;
                }
            }
            if (next == NOBODY) {
                return;
            }
            attach(next, to);
            order.add(next);
        }
    }

    private boolean isBetter(int v, int s, int than, int at, int[] hops) {
        return hops[s] < hops[at] || (hops[s] == hops[at] && margin(v, s) > margin(than, at));
    }

    /** The station of the fewest hops, then the best margin; those {@link #FAR} away do not count. */
    private int best(int v, int[] hops) {
        int best = NOBODY;
        for (int s = 0; s < hops.length; s++) {
            if (hops[s] != FAR && hears(s, v) && (best == NOBODY || isBetter(v, s, v, best, hops))) {
                best = s;
            }
        }
        return best;
    }

    /** Finds a place for a node by moving others on, one for one. */
    private boolean makeRoom(int v) {
        boolean[] asked = new boolean[numbers.length];
        for (int s = 0; s < asked.length; s++) {
            // Moving others may have used up what was left.
            if (isJoined(s) && hears(s, v) && fits(s) && hasRoom(s, asked) && fits(s)) {
                attach(v, s);
                order.add(v);
                return true;
            }
        }
        return false;
    }

    /** Whether a station has a free place or can be given one; each is asked once, so the depth is their number. */
    private boolean hasRoom(int s, boolean[] asked) {
        if (children[s] < rules.mostChildren()) {
            return true;
        }
        if (asked[s]) {
            return false;
        }
        asked[s] = true;
        for (int child = 0; child < nodes; child++) {
            for (int other = 0; parent[child] == s && other < asked.length; other++) {
                boolean may = other != s && mayMove(child, other);
                // What moves on the way may come to depend on the child, or take what was left.
                if (may && hasRoom(other, asked) && mayMove(child, other)) {
                    children[s]--;
                    attach(child, other);
                    return true;
                }
            }
        }
        return false;
    }

    private boolean mayMove(int v, int s) {
        return isJoined(s) && hears(s, v) && !isBelow(s, v) && fitsWithAll(s, v);
    }

    /** Where a gateway serves all the nodes it may: one of them with its followers moves to another gateway. */
    private boolean relieve(int v) {
        for (int s = 0; s < numbers.length; s++) {
            boolean full = isJoined(s)
                    && hears(s, v)
                    && children[s] < rules.mostChildren()
                    && hops(s) < rules.mostHops()
                    && size(root(s)) >= rules.mostNodes();
            for (int u = 0; full && u < nodes; u++) {
                if (parent[u] != NOBODY && root(u) == root(s) && !isBelow(s, u) && moveAway(u)) {
                    attach(v, s);
                    order.add(v);
                    return true;
                }
            }
        }
        return false;
    }

    private boolean moveAway(int u) {
        for (int other = 0; other < numbers.length; other++) {
            if (isJoined(other)
                    && root(other) != root(u)
                    && children[other] < rules.mostChildren()
                    && mayMove(u, other)) {
                children[parent[u]]--;
                attach(u, other);
                return true;
            }
        }
        return false;
    }

    private Link link(int v, List<String> names, LineOfSight sight) {
        Mount from = margins.mount(v);
        Mount to = margins.mount(numbers[parent[v]]);
        double ground = from.position().distanceMetres(to.position());
        double rise = (from.heightMillimetres() - to.heightMillimetres()) / 1000.0;
        return new Link(
                names.get(v),
                names.get(parent[v]),
                hops(v),
                Math.sqrt(ground * ground + rise * rise),
                margin(v, parent[v]),
                sight.between(from.position(), from.heightMillimetres(), to.position(), to.heightMillimetres()));
    }

    private List<Topology.Spare> spares(List<String> names) {
        List<Topology.Spare> spares = new ArrayList<>();
        for (int v : order) {
            int[] hops = new int[numbers.length];
            for (int s = 0; s < hops.length; s++) {
                boolean free = s != parent[v] && children[s] < rules.mostChildren() && mayMove(v, s);
                hops[s] = free ? hops(s) : FAR;
            }
            int via = best(v, hops);
            if (via != NOBODY) {
                spares.add(new Topology.Spare(names.get(v), names.get(via), hops[via] + 1, margin(v, via)));
            }
        }
        return spares;
    }

    private List<Topology.Partition> partitions(List<String> names) {
        List<Topology.Partition> partitions = new ArrayList<>();
        boolean[] named = new boolean[nodes];
        for (int v = 0; v < nodes; v++) {
            if (parent[v] == NOBODY && !named[v]) {
                List<Integer> members = new ArrayList<>(List.of(v));
                named[v] = true;
                for (int k = 0; k < members.size(); k++) {
                    for (int u = 0; u < nodes; u++) {
                        if (parent[u] == NOBODY && !named[u] && hears(members.get(k), u)) {
                            named[u] = true;
                            members.add(u);
                        }
                    }
                }
                members.sort(null);
                partitions.add(partition(name(partitions.size()), members, names));
            }
        }
        return partitions;
    }

    /** A to Z, then AA and so on. */
    private static String name(int index) {
        String last = String.valueOf((char) ('A' + index % 26));
        return index < 26 ? last : name(index / 26 - 1) + last;
    }

    private Topology.Partition partition(String name, List<Integer> members, List<String> names) {
        String nearest = "";
        double most = Double.NEGATIVE_INFINITY;
        for (int v : members) {
            for (int s = 0; s < numbers.length; s++) {
                double margin = isJoined(s) ? margins.exact(v, numbers[s]) : Double.NEGATIVE_INFINITY;
                nearest = margin > most ? names.get(s) : nearest;
                most = Math.max(most, margin);
            }
        }
        double missing = nearest.isEmpty() ? Double.POSITIVE_INFINITY : Math.max(0, margins.required() - most);
        return new Topology.Partition(name, members.stream().map(names::get).toList(), nearest, missing);
    }
}
