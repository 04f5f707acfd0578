package dev.fieldproof.geo.coverage;

import dev.fieldproof.geo.Obstacle;
import dev.fieldproof.geo.Site;
import dev.fieldproof.geo.Zone;
import dev.fieldproof.geo.grid.CellSet;
import dev.fieldproof.geo.grid.ZoneGrid;
import java.util.ArrayList;
import java.util.List;

/**
 * How many sensors must see each cell: one within the boundary, more where a zone says so, one more still where it is
 * critical, none in keep-out zones and under obstacles.
 *
 * @param grid the cells
 * @param atLeast element k - 1 holds the cells that need k sensors or more; at least one element
 */
public record Demand(ZoneGrid grid, List<CellSet> atLeast) {
    /** Copies the list; its sets must not be changed afterwards. */
    public Demand {
        atLeast = List.copyOf(atLeast);
    }

    /**
     * Reads the demand off a site.
     *
     * @param site with boundary, zones and obstacles
     * @param grid the cells
     * @return the demand
     */
    public static Demand of(Site site, ZoneGrid grid) {
        int most = site.zones().stream().mapToInt(Demand::sensors).max().orElse(1);
        List<CellSet> levels = new ArrayList<>();
        levels.add(grid.inside(site.boundary()));
        for (int k = 2; k <= most; k++) {
            CellSet level = new CellSet(grid);
            for (Zone zone : site.zones()) {
                if (sensors(zone) >= k) {
                    level.addAll(grid.inside(zone.area()));
                }
            }
            levels.add(level.retainAll(levels.get(0)));
        }
        for (Zone zone : site.zones()) {
            if (zone.kind() == Zone.Kind.KEEP_OUT) {
                CellSet out = grid.inside(zone.area());
                levels.forEach(level -> level.removeAll(out));
            }
        }
        for (Obstacle obstacle : site.obstacles()) {
            CellSet under = grid.inside(obstacle.footprint());
            levels.forEach(level -> level.removeAll(under));
        }
        return new Demand(grid, levels);
    }

    /** A critical zone needs one sensor more, for then any one may fail. */
    private static int sensors(Zone zone) {
        return zone.requiredSensors() + (zone.kind() == Zone.Kind.CRITICAL ? 1 : 0);
    }

    /**
     * What is left to be seen where sensors stand already.
     *
     * @param seen the cells of each of them, of the same grid
     * @return a new demand
     */
    public Demand lessSeenBy(List<CellSet> seen) {
        List<CellSet> levels = new ArrayList<>();
        atLeast.forEach(level -> levels.add(level.copy()));
        for (CellSet sees : seen) {
            for (int k = 0; k < levels.size(); k++) {
                levels.get(k).removeAll(sees);
                if (k + 1 < levels.size()) {
                    levels.get(k).addAll(levels.get(k + 1).copy().retainAll(sees));
                }
            }
        }
        return new Demand(grid, levels);
    }

    /**
     * The cells that must be seen at all.
     *
     * @return not to be changed
     */
    public CellSet required() {
        return atLeast.get(0);
    }
}
