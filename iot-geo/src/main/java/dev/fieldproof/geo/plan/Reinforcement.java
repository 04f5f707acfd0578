package dev.fieldproof.geo.plan;

import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.Site;
import dev.fieldproof.geo.Zone;
import dev.fieldproof.geo.coverage.Demand;
import dev.fieldproof.geo.coverage.Occlusion;
import dev.fieldproof.geo.grid.CellSet;
import dev.fieldproof.geo.placement.Candidate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a choice of nodes still lacks so that no single failure leaves a cell of a critical zone with fewer sensors than
 * the zone requires: further candidates on free mounts, greedily, and where no mount sees enough, a place for a new
 * pole. A plan may leave a share of the ground unseen, but not of that.
 */
final class Reinforcement {
    private static final int MAX_POLES = 144;
    private static final int MAX_NODES = 1_000;
    private static final int POLE_MILLIMETRES = 6_000;

    private final Site site;
    private final Demand demand;
    private final List<CellSet> seen = new ArrayList<>();

    Reinforcement(Site site, Demand demand, List<CellSet> seen) {
        this.site = site;
        this.demand = demand;
        this.seen.addAll(seen);
    }

    /** The cells of a critical zone that one failure leaves with too few sensors. */
    private CellSet open(Zone zone) {
        CellSet open = demand.grid().inside(zone.area()).retainAll(demand.required());
        List<CellSet> levels = new ArrayList<>();
        for (int k = 0; k <= zone.requiredSensors(); k++) {
            levels.add(new CellSet(demand.grid()));
        }
        for (CellSet each : seen) {
            for (int k = zone.requiredSensors(); k > 0; k--) {
                levels.get(k).addAll(levels.get(k - 1).copy().retainAll(each));
            }
            levels.get(0).addAll(each);
        }
        return open.removeAll(levels.get(zone.requiredSensors()));
    }

    private List<Zone> critical() {
        return site.zones().stream()
                .filter(zone -> zone.kind() == Zone.Kind.CRITICAL)
                .toList();
    }

    /** Chooses further candidates on mounts that are not taken; each closes some cell. */
    List<Candidate> choose(List<Candidate> candidates, List<Candidate> taken) {
        List<Candidate> more = new ArrayList<>();
        Set<String> mounts = new HashSet<>();
        taken.forEach(candidate -> mounts.add(candidate.mount().id()));
        for (Zone zone : critical()) {
            for (CellSet open = open(zone); !open.isEmpty() && more.size() < MAX_NODES; open = open(zone)) {
                Candidate best = null;
                int most = 0;
                for (Candidate candidate : candidates) {
                    int closes = mounts.contains(candidate.mount().id())
                            ? 0
                            : candidate.sees().sizeShared(open);
                    if (closes > most) {
                        most = closes;
                        best = candidate;
                    }
                }
                if (best == null) {
                    break;
                }
                more.add(best);
                mounts.add(best.mount().id());
                seen.add(best.sees());
            }
        }
        return more;
    }

    /** A sentence for each critical zone that is still open, with the pole that would close most of it. */
    List<String> sentences(Occlusion occlusion, PlanOptions options) {
        List<String> sentences = new ArrayList<>();
        for (Zone zone : critical()) {
            CellSet open = open(zone);
            if (!open.isEmpty()) {
                double cell = demand.grid().cellSquareMetres();
                sentences.add(String.format(
                        Locale.ROOT,
                        "critical zone '%s': one failure leaves %.0f m² with too few sensors, and no free mount sees"
                                + " them; %s",
                        zone.id(),
                        open.size() * cell,
                        pole(open, occlusion, options)));
            }
        }
        return sentences;
    }

    private String pole(CellSet open, Occlusion occlusion, PlanOptions options) {
        List<PlanePoint> places = new ArrayList<>();
        int step = (int) Math.max(1, Math.sqrt((double) demand.required().size() / MAX_POLES));
        demand.required().forEach((column, row) -> {
            if (column % step == step / 2 && row % step == step / 2) {
                places.add(demand.grid().centre(column, row));
            }
        });
        List<Mount> poles = new ArrayList<>();
        for (PlanePoint place : places) {
            poles.add(new Mount("pole " + poles.size(), place, POLE_MILLIMETRES, false));
        }
        Site with = new Site(
                site.name(),
                site.projection(),
                site.boundary(),
                site.obstacles(),
                poles,
                List.of(),
                List.of(),
                site.zones(),
                List.of());
        Candidate best = null;
        int most = 0;
        for (Candidate each : Candidate.of(with, occlusion, options.models(), 8, new ArrayList<>())) {
            int closes = each.sees().sizeShared(open);
            if (closes > most) {
                most = closes;
                best = each;
            }
        }
        if (best == null) {
            return "nor would any new pole";
        }
        Sensor sensor = best.sensor();
        var at = site.projection().toPosition(sensor.position());
        return String.format(
                Locale.ROOT,
                "a new pole of %d m at %.6f, %.6f with '%s' to %.0f degrees would close %.0f m²",
                POLE_MILLIMETRES / 1000,
                at.longitudeDegrees(),
                at.latitudeDegrees(),
                sensor.model().name(),
                sensor.azimuthDegrees(),
                most * demand.grid().cellSquareMetres());
    }
}
