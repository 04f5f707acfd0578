package dev.fieldproof.geo.coverage;

import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.grid.CellSet;
import java.util.ArrayList;
import java.util.List;

/**
 * Coverage that follows edits: replacing one sensor computes that sensor alone and touches only the cells that it gains
 * or loses. Always equal to a coverage computed anew. Not thread-safe.
 */
public final class LiveCoverage {
    private final Occlusion occlusion;
    private final List<Sensor> sensors;
    private final List<CellSet> seen = new ArrayList<>();
    private final List<CellSet> atLeast = new ArrayList<>();
    private final short[] counts;

    /**
     * Computes the coverage of the first sensors.
     *
     * @param occlusion grid, obstacles and target height
     * @param sensors in their places, at most 32,767
     * @param levels up to how many sensors are told apart for each cell, 1 or more
     * @throws SensorInObstacleException if an eye is in or on an obstacle that is at least as high
     * @throws IllegalArgumentException if there are too many sensors or too few levels
     */
    public LiveCoverage(Occlusion occlusion, List<Sensor> sensors, int levels) {
        if (sensors.size() > Short.MAX_VALUE || levels < 1) {
            throw new IllegalArgumentException(sensors.size() + " sensors, " + levels + " levels");
        }
        this.occlusion = occlusion;
        this.sensors = new ArrayList<>(sensors);
        for (int k = 0; k < levels; k++) {
            atLeast.add(new CellSet(occlusion.grid()));
        }
        counts = new short[atLeast.get(0).words().length * 64];
        CellSet nothing = new CellSet(occlusion.grid());
        for (Sensor sensor : sensors) {
            CellSet sees = occlusion.visible(sensor);
            seen.add(sees);
            change(nothing, sees);
        }
    }

    /**
     * Puts another sensor in the place of one.
     *
     * @param index of the sensor
     * @param sensor the same one moved or turned, or any other
     * @throws SensorInObstacleException if its eye is in or on an obstacle; nothing has changed then
     * @throws IndexOutOfBoundsException if there is no such sensor
     */
    public void replace(int index, Sensor sensor) {
        CellSet before = seen.get(index);
        CellSet after = occlusion.visible(sensor);
        sensors.set(index, sensor);
        seen.set(index, after);
        change(before, after);
    }

    private void change(CellSet before, CellSet after) {
        long[] old = before.words();
        long[] now = after.words();
        for (int i = 0; i < now.length; i++) {
            for (long bits = now[i] & ~old[i]; bits != 0; bits &= bits - 1) {
                int count = ++counts[i * 64 + Long.numberOfTrailingZeros(bits)];
                if (count <= atLeast.size()) {
                    atLeast.get(count - 1).words()[i] |= bits & -bits;
                }
            }
            for (long bits = old[i] & ~now[i]; bits != 0; bits &= bits - 1) {
                int count = counts[i * 64 + Long.numberOfTrailingZeros(bits)]--;
                if (count <= atLeast.size()) {
                    atLeast.get(count - 1).words()[i] &= ~(bits & -bits);
                }
            }
        }
    }

    /**
     * The sensors as they stand.
     *
     * @return a copy
     */
    public List<Sensor> sensors() {
        return List.copyOf(sensors);
    }

    /**
     * The cells one sensor sees.
     *
     * @param index of the sensor
     * @return not to be changed
     * @throws IndexOutOfBoundsException if there is no such sensor
     */
    public CellSet seenBy(int index) {
        return seen.get(index);
    }

    /**
     * The cells that at least so many sensors see.
     *
     * @param sensorCount 1 to the number of levels
     * @return a view that follows later edits; not to be changed
     * @throws IndexOutOfBoundsException if the count is out of range
     */
    public CellSet seenByAtLeast(int sensorCount) {
        return atLeast.get(sensorCount - 1);
    }
}
