package dev.fieldproof.geo.plan;

import dev.fieldproof.geo.coverage.BlindSpot;
import dev.fieldproof.geo.coverage.Coverage;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Binds everything that a plan's outputs are made from into one digest. Stateless and thread-safe. */
final class PlanDigest {
    private PlanDigest() {}

    static String of(SitePlan plan) {
        List<String> parts = new ArrayList<>();
        parts.add("fieldproof-plan-2");
        parts.add(plan.site().digest());
        parts.add(plan.options().cellMillimetres() + " " + plan.options().targetMillimetres());
        parts.add(Canonical.text(plan.options().radio()));
        parts.add(Canonical.text(plan.options().power()));
        plan.nodes().forEach(node -> parts.add(Canonical.text(node)));
        parts.add("at least " + plan.lowerBound());
        coverage(plan.coverage(), parts);
        plan.topology().links().forEach(link -> parts.add(Canonical.text(link)));
        parts.add(plan.topology().unreachable().toString());
        parts.add(plan.options().network() + " "
                + Canonical.text(plan.topology().spares())
                + Canonical.text(plan.topology().partitions()));
        parts.add(Canonical.text(plan.bill()));
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                sha256.update(part.getBytes(StandardCharsets.UTF_8));
                sha256.update((byte) 0);
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java platform lacks SHA-256", e);
        }
    }

    private static void coverage(Coverage coverage, List<String> parts) {
        StringBuilder counts = new StringBuilder(coverage.demand().grid() + " required "
                + coverage.demand().required().size());
        for (int k = 1; k <= coverage.levels(); k++) {
            counts.append(' ').append(coverage.seenByAtLeast(k).size());
            counts.append(' ').append(coverage.seenByAtLeast(k).hashCode());
        }
        parts.add(counts.toString());
        coverage.sensors().forEach(sensor -> parts.add(Canonical.text(sensor)));
        for (BlindSpot spot : coverage.blindSpots()) {
            parts.add(spot.number() + " " + spot.cells().size() + " " + spot.label() + " " + spot.cause());
        }
    }
}
