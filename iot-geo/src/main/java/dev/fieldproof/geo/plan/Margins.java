package dev.fieldproof.geo.plan;

import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.coverage.RadioReach;
import java.util.ArrayList;
import java.util.List;

/**
 * What a link from each node to each node and station has in hand. Nodes are numbered from 0 in their order, then come
 * the stations. Worked out once, for many questions.
 */
final class Margins {
    private final RadioReach reach;
    private final List<Mount> mounts;
    private final int nodes;

    /** Negative infinity beyond reach. */
    private final double[][] near;

    Margins(RadioReach reach, List<Mount> nodes, List<Mount> stations) {
        this.reach = reach;
        this.nodes = nodes.size();
        mounts = new ArrayList<>(nodes);
        mounts.addAll(stations);
        double most = reach.radio().reachMetres();
        near = new double[this.nodes][mounts.size()];
        for (int v = 0; v < this.nodes; v++) {
            for (int s = 0; s < mounts.size(); s++) {
                if (s < v) {
                    near[v][s] = near[s][v];
                    continue;
                }
                boolean heard = s != v
                        && mounts.get(v).position().distanceMetres(mounts.get(s).position()) <= most;
                near[v][s] = heard ? exact(v, s) : Double.NEGATIVE_INFINITY;
            }
        }
    }

    int nodes() {
        return nodes;
    }

    int stations() {
        return mounts.size() - nodes;
    }

    Mount mount(int s) {
        return mounts.get(s);
    }

    double required() {
        return reach.radio().requiredMarginDb();
    }

    /** Decibels; negative infinity beyond the reach over open ground. */
    double at(int v, int s) {
        return near[v][s];
    }

    boolean hears(int s, int v) {
        return near[v][s] >= required();
    }

    /** Decibels at any distance. */
    double exact(int v, int s) {
        Mount from = mounts.get(v);
        Mount to = mounts.get(s);
        return reach.marginDb(from.position(), from.heightMillimetres(), to.position(), to.heightMillimetres());
    }
}
