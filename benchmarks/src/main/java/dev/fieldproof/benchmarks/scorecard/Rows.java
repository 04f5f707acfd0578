package dev.fieldproof.benchmarks.scorecard;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** Every row there is. A figure that is published anywhere has its row here. */
public final class Rows {
    private Rows() {}

    /**
     * All rows.
     *
     * @return in order of their modules
     */
    public static List<Row> all() {
        return Stream.of(
                        HealthRows.rows(),
                        AnomalyRows.rows(),
                        CrdtRows.rows(),
                        OtaRows.rows(),
                        DeltaRows.rows(),
                        RolloutRows.rows(),
                        TrustRows.rows(),
                        GeoRows.rows(),
                        SerialRows.rows(),
                        SparkplugRows.rows())
                .flatMap(List::stream)
                .toList();
    }

    /** Trials that serve several rows are played once. */
    static <T> Callable<T> once(Callable<T> trial) {
        List<T> result = new ArrayList<>(1);
        return () -> {
            if (result.isEmpty()) {
                result.add(trial.call());
            }
            return result.get(0);
        };
    }
}
