package dev.fieldproof.geo.coverage;

import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.grid.CellSet;
import dev.fieldproof.geo.grid.Outlines;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a set of sensors sees together, held against the demand. Immutable as long as nobody changes its sets. */
public final class Coverage {
    private static final int CAUSE_SAMPLES = 64;

    private final Demand demand;
    private final List<Sensor> sensors;
    private final List<CellSet> seen;
    private final List<CellSet> atLeast;
    private final List<BlindSpot> blindSpots;

    private Coverage(
            Demand demand,
            List<Sensor> sensors,
            List<CellSet> seen,
            List<CellSet> atLeast,
            List<BlindSpot> blindSpots) {
        this.demand = demand;
        this.sensors = sensors;
        this.seen = seen;
        this.atLeast = atLeast;
        this.blindSpots = blindSpots;
    }

    /**
     * Computes what sensors see.
     *
     * @param occlusion grid, obstacles and target height
     * @param demand what should be seen, of the same grid
     * @param sensors in their places
     * @return the coverage
     * @throws SensorInObstacleException if an eye is in or on an obstacle that is at least as high
     */
    public static Coverage of(Occlusion occlusion, Demand demand, List<Sensor> sensors) {
        return of(
                occlusion,
                demand,
                sensors,
                sensors.stream().map(occlusion::visible).toList());
    }

    /**
     * Computes what sensors see past obstacles and hills.
     *
     * @param occlusion grid, obstacles and target height
     * @param ground hides cells, too; of the same grid
     * @param demand what should be seen, of the same grid
     * @param sensors in their places
     * @return the coverage
     * @throws SensorInObstacleException if an eye is in or on an obstacle that is at least as high
     * @throws IllegalArgumentException if a sensor stands outside the grid
     */
    public static Coverage of(Occlusion occlusion, TerrainView ground, Demand demand, List<Sensor> sensors) {
        List<CellSet> seen = sensors.stream()
                .map(sensor -> occlusion.visible(sensor).retainAll(ground.visible(sensor)))
                .toList();
        return of(occlusion, demand, sensors, seen);
    }

    private static Coverage of(Occlusion occlusion, Demand demand, List<Sensor> sensors, List<CellSet> seen) {
        int levels = Math.max(3, demand.atLeast().size());
        List<CellSet> atLeast = new ArrayList<>();
        for (int k = 0; k < levels; k++) {
            atLeast.add(new CellSet(demand.grid()));
        }
        for (CellSet set : seen) {
            for (int k = levels - 1; k > 0; k--) {
                atLeast.get(k).addAll(atLeast.get(k - 1).copy().retainAll(set));
            }
            atLeast.get(0).addAll(set);
        }
        atLeast.forEach(level -> level.retainAll(demand.required()));
        List<BlindSpot> spots = new ArrayList<>();
        CellSet blind = demand.required().copy().removeAll(atLeast.get(0));
        for (CellSet region : Outlines.regions(blind)) {
            PlanePoint label = label(region);
            spots.add(new BlindSpot(
                    spots.size() + 1,
                    region,
                    region.size() * demand.grid().cellSquareMetres(),
                    label,
                    cause(region, occlusion, sensors)));
        }
        return new Coverage(demand, List.copyOf(sensors), seen, List.copyOf(atLeast), List.copyOf(spots));
    }

    /** The centre of the cell that lasts longest when the region is worn away from its edges. */
    private static PlanePoint label(CellSet region) {
        CellSet last = region;
        for (CellSet worn = worn(region); !worn.isEmpty(); worn = worn(last)) {
            last = worn;
        }
        List<PlanePoint> centres = new ArrayList<>();
        last.forEach((column, row) -> centres.add(region.grid().centre(column, row)));
        return centres.get(centres.size() / 2);
    }

    private static CellSet worn(CellSet set) {
        CellSet inner = new CellSet(set.grid());
        set.forEach((c, r) -> {
            if (set.contains(c - 1, r) && set.contains(c + 1, r) && set.contains(c, r - 1) && set.contains(c, r + 1)) {
                inner.add(c, r);
            }
        });
        return inner;
    }

    private static String cause(CellSet region, Occlusion occlusion, List<Sensor> sensors) {
        List<int[]> cells = new ArrayList<>();
        region.forEach((column, row) -> cells.add(new int[] {column, row}));
        Map<String, Integer> votes = new TreeMap<>();
        int step = Math.max(1, cells.size() / CAUSE_SAMPLES);
        for (int i = 0; i < cells.size(); i += step) {
            int column = cells.get(i)[0];
            int row = cells.get(i)[1];
            PlanePoint centre = region.grid().centre(column, row);
            sensors.stream()
                    .sorted(Comparator.comparingDouble(
                            sensor -> sensor.position().distanceMetres(centre)))
                    .map(sensor -> occlusion.explain(sensor, column, row))
                    .filter(explanation -> explanation.hindrance() != Occlusion.Hindrance.OUT_OF_VIEW)
                    .findFirst()
                    // What no obstacle hides from a sensor that points there is behind a hill.
                    .map(explanation -> explanation.obstacleId().orElse("the ground"))
                    .ifPresent(id -> votes.merge(id, 1, Integer::sum));
        }
        return votes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(entry -> "hidden by " + entry.getKey())
                .orElse("out of range of every sensor");
    }

    /**
     * The demand.
     *
     * @return what should be seen
     */
    public Demand demand() {
        return demand;
    }

    /**
     * The sensors.
     *
     * @return in the order given
     */
    public List<Sensor> sensors() {
        return sensors;
    }

    /**
     * The cells one sensor sees.
     *
     * @param index of the sensor
     * @return not to be changed; also cells that nobody asked for
     * @throws IndexOutOfBoundsException if there is no such sensor
     */
    public CellSet seenBy(int index) {
        return seen.get(index);
    }

    /**
     * The required cells that at least so many sensors see.
     *
     * @param sensorCount 1 to {@link #levels}
     * @return not to be changed
     * @throws IndexOutOfBoundsException if the count is out of range
     */
    public CellSet seenByAtLeast(int sensorCount) {
        return atLeast.get(sensorCount - 1);
    }

    /**
     * Up to how many sensors are counted for each cell.
     *
     * @return 3, or more if the demand is
     */
    public int levels() {
        return atLeast.size();
    }

    /**
     * The regions that no sensor sees but should.
     *
     * @return numbered from 1, the largest first
     */
    public List<BlindSpot> blindSpots() {
        return blindSpots;
    }

    /**
     * The share of required cells that are seen.
     *
     * @return 0 to 1; 1 if nothing is required
     */
    public double coveredShare() {
        int required = demand.required().size();
        return required == 0 ? 1 : (double) atLeast.get(0).size() / required;
    }

    /**
     * The share of the whole demand that is met: a cell that needs two sensors and has one counts half.
     *
     * @return 0 to 1; 1 if nothing is required
     */
    public double metShare() {
        long wanted = 0;
        long met = 0;
        for (int k = 0; k < demand.atLeast().size(); k++) {
            wanted += demand.atLeast().get(k).size();
            met += demand.atLeast().get(k).sizeShared(atLeast.get(k));
        }
        return wanted == 0 ? 1 : (double) met / wanted;
    }
}
