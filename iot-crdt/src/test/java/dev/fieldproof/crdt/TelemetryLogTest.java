package dev.fieldproof.crdt;

import static dev.fieldproof.crdt.Fixtures.CLOUD;
import static dev.fieldproof.crdt.Fixtures.DEVICE;
import static dev.fieldproof.crdt.Fixtures.GATEWAY;
import static dev.fieldproof.crdt.Fixtures.boot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.fieldproof.core.sim.SeededRuns;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
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
    void twoDevicesUnderOneIdentityRaiseAnAlarmAndBothSamplesAreKept() {
        TelemetryLog clone = new TelemetryLog(boot(DEVICE, 1), 100);
        TelemetryLog.Sample one = device.append(0, 0, 1);
        TelemetryLog.Sample two = clone.append(0, 0, 2);
        TelemetryLog other = new TelemetryLog(boot(CLOUD, 2), 100);
        cloud.merge(List.of(one, two));
        assertEquals(new MergeReport(2, 1, 1, 0, 0, 1), other.merge(List.of(two, one)));
        assertEquals(List.of(two), cloud.samples());
        assertEquals(List.of(two), other.samples());
        assertEquals(List.of(one), cloud.clashed());
        assertEquals(List.of(one), other.clashed());
    }

    @Test
    void theOrderOfMergingDoesNotMatterNorDoRepetitions() {
        SeededRuns.check(100_000, random -> {
            List<List<TelemetryLog.Sample>> sent = new ArrayList<>();
            List<TelemetryLog.Sample> all = new ArrayList<>();
            long epoch = 1;
            for (int life = 0; life < 3; life++) {
                // A clock that was reset or runs ahead; now and then a life that was lived before.
                long millis = new long[] {0, 1_790_000_000_000L, 9_214_646_400_000L}[random.nextInt(3)];
                epoch += random.nextInt(4) == 0 ? 0 : 1;
                TelemetryLog source = new TelemetryLog(boot(life == 2 ? GATEWAY : DEVICE, epoch), 100);
                for (int n = random.nextInt(5); n > 0; n--) {
                    all.add(source.append(millis++, random.nextInt(2), random.nextInt(3)));
                    sent.add(source.since(Map.of(), 1 + random.nextInt(4)));
                }
                sent.add(source.samples());
            }
            Collections.shuffle(sent, new Random(random.nextLong()));
            TelemetryLog forth = new TelemetryLog(boot(CLOUD, 1), 100);
            TelemetryLog back = new TelemetryLog(boot(CLOUD, 1), 100);
            sent.forEach(forth::merge);
            for (int i = sent.size() - 1; i >= 0; i--) {
                back.merge(sent.get(i));
            }
            assertEquals(forth.samples(), back.samples());
            List<TelemetryLog.Sample> kept = forth.samples();
            MergeReport again = forth.merge(all);
            assertEquals(0, again.accepted());
            assertEquals(kept, forth.samples());
            all.removeAll(kept);
            assertEquals(Set.copyOf(all), Set.copyOf(forth.clashed()), "nothing is lost");
        });
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
