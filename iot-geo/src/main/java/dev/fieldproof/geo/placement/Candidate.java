package dev.fieldproof.geo.placement;

import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.SensorModel;
import dev.fieldproof.geo.Site;
import dev.fieldproof.geo.Zone;
import dev.fieldproof.geo.coverage.Occlusion;
import dev.fieldproof.geo.coverage.SensorInObstacleException;
import dev.fieldproof.geo.grid.CellSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * A sensor that could be built.
 *
 * @param mount where
 * @param sensor what, and where it points; its identifier names mount and azimuth
 * @param sees the cells it would see; not to be changed
 * @param cost what building it costs, 1 or more, in whole units of whatever is to be kept low; all candidates of a
 *     problem together cost at most 2^26
 */
public record Candidate(Mount mount, Sensor sensor, CellSet sees, int cost) {
    /**
     * Checks the cost.
     *
     * @throws IllegalArgumentException if the cost is not positive
     */
    public Candidate {
        if (cost < 1) {
            throw new IllegalArgumentException("cost of " + cost + " for '" + sensor.id() + "'");
        }
    }

    /**
     * A candidate that costs 1, so that what is kept low is the number of candidates.
     *
     * @param mount where
     * @param sensor what, and where it points
     * @param sees the cells it would see; not to be changed
     */
    public Candidate(Mount mount, Sensor sensor, CellSet sees) {
        this(mount, sensor, sees, 1);
    }

    /**
     * Lists a site's candidates: each mount outside keep-out zones, with each model, in each of a number of directions.
     *
     * @param site with mounts
     * @param occlusion tells what each would see
     * @param models what may be mounted
     * @param directions how many azimuths to try, 1 or more, from north on; all-round models take one
     * @param skipped receives a sentence for each mount that cannot be used
     * @return the candidates in the site's order
     * @throws IllegalArgumentException if there are no directions
     */
    public static List<Candidate> of(
            Site site, Occlusion occlusion, List<SensorModel> models, int directions, List<String> skipped) {
        return of(site, occlusion, models, directions, model -> 1, skipped);
    }

    /**
     * Lists a site's candidates, each at what its model costs.
     *
     * @param site with mounts
     * @param occlusion tells what each would see
     * @param models what may be mounted
     * @param directions how many azimuths to try, 1 or more, from north on; all-round models take one
     * @param cost of a model, 1 or more
     * @param skipped receives a sentence for each mount that cannot be used
     * @return the candidates in the site's order
     * @throws IllegalArgumentException if there are no directions or a cost is not positive
     */
    public static List<Candidate> of(
            Site site,
            Occlusion occlusion,
            List<SensorModel> models,
            int directions,
            ToIntFunction<SensorModel> cost,
            List<String> skipped) {
        if (directions < 1) {
            throw new IllegalArgumentException("directions: " + directions);
        }
        List<Candidate> candidates = new ArrayList<>();
        for (Mount mount : site.mounts()) {
            if (isKeptOut(site, mount)) {
                skipped.add("mount '" + mount.id() + "' stands in a keep-out zone");
                continue;
            }
            try {
                for (SensorModel model : models) {
                    // The upper edge of the view is level: what is lost is sky.
                    double tilt = model.verticalFieldDegrees() >= 180 ? 0 : model.verticalFieldDegrees() / 2;
                    int count = model.horizontalFieldDegrees() >= 360 ? 1 : directions;
                    for (int i = 0; i < count; i++) {
                        double azimuth = 360.0 * i / count;
                        String id = mount.id() + "@" + Math.round(azimuth);
                        Sensor sensor =
                                new Sensor(id, mount.position(), mount.heightMillimetres(), azimuth, tilt, model);
                        candidates.add(new Candidate(mount, sensor, occlusion.visible(sensor), cost.applyAsInt(model)));
                    }
                }
            } catch (SensorInObstacleException e) {
                skipped.add(e.getMessage());
            }
        }
        return candidates;
    }

    private static boolean isKeptOut(Site site, Mount mount) {
        return site.zones().stream()
                .anyMatch(zone -> zone.kind() == Zone.Kind.KEEP_OUT
                        && zone.area()
                                .contains(
                                        mount.position().xMillimetres(),
                                        mount.position().yMillimetres()));
    }
}
