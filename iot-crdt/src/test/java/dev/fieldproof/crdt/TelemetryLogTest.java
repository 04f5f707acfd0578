package dev.fieldproof.crdt;

import static dev.fieldproof.crdt.Fixtures.CLOUD;
import static dev.fieldproof.crdt.Fixtures.DEVICE;
import static dev.fieldproof.crdt.Fixtures.boot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TelemetryLogTest {
    private final TelemetryLog device = new TelemetryLog(boot(DEVICE, 1), 100);
    private final TelemetryLog cloud = new TelemetryLog(boot(CLOUD, 1), 1000);

    @Test
    void noSampleReplacesAnother() {
        for (int i = 0; i < 50; i++) {
            device.append(0, 0, i);
        }
        List<TelemetryLog.Sample> samples = new ArrayList<>(device.since(cloud.watermarks(), 1000));
        Collections.shuffle(samples, new Random(1));
        cloud.merge(samples.subList(0, 30));
        cloud.merge(samples);
        assertEquals(device.samples(), cloud.samples());
        assertEquals(Map.of(boot(DEVICE, 1), 50L), cloud.watermarks());
    }

    @Test
    void aGapHoldsTheWatermarkBack() {
        for (int i = 0; i < 5; i++) {
            device.append(0, 0, i);
        }
        List<TelemetryLog.Sample> all = device.since(Map.of(), 10);
        cloud.merge(List.of(all.get(0), all.get(1), all.get(3)));
        assertEquals(Map.of(boot(DEVICE, 1), 2L), cloud.watermarks());
        assertEquals(2, device.trim(cloud.watermarks()));
        assertEquals(List.of(all.get(2), all.get(3), all.get(4)), device.since(cloud.watermarks(), 10));
        cloud.merge(device.since(cloud.watermarks(), 10));
        assertEquals(all, cloud.samples());
    }

    @Test
    void aTrimmedSampleDoesNotComeBack() {
        TelemetryLog.Sample sample = device.append(0, 0, 1);
        device.trim(Map.of(boot(DEVICE, 1), 1L));
        assertEquals(new MergeReport(1, 0, 1, 0, 0, 0), device.merge(List.of(sample)));
        assertEquals(0, device.size());
    }

    @Test
    void aFullLogRefusesRatherThanForgets() {
        TelemetryLog small = new TelemetryLog(boot(DEVICE, 1), 2);
        small.append(0, 0, 1);
        small.append(0, 0, 2);
        assertThrows(IllegalStateException.class, () -> small.append(0, 0, 3));
        cloud.append(0, 0, 9);
        assertEquals(new MergeReport(1, 0, 0, 1, 0, 0), small.merge(cloud.samples()));
        assertEquals(2, small.trim(small.watermarks()));
        small.append(0, 0, 3);
    }
}
