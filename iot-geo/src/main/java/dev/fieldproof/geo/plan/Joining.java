package dev.fieldproof.geo.plan;

import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.RadioModel;
import dev.fieldproof.geo.Site;
import dev.fieldproof.geo.coverage.LineOfSight;
import dev.fieldproof.geo.coverage.RadioReach;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Joins nodes to gateways. Stations are numbered: nodes from 0 in their order, then gateways. Used once. */
final class Joining {
    private static final int NOBODY = -1;
    private static final int FAR = Integer.MAX_VALUE;

    private final Site site;
    private final List<String> ids = new ArrayList<>();
    private final List<Mount> mounts = new ArrayList<>();
    private final int nodes;
    private final RadioReach reach;
    private final double required;
    private final int mostChildren;

    /** What a link from each node to each station has in hand; negative infinity beyond reach. */
    private final double[][] margins;

    private final int[] parent;
    private final int[] children;
    private final List<Integer> order = new ArrayList<>();

    Joining(Site site, List<Node> given, RadioModel radio, int mostChildren) {
        this.site = site;
        this.mostChildren = mostChildren;
        for (Node node : given) {
            ids.add(node.id());
            mounts.add(node.mount());
        }
        nodes = given.size();
        for (Mount gateway : site.gateways()) {
            ids.add(gateway.id());
            mounts.add(gateway);
        }
        reach = new RadioReach(radio, site.obstacles());
        required = radio.requiredMarginDb();
        margins = new double[nodes][ids.size()];
        for (int v = 0; v < nodes; v++) {
            for (int s = 0; s < ids.size(); s++) {
                boolean near =
                        mounts.get(v).position().distanceMetres(mounts.get(s).position()) <= radio.reachMetres();
                margins[v][s] = s != v && near ? margin(v, s) : Double.NEGATIVE_INFINITY;
            }
        }
        parent = new int[nodes];
        Arrays.fill(parent, NOBODY);
        children = new int[ids.size()];
    }

    private double margin(int v, int s) {
        Mount from = mounts.get(v);
        Mount to = mounts.get(s);
        return reach.marginDb(from.position(), from.heightMillimetres(), to.position(), to.heightMillimetres());
    }

    private boolean hears(int s, int v) {
        return margins[v][s] >= required;
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

    Topology topology() {
        grow();
        for (boolean moved = true; moved; grow()) {
            moved = false;
            for (int v = 0; v < nodes && !moved; v++) {
                moved = parent[v] == NOBODY && makeRoom(v);
            }
        }
        order.sort(Comparator.comparingInt(this::hops));
        List<String> unreachable = new ArrayList<>();
        for (int v = 0; v < nodes; v++) {
            if (parent[v] == NOBODY) {
                unreachable.add(ids.get(v));
            }
        }
        return new Topology(order.stream().map(this::link).toList(), unreachable, spares(), partitions());
    }

    private void attach(int v, int s) {
        parent[v] = s;
        children[s]++;
    }

    /** Joins all that find a free place, the fewest hops first. */
    private void grow() {
        while (true) {
            int[] hops = new int[ids.size()];
            for (int s = 0; s < hops.length; s++) {
                hops[s] = isJoined(s) && children[s] < mostChildren ? hops(s) : FAR;
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
        return hops[s] < hops[at] || (hops[s] == hops[at] && margins[v][s] > margins[than][at]);
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
        boolean[] asked = new boolean[ids.size()];
        for (int s = 0; s < asked.length; s++) {
            if (isJoined(s) && hears(s, v) && hasRoom(s, asked)) {
                attach(v, s);
                order.add(v);
                return true;
            }
        }
        return false;
    }

    /** Whether a station has a free place or can be given one; each is asked once, so the depth is their number. */
    private boolean hasRoom(int s, boolean[] asked) {
        if (children[s] < mostChildren) {
            return true;
        }
        if (asked[s]) {
            return false;
        }
        asked[s] = true;
        for (int child = 0; child < nodes; child++) {
            for (int other = 0; parent[child] == s && other < asked.length; other++) {
                boolean may = other != s && isJoined(other) && hears(other, child) && !isBelow(other, child);
                // What moves on the way may come to depend on the child.
                if (may && hasRoom(other, asked) && !isBelow(other, child)) {
                    children[s]--;
                    attach(child, other);
                    return true;
                }
            }
        }
        return false;
    }

    private Link link(int v) {
        Mount from = mounts.get(v);
        Mount to = mounts.get(parent[v]);
        double ground = from.position().distanceMetres(to.position());
        double rise = (from.heightMillimetres() - to.heightMillimetres()) / 1000.0;
        return new Link(
                ids.get(v),
                ids.get(parent[v]),
                hops(v),
                Math.sqrt(ground * ground + rise * rise),
                margins[v][parent[v]],
                new LineOfSight(site.obstacles())
                        .between(from.position(), from.heightMillimetres(), to.position(), to.heightMillimetres()));
    }

    private List<Topology.Spare> spares() {
        List<Topology.Spare> spares = new ArrayList<>();
        for (int v : order) {
            int[] hops = new int[ids.size()];
            for (int s = 0; s < hops.length; s++) {
                boolean free = s != parent[v] && isJoined(s) && children[s] < mostChildren && !isBelow(s, v);
                hops[s] = free ? hops(s) : FAR;
            }
            int via = best(v, hops);
            if (via != NOBODY) {
                spares.add(new Topology.Spare(ids.get(v), ids.get(via), hops[via] + 1, margins[v][via]));
            }
        }
        return spares;
    }

    private List<Topology.Partition> partitions() {
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
                partitions.add(partition(name(partitions.size()), members));
            }
        }
        return partitions;
    }

    /** A to Z, then AA and so on. */
    private static String name(int index) {
        String last = String.valueOf((char) ('A' + index % 26));
        return index < 26 ? last : name(index / 26 - 1) + last;
    }

    private Topology.Partition partition(String name, List<Integer> members) {
        String nearest = "";
        double most = Double.NEGATIVE_INFINITY;
        for (int v : members) {
            for (int s = 0; s < ids.size(); s++) {
                double margin = isJoined(s) ? margin(v, s) : Double.NEGATIVE_INFINITY;
                nearest = margin > most ? ids.get(s) : nearest;
                most = Math.max(most, margin);
            }
        }
        double missing = nearest.isEmpty() ? Double.POSITIVE_INFINITY : Math.max(0, required - most);
        return new Topology.Partition(name, members.stream().map(ids::get).toList(), nearest, missing);
    }
}
