package dev.fieldproof.geo.grid;

import dev.fieldproof.geo.PlanePolygon;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns sets of cells into polygons with holes, and splits them into connected regions. Stateless and thread-safe.
 */
public final class Outlines {
    private Outlines() {}

    /**
     * Merges cells into polygons: edges that two cells share vanish, straight corners, too. Cells that touch at a
     * corner only belong to different polygons.
     *
     * @param set any cells
     * @return polygons with holes, in the order of their first cell
     */
    public static List<PlanePolygon> of(CellSet set) {
        List<int[]> shells = new ArrayList<>();
        List<int[]> holes = new ArrayList<>();
        for (int[] ring : rings(set)) {
            (twiceArea(ring) > 0 ? shells : holes).add(ring);
        }
        List<PlanePolygon> shellPolygons =
                shells.stream().map(PlanePolygon::ofRing).toList();
        List<List<int[]>> parts = new ArrayList<>();
        shells.forEach(shell -> parts.add(new ArrayList<>(List.of(shell))));
        for (int[] hole : holes) {
            int owner = -1;
            for (int i = 0; i < shells.size(); i++) {
                boolean around = holds(shellPolygons.get(i), hole);
                if (around
                        && (owner < 0
                                || shellPolygons.get(i).areaSquareMetres()
                                        < shellPolygons.get(owner).areaSquareMetres())) {
                    owner = i;
                }
            }
            if (owner >= 0) {
                parts.get(owner).add(hole);
            }
        }
        return parts.stream().map(PlanePolygon::of).toList();
    }

    private static boolean holds(PlanePolygon shell, int[] hole) {
        for (int i = 0; i < hole.length; i += 2) {
            if (!shell.contains(hole[i], hole[i + 1])) {
                return false;
            }
        }
        return true;
    }

    private static long twiceArea(int[] ring) {
        long sum = 0;
        for (int i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
            sum += (long) ring[j] * ring[i + 1] - (long) ring[j + 1] * ring[i];
        }
        return sum;
    }

    private static long key(int x, int y) {
        return ((long) x << 32) | (y & 0xffff_ffffL);
    }

    /** The border's rings, each with the set on its left. */
    private static List<int[]> rings(CellSet set) {
        Map<Long, List<Long>> next = new LinkedHashMap<>();
        set.forEach((column, row) -> {
            int[] corners = set.grid().outline(column, row);
            for (int i = 0, j = corners.length - 2; i < corners.length; j = i, i += 2) {
                if (!hasNeighbour(set, column, row, i / 2)) {
                    next.computeIfAbsent(key(corners[j], corners[j + 1]), k -> new ArrayList<>(2))
                            .add(key(corners[i], corners[i + 1]));
                }
            }
        });
        List<int[]> rings = new ArrayList<>();
        for (Map.Entry<Long, List<Long>> start : next.entrySet()) {
            while (!start.getValue().isEmpty()) {
                rings.add(follow(start.getKey(), next));
            }
        }
        return rings;
    }

    /** Whether the cell beyond the edge that ends at a corner of the outline is in the set. */
    private static boolean hasNeighbour(CellSet set, int column, int row, int corner) {
        if (set.grid().shape() == ZoneGrid.Shape.SQUARE) {
            return switch (corner) {
                case 0 -> set.contains(column - 1, row);
                case 1 -> set.contains(column, row - 1);
                case 2 -> set.contains(column + 1, row);
                default -> set.contains(column, row + 1);
            };
        }
        int left = (row & 1) == 0 ? column - 1 : column;
        return switch (corner) {
            case 0 -> set.contains(left, row - 1);
            case 1 -> set.contains(left + 1, row - 1);
            case 2 -> set.contains(column + 1, row);
            case 3 -> set.contains(left + 1, row + 1);
            case 4 -> set.contains(left, row + 1);
            default -> set.contains(column - 1, row);
        };
    }

    private static int[] follow(long start, Map<Long, List<Long>> next) {
        List<Long> corners = new ArrayList<>();
        long previous = start;
        long at = ways(next, start).remove(0);
        corners.add(start);
        while (at != start) {
            corners.add(at);
            List<Long> ways = ways(next, at);
            // Where two borders cross, the leftmost turn keeps cells that touch at a corner apart.
            int best = 0;
            for (int i = 1; i < ways.size(); i++) {
                if (turn(previous, at, ways.get(i)) > turn(previous, at, ways.get(best))) {
                    best = i;
                }
            }
            previous = at;
            at = ways.remove(best);
        }
        return withoutStraightCorners(corners);
    }

    private static List<Long> ways(Map<Long, List<Long>> next, long corner) {
        List<Long> ways = next.get(corner);
        if (ways == null || ways.isEmpty()) {
            throw new IllegalStateException("a border that does not close");
        }
        return ways;
    }

    private static long turn(long a, long b, long c) {
        long ux = (long) (int) (b >> 32) - (int) (a >> 32);
        long uy = (long) (int) b - (int) a;
        long vx = (long) (int) (c >> 32) - (int) (b >> 32);
        long vy = (long) (int) c - (int) b;
        return ux * vy - uy * vx;
    }

    private static int[] withoutStraightCorners(List<Long> corners) {
        int n = corners.size();
        int[] ring = new int[2 * n];
        int length = 0;
        for (int i = 0; i < n; i++) {
            if (turn(corners.get((i + n - 1) % n), corners.get(i), corners.get((i + 1) % n)) != 0) {
                ring[length++] = (int) (corners.get(i) >> 32);
                ring[length++] = corners.get(i).intValue();
            }
        }
        return java.util.Arrays.copyOf(ring, length);
    }

    /**
     * Splits a set into regions of cells that share edges.
     *
     * @param set any cells
     * @return the regions, the largest first, then the southernmost
     */
    public static List<CellSet> regions(CellSet set) {
        CellSet rest = set.copy();
        List<CellSet> regions = new ArrayList<>();
        set.forEach((column, row) -> {
            if (rest.contains(column, row)) {
                regions.add(flood(rest, column, row));
            }
        });
        regions.sort(Comparator.comparingInt(CellSet::size).reversed());
        return regions;
    }

    private static CellSet flood(CellSet rest, int column, int row) {
        CellSet region = new CellSet(rest.grid());
        Deque<long[]> open = new ArrayDeque<>();
        rest.remove(column, row);
        open.push(new long[] {column, row});
        boolean hexagons = rest.grid().shape() == ZoneGrid.Shape.HEXAGON;
        while (!open.isEmpty()) {
            long[] cell = open.pop();
            int c = (int) cell[0];
            int r = (int) cell[1];
            region.add(c, r);
            step(rest, open, c - 1, r);
            step(rest, open, c + 1, r);
            step(rest, open, c, r - 1);
            step(rest, open, c, r + 1);
            if (hexagons) {
                int side = (r & 1) == 0 ? c - 1 : c + 1;
                step(rest, open, side, r - 1);
                step(rest, open, side, r + 1);
            }
        }
        return region;
    }

    private static void step(CellSet rest, Deque<long[]> open, int column, int row) {
        if (rest.contains(column, row)) {
            rest.remove(column, row);
            open.push(new long[] {column, row});
        }
    }
}
