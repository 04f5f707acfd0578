package dev.fieldproof.geo.plan;

import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.Site;
import dev.fieldproof.geo.Zone;
import dev.fieldproof.geo.coverage.RadioReach;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Chooses where further gateways go, so that as many nodes are joined as all mounts together could join, within hops
 * and places, and, where the rules ask for it, also after any one failure. All gateways cost the same, so the fewest
 * are the cheapest: sets of none, one, two and so on are searched completely, until one will do. Used once.
 */
final class GatewayPlacer {
    /** Work for one search: nodes times places, times sets tried. */
    private static final long MAX_WORK = 400_000_000L;

    private final Margins margins;
    private final NetworkRules rules;
    private final int given;
    private final int nodes;

    /** For each station the nodes within the greatest number of hops, whatever the places. */
    private final BitSet[] within;

    private final Set<BitSet> tried = new HashSet<>();
    private final BitSet could;
    private final Shortage least;

    /** How many gateways each node needs within its hops, for certain. */
    private final int needed;

    private long work;

    /**
     * A choice.
     *
     * @param gateways the site's own, then those chosen
     * @param provenFewest whether no fewer would do
     */
    record Choice(List<Mount> gateways, boolean provenFewest) {}

    private GatewayPlacer(Margins margins, NetworkRules rules, int given) {
        this.margins = margins;
        this.rules = rules;
        this.given = given;
        nodes = margins.nodes();
        within = new BitSet[margins.stations()];
        Arrays.setAll(within, station -> within(new int[] {station}, -1));
        int[] all = java.util.stream.IntStream.range(0, margins.stations()).toArray();
        could = within(all, -1);
        least = shortage(all);
        int never = nodes - could.cardinality();
        boolean twice = rules.resilient() && least.withoutGateway == never;
        // Where places are too few for all, a set may leave anyone out.
        needed = least.now > never ? 0 : twice ? 2 : 1;
    }

    /** The site's gateways and, chosen from its mounts with mains, or from all if there are none, those it lacks. */
    static Choice choose(Site site, List<Node> planned, PlanOptions options) {
        List<Mount> stations = new ArrayList<>(site.gateways());
        List<Mount> free = site.mounts().stream()
                .filter(mount -> site.zones().stream()
                        .noneMatch(zone -> zone.kind() == Zone.Kind.KEEP_OUT
                                && zone.area()
                                        .contains(
                                                mount.position().xMillimetres(),
                                                mount.position().yMillimetres())))
                .toList();
        List<Mount> powered = free.stream().filter(Mount::powered).toList();
        stations.addAll(powered.isEmpty() && site.gateways().isEmpty() ? free : powered);
        Margins margins = new Margins(
                new RadioReach(options.radio(), site.obstacles()),
                planned.stream().map(Node::mount).toList(),
                stations);
        GatewayPlacer placer =
                new GatewayPlacer(margins, options.network(), site.gateways().size());
        Set<String> taken = new HashSet<>();
        site.gateways().forEach(gateway -> taken.add(gateway.id()));
        planned.forEach(node -> taken.add(node.id()));
        return placer.search(stations, taken);
    }

    private Choice search(List<Mount> stations, Set<String> taken) {
        int[] found = null;
        int most = within.length - given;
        for (int count = 0; count <= most && found == null && work < MAX_WORK; count++) {
            tried.clear();
            found = extend(first(given), count);
        }
        boolean proven = found != null && work < MAX_WORK;
        int[] chosen = found == null ? greedy() : found;
        List<Mount> gateways = new ArrayList<>(stations.subList(0, given));
        int number = 0;
        for (int i = given; i < chosen.length; i++) {
            Mount mount = stations.get(chosen[i]);
            do {
                number++;
            } while (!taken.add("G" + number));
            gateways.add(new Mount("G" + number, mount.position(), mount.heightMillimetres(), true));
        }
        return new Choice(gateways, proven);
    }

    private static int[] first(int count) {
        return java.util.stream.IntStream.range(0, count).toArray();
    }

    private static int[] with(int[] chosen, int station) {
        int[] more = Arrays.copyOf(chosen, chosen.length + 1);
        more[chosen.length] = station;
        return more;
    }

    /** A set that will do with so many more stations, or null. The depth is their number. */
    private int @org.jspecify.annotations.Nullable [] extend(int[] chosen, int more) {
        BitSet set = new BitSet();
        Arrays.stream(chosen).forEach(set::set);
        if (work >= MAX_WORK || !tried.add(set)) {
            return null;
        }
        int lacking = lacking(chosen);
        if (lacking < 0 && shortage(chosen).isWithin(least)) {
            return chosen;
        }
        for (int station = given; more > 0 && station < within.length; station++) {
            // Whoever lacks a gateway must get one of those within its reach.
            if (!set.get(station) && (lacking < 0 || within[station].get(lacking))) {
                int[] found = extend(with(chosen, station), more - 1);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /** The first node that has not as many gateways within its hops as it needs, or -1. */
    private int lacking(int[] chosen) {
        for (int v = could.nextSetBit(0); v >= 0; v = could.nextSetBit(v + 1)) {
            int node = v;
            long has = Arrays.stream(chosen).filter(s -> within[s].get(node)).count();
            long could = Arrays.stream(within).filter(each -> each.get(node)).count();
            if (has < Math.min(needed, could)) {
                return v;
            }
        }
        return -1;
    }

    /**
     * How many nodes are left out: now, after the worst failure of a gateway, and after those of all nodes together.
     */
    private record Shortage(int now, int withoutGateway, int withoutNodes) {
        boolean isWithin(Shortage limit) {
            return now <= limit.now && withoutGateway <= limit.withoutGateway && withoutNodes <= limit.withoutNodes;
        }

        int sum() {
            return now + withoutGateway + withoutNodes;
        }
    }

    private int left(int[] chosen) {
        work += (long) nodes * nodes * (nodes + chosen.length) / 8 + 1;
        return new Joining(margins, chosen, rules).join().cardinality();
    }

    private Shortage shortage(int[] chosen) {
        int now = left(chosen);
        int withoutGateway = 0;
        int withoutNodes = 0;
        for (int i = 0; rules.resilient() && i < chosen.length; i++) {
            int[] others = chosen.clone();
            others[i] = chosen[chosen.length - 1];
            withoutGateway = Math.max(withoutGateway, left(Arrays.copyOf(others, chosen.length - 1)));
        }
        for (int failed = 0; rules.resilient() && failed < nodes; failed++) {
            work += (long) nodes * nodes;
            // Any node may fail: it is not missed itself.
            BitSet missed = (BitSet) could.clone();
            missed.andNot(within(chosen, failed));
            missed.clear(failed);
            withoutNodes += missed.cardinality();
        }
        return new Shortage(now, withoutGateway, withoutNodes);
    }

    /** The nodes within the greatest number of hops of any of these stations, if one node (or -1: none) has failed. */
    private BitSet within(int[] stations, int failed) {
        int[] hops = new int[nodes];
        BitSet reached = new BitSet(nodes);
        Deque<Integer> open = new ArrayDeque<>();
        for (int v = 0; v < nodes; v++) {
            int node = v;
            if (v != failed && Arrays.stream(stations).anyMatch(s -> margins.hears(nodes + s, node))) {
                hops[v] = 1;
                reached.set(v);
                open.add(v);
            }
        }
        while (!open.isEmpty()) {
            int from = open.remove();
            for (int v = 0; v < nodes && hops[from] < rules.mostHops(); v++) {
                if (v != failed && !reached.get(v) && margins.hears(from, v)) {
                    hops[v] = hops[from] + 1;
                    reached.set(v);
                    open.add(v);
                }
            }
        }
        return reached;
    }

    /** Adds the station that helps most until none helps; no proof. */
    private int[] greedy() {
        int[] chosen = first(given);
        Shortage shortage = shortage(chosen);
        while (!shortage.isWithin(least)) {
            int best = -1;
            Shortage fewest = shortage;
            for (int station = given; station < within.length; station++) {
                int each = station;
                Shortage now =
                        Arrays.stream(chosen).anyMatch(s -> s == each) ? shortage : shortage(with(chosen, station));
                if (now.sum() < fewest.sum()) {
                    fewest = now;
                    best = station;
                }
            }
            if (best < 0) {
                break;
            }
            chosen = with(chosen, best);
            shortage = fewest;
        }
        return chosen;
    }
}
