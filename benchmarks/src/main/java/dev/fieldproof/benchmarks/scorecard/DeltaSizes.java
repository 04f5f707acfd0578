package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.ota.delta.DeltaEncoder;
import dev.fieldproof.ota.delta.DeltaOptions;
import dev.fieldproof.ota.delta.DeltaPlanner;
import dev.fieldproof.ota.delta.DeltaProfile;
import dev.fieldproof.ota.delta.DeviceBudget;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** How large the patches of all firmware pairs are; each is made once. */
final class DeltaSizes {
    private static final DeviceBudget GATEWAY = new DeviceBudget(1 << 28, 0);

    private static final Map<String, Integer> KNOWN = new HashMap<>();

    private DeltaSizes() {}

    static synchronized int bytes(FirmwarePair pair, DeltaProfile profile) throws IOException {
        String name = pair.target() + profile;
        Integer known = KNOWN.get(name);
        if (known == null) {
            known = DeltaEncoder.create(pair.oldBytes(), pair.targetBytes(), DeltaOptions.DEFAULT.withProfile(profile))
                    .patch()
                    .length;
            KNOWN.put(name, known);
        }
        return known;
    }

    private static double mean(boolean minor, ToDoubleFunction<FirmwarePair> size) {
        return Math.exp(FirmwarePair.ALL.stream()
                .filter(p -> p.minor() == minor)
                .mapToDouble(p -> Math.log(size.applyAsDouble(p)))
                .average()
                .orElseThrow());
    }

    /** Geometric mean of the patches in bytes. */
    static double ours(boolean minor, DeltaProfile profile) throws IOException {
        for (FirmwarePair pair : FirmwarePair.ALL) {
            if (pair.minor() == minor) {
                bytes(pair, profile);
            }
        }
        return mean(minor, p -> KNOWN.getOrDefault(p.target() + profile, 0));
    }

    static double bsdiff(boolean minor) {
        return mean(minor, FirmwarePair::bsdiff);
    }

    static double hdiff(boolean minor) {
        return mean(minor, FirmwarePair::hdiff);
    }

    /** What the patches save of the images, geometric mean over the adjacent releases, in percent. */
    static double savedPercent(DeltaProfile profile) throws IOException {
        double images = 0;
        int count = 0;
        for (FirmwarePair pair : FirmwarePair.ALL) {
            if (pair.minor()) {
                images += Math.log(pair.targetBytes().length);
                count++;
            }
        }
        return 100 * (1 - ours(true, profile) / Math.exp(images / count));
    }

    /** The worst of all pairs: what the planner sends a gateway, of what the better of two rivals would send. */
    static double worst() throws IOException {
        double worst = 0;
        for (FirmwarePair pair : FirmwarePair.ALL) {
            long sent = DeltaPlanner.plan(pair.oldBytes(), pair.targetBytes(), GATEWAY)
                    .bytes();
            worst = Math.max(worst, sent / allowed(pair));
        }
        return worst;
    }

    /** The worst of all pairs in the small profile, of the same. */
    static double worstSmall() throws IOException {
        double worst = 0;
        for (FirmwarePair pair : FirmwarePair.ALL) {
            worst = Math.max(worst, bytes(pair, DeltaProfile.SMALL) / allowed(pair));
        }
        return worst;
    }

    private static double allowed(FirmwarePair pair) {
        return Math.min(1.02 * pair.hdiff(), pair.xz());
    }
}
