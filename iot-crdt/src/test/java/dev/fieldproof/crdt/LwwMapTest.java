package dev.fieldproof.crdt;

import static dev.fieldproof.crdt.Fixtures.CLOUD;
import static dev.fieldproof.crdt.Fixtures.DEVICE;
import static dev.fieldproof.crdt.Fixtures.GATEWAY;
import static dev.fieldproof.crdt.Fixtures.NOW;
import static dev.fieldproof.crdt.Fixtures.boot;
import static dev.fieldproof.crdt.Fixtures.map;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SimClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LwwMapTest {
    private static final int OWNED = 0;
    private static final int DESIRED = 1;
    private static final int SHARED = 2;
    private static final Instant YEAR_2262 = Instant.parse("2262-01-01T00:00:00Z");

    private final LwwMap device = map(boot(DEVICE, 1), 9, NOW);
    private final LwwMap cloud = map(boot(CLOUD, 1), 9, NOW);

    private static MergeReport sync(LwwMap from, LwwMap to) {
        return to.apply(from.deltaSince(Version.NONE));
    }

    @Test
    void holdsValuesOfEveryKind() {
        List<Value> values = List.of(
                Value.of(21.5),
                Value.of(7L),
                Value.of(true),
                Value.of(false),
                Value.of("auto"),
                Value.of(new byte[] {1, 2}),
                new Value.Opaque(9, new byte[] {3}),
                Value.of(-0.0),
                Value.of(Double.NaN));
        for (Value value : values) {
            device.put(OWNED, value);
            sync(device, cloud);
            assertEquals(Optional.of(value), cloud.get(OWNED));
        }
    }

    @Test
    void refusesToWriteWhatAnotherOwns() {
        assertThrows(IllegalStateException.class, () -> device.putReal(DESIRED, 1));
        assertThrows(IllegalArgumentException.class, () -> device.putReal(9, 1));
        assertThrows(IllegalArgumentException.class, () -> device.put("nonsense", Value.of(1L)));
    }

    @Test
    void theOwnersLaterLifeWinsWhateverTheClockSays() {
        LwwMap before = map(boot(DEVICE, 1), 9, YEAR_2262);
        before.putReal(OWNED, 1);
        LwwMap after = map(boot(DEVICE, 2), 9, Instant.EPOCH);
        after.putReal(OWNED, 2);
        sync(after, cloud);
        assertEquals(1, sync(before, cloud).stale());
        assertEquals(2, cloud.getReal(OWNED, 0));
    }

    @Test
    void aNewIncarnationOutranksEveryEpoch() {
        LwwMap before = map(new Boot(DEVICE, 0, 900), 9, NOW);
        before.putReal(OWNED, 1);
        LwwMap wiped = map(new Boot(DEVICE, 1, 0), 9, NOW);
        wiped.putReal(OWNED, 2);
        sync(wiped, cloud);
        sync(before, cloud);
        assertEquals(2, cloud.getReal(OWNED, 0));
    }

    @Test
    void dropsWritesOfOthersToAnOwnedKey() {
        LwwMap rogue = new LwwMap(
                boot(GATEWAY, 1),
                Fixtures.keys(9),
                StampPolicy.ownedBy(GATEWAY),
                new SimClock(NOW),
                new java.util.SplittableRandom(1));
        rogue.putReal(OWNED, 666);
        List<Drop> drops = new ArrayList<>();
        cloud.onDrop(drops::add);
        assertEquals(new MergeReport(1, 0, 0, 1, 0, 0), sync(rogue, cloud));
        assertEquals(Drop.Reason.NOT_OWNER, drops.get(0).reason());
        assertEquals(Optional.empty(), cloud.get(OWNED));
    }

    @Test
    void quarantinesASharedWriteFromTheFuture() {
        cloud.putReal(SHARED, 20);
        LwwMap poisoned = map(boot(DEVICE, 1), 9, YEAR_2262);
        poisoned.putReal(SHARED, 99);
        assertEquals(new MergeReport(1, 0, 0, 0, 1, 0), sync(poisoned, cloud));
        assertEquals(20, cloud.getReal(SHARED, 0));
        Quarantine.Held held = cloud.quarantine().held().get(SHARED);
        assertEquals(Optional.of(Value.of(99.0)), held.value());
        assertEquals(YEAR_2262.toEpochMilli(), HybridClock.millisOf(held.raw().counter()));
        assertEquals(NOW.toEpochMilli(), HybridClock.millisOf(held.restamped()));
        assertEquals(1, sync(poisoned, cloud).stale(), "the same write again is no news");
        cloud.putReal(SHARED, 21);
        assertEquals(
                NOW.toEpochMilli(),
                HybridClock.millisOf(cloud.entry(SHARED).orElseThrow().stamp().counter()));
        assertTrue(cloud.release(SHARED));
        assertEquals(99, cloud.getReal(SHARED, 0));
        assertFalse(cloud.release(SHARED));
    }

    @Test
    void aReplicaFromTheFutureIsCuredByATrustedClock() {
        LwwMap poisoned = map(boot(DEVICE, 1), 9, YEAR_2262);
        poisoned.putReal(SHARED, 99);
        cloud.putReal(SHARED, 20);
        sync(cloud, poisoned);
        assertEquals(99, poisoned.getReal(SHARED, 0), "its own write outranks everyone's");
        assertEquals(1, poisoned.reclock(NOW.toEpochMilli()));
        assertEquals(1, sync(poisoned, cloud).accepted());
        cloud.putReal(SHARED, 21);
        sync(cloud, poisoned);
        assertEquals(21, poisoned.getReal(SHARED, 0));
    }

    @Test
    void aReplicaFromThePastLearnsTheTimeAndTakesWhatIsNew() {
        LwwMap reset = map(boot(DEVICE, 1), 9, Instant.EPOCH);
        reset.reclock(NOW.toEpochMilli());
        cloud.putReal(SHARED, 20);
        assertEquals(1, sync(cloud, reset).accepted());
        reset.putReal(SHARED, 30);
        sync(reset, cloud);
        assertEquals(30, cloud.getReal(SHARED, 0));
    }

    @Test
    void whatASlowClockQuarantinedIsLetInOnceItIsCorrected() {
        LwwMap reset = map(boot(DEVICE, 1), 9, Instant.EPOCH);
        cloud.putReal(SHARED, 20);
        assertEquals(1, sync(cloud, reset).quarantined());
        reset.reclock(NOW.toEpochMilli());
        assertEquals(cloud.entries(), reset.entries());
        assertEquals(0, reset.quarantine().held().size());
    }

    @Test
    void anAheadClockWithinTheBoundIsAccepted() {
        LwwMap ahead = map(boot(DEVICE, 1), 9, NOW.plus(Duration.ofMinutes(5)));
        ahead.putReal(SHARED, 1);
        assertEquals(1, sync(ahead, cloud).accepted());
        LwwMap tooFar = map(boot(GATEWAY, 1), 9, NOW.plus(Duration.ofMinutes(5)).plusMillis(1));
        tooFar.putReal(SHARED, 1);
        assertEquals(1, sync(tooFar, cloud).quarantined());
    }

    @Test
    void keepsTheLoserOfAConcurrentSharedWriteInTheAudit() {
        device.putReal(SHARED, 1);
        cloud.putReal(SHARED, 2);
        sync(device, cloud);
        sync(cloud, device);
        assertEquals(device.get(SHARED), cloud.get(SHARED));
        double visible = cloud.getReal(SHARED, 0);
        Drop drop = cloud.audit().drops().get(0);
        assertEquals(Drop.Reason.OVERWRITTEN, drop.reason());
        assertEquals(Optional.of(Value.of(3.0 - visible)), drop.value());
    }

    @Test
    void twoDevicesUnderOneIdentityRaiseAnAlarmAndStillConverge() {
        LwwMap clone = map(boot(DEVICE, 1), 9, NOW);
        device.putReal(OWNED, 1);
        clone.putReal(OWNED, 2);
        LwwMap other = map(boot(CLOUD, 2), 9, NOW);
        sync(device, cloud);
        assertEquals(1, sync(clone, cloud).clashes());
        sync(clone, other);
        assertEquals(1, sync(device, other).clashes());
        assertEquals(cloud.get(OWNED), other.get(OWNED));
        assertEquals(Drop.Reason.CLASH, cloud.audit().drops().get(0).reason());
    }

    @Test
    void neverAdoptsItsOwnPresentLifeFromElsewhere() {
        LwwMap clone = map(boot(DEVICE, 1), 9, NOW);
        clone.putReal(OWNED, 1);
        clone.putReal(OWNED, 2);
        device.putReal(OWNED, 3);
        MergeReport report = sync(clone, device);
        assertEquals(new MergeReport(1, 0, 0, 1, 0, 1), report);
        assertEquals(3, device.getReal(OWNED, 0));
    }

    @Test
    void aRemovalTravelsAndIsNotUndoneByAnOldCopy() {
        device.putReal(OWNED, 1);
        Delta old = device.deltaSince(Version.NONE);
        assertTrue(device.remove(OWNED));
        assertFalse(device.remove(OWNED));
        sync(device, cloud);
        cloud.apply(old);
        assertEquals(Optional.empty(), cloud.get(OWNED));
        assertEquals(0, cloud.size());
    }

    @Test
    void followsALogInPartsAndNoticesAGap() {
        LwwMap source = map(boot(DEVICE, 1), 300, NOW);
        LwwMap sink = map(boot(CLOUD, 1), 300, NOW);
        for (int key = 0; key < 300; key += 3) {
            source.putReal(key, key + 0.25);
        }
        List<Delta> parts = new ArrayList<>();
        Version at = Version.NONE;
        while (!at.equals(source.version())) {
            Delta part = source.deltaFor(sink.self(), at, 120);
            assertTrue(part.sizeBytes() <= 120);
            parts.add(part);
            at = part.to();
        }
        assertTrue(parts.size() > 3);
        sink.apply(parts.get(0));
        sink.apply(parts.get(2));
        assertEquals(parts.get(0).to(), sink.seen(at.logId()));
        sink.apply(parts.get(1));
        assertEquals(parts.get(1).to(), sink.seen(at.logId()), "what came early must come again or be joined");
        parts.forEach(sink::apply);
        assertEquals(source.version(), sink.seen(at.logId()));
        assertEquals(source.entries(), sink.entries());
    }

    @Test
    void joinedDeltasDoWhatBothDo() {
        device.putReal(OWNED, 1);
        device.putReal(3, 1);
        Version between = device.version();
        Delta first = device.deltaSince(Version.NONE);
        device.putReal(OWNED, 2);
        Delta second = device.deltaSince(between);
        Delta joined = first.join(second);
        assertEquals(2, joined.size());
        cloud.apply(joined);
        assertEquals(device.entries(), cloud.entries());
        assertEquals(device.version(), cloud.seen(device.version().logId()));
        assertThrows(IllegalArgumentException.class, () -> second.join(first));
    }

    @Test
    void aSnapshotStaysAsItIsWhileTheMapGoesOn() {
        device.putReal(OWNED, 1);
        device.put(SHARED, Value.of("auto"));
        device.putReal(3, 1);
        device.remove(3);
        MapSnapshot before = device.snapshot();
        List<LwwMap.Entry> entries = device.entries();
        device.putReal(OWNED, 2);
        device.put(SHARED, Value.of("off"));
        device.putReal(6, 3);
        cloud.putReal(DESIRED, 4);
        sync(cloud, device);
        assertEquals(entries, before.entries());
        assertEquals(Optional.of(Value.of(1.0)), before.get(OWNED));
        assertEquals(Optional.of(Value.of("auto")), before.get("k0000002"));
        assertEquals(Optional.empty(), before.get(3));
        assertEquals(entries.get(0), before.entry(OWNED).orElseThrow());
        assertEquals(2, before.size());
        assertEquals(4, device.deltaSince(before.version()).size(), "what changed since");
        assertThrows(IllegalArgumentException.class, () -> before.get("nonsense"));
    }

    @Test
    void leavesOutWhatTheReaderWroteItself() {
        device.putReal(OWNED, 1);
        sync(device, cloud);
        cloud.putReal(DESIRED, 2);
        assertEquals(1, cloud.deltaFor(device.self(), Version.NONE, 8192).size());
        assertEquals(2, cloud.deltaFor(boot(DEVICE, 2), Version.NONE, 8192).size(), "a later life has forgotten");
    }

    @Test
    void aForgottenRemovalIsNotUndoneByAnOldCopy() {
        device.putReal(OWNED, 1);
        device.putReal(3, 1);
        Delta old = device.deltaSince(Version.NONE);
        device.remove(OWNED);
        sync(device, cloud);
        assertEquals(0, cloud.forgetRemovals(Version.NONE), "nobody has heard of it yet");
        assertEquals(1, cloud.forgetRemovals(cloud.version()));
        assertEquals(Optional.empty(), cloud.entry(OWNED));
        assertEquals(1, cloud.entryCount());
        assertEquals(2, cloud.apply(old).stale());
        LwwMap newcomer = map(boot(GATEWAY, 1), 9, NOW);
        sync(cloud, newcomer);
        newcomer.apply(old);
        assertEquals(Optional.empty(), newcomer.get(OWNED), "the floor travels with the whole state");
        device.putReal(OWNED, 2);
        assertEquals(1, sync(device, cloud).accepted());
    }

    @Test
    void floorsWaitUntilEverythingBelowThemHasCome() {
        LwwMap source = map(boot(DEVICE, 1), 300, NOW);
        for (int key = 0; key < 300; key += 3) {
            source.putReal(key, key + 0.25);
        }
        source.remove(0);
        source.forgetRemovals(source.version());
        LwwMap sink = map(boot(CLOUD, 1), 300, NOW);
        Version at = Version.NONE;
        while (!at.equals(source.version())) {
            assertEquals(java.util.Map.of(), sink.floors());
            Delta part = source.deltaFor(sink.self(), at, 120);
            sink.apply(part);
            at = part.to();
        }
        assertEquals(source.entries(), sink.entries());
        assertEquals(source.floors(), sink.floors());
    }

    @Test
    void aForgottenRemovalOfASharedKeyIsNotUndoneAndHidesNoLaterWrite() {
        device.putReal(SHARED, 1);
        Delta old = device.deltaSince(Version.NONE);
        sync(device, cloud);
        cloud.remove(SHARED);
        sync(cloud, device);
        assertEquals(1, cloud.forgetRemovals(cloud.version()));
        assertEquals(0, cloud.entryCount());
        assertEquals(1, cloud.apply(old).stale());
        LwwMap backup = map(boot(GATEWAY, 1), 9, NOW);
        backup.apply(old);
        backup.apply(cloud.deltaOf(cloud.laterThan(old)));
        assertEquals(Optional.empty(), backup.get(SHARED), "who still holds it is told");
        device.putReal(SHARED, 2);
        assertEquals(1, sync(device, cloud).accepted());
        assertEquals(2, cloud.getReal(SHARED, 0));
    }

    @Test
    void whatASlowClockWroteBelowASharedFloorIsStampedAnew() {
        cloud.putReal(SHARED, 1);
        cloud.remove(SHARED);
        cloud.forgetRemovals(cloud.version());
        LwwMap reset = map(boot(DEVICE, 1), 9, Instant.EPOCH);
        reset.putReal(5, 7);
        reset.reclock(NOW.toEpochMilli());
        sync(cloud, reset);
        assertEquals(cloud.floors(), reset.floors());
        assertEquals(1, sync(reset, cloud).accepted());
        assertEquals(7, cloud.getReal(5, 0));
    }

    @Test
    void aSharedFloorFromTheFutureIsRefused() {
        LwwMap poisoned = map(boot(DEVICE, 1), 9, YEAR_2262);
        poisoned.putReal(SHARED, 1);
        poisoned.remove(SHARED);
        poisoned.forgetRemovals(poisoned.version());
        sync(poisoned, cloud);
        assertEquals(java.util.Map.of(), cloud.floors());
        device.putReal(SHARED, 2);
        assertEquals(1, sync(device, cloud).accepted());
    }

    @Test
    void whoStillHoldsWhatWasForgottenIsToldAgain() {
        device.putReal(OWNED, 1);
        LwwMap backup = map(boot(GATEWAY, 1), 9, NOW);
        sync(device, backup);
        device.remove(OWNED);
        sync(device, cloud);
        cloud.forgetRemovals(cloud.version());
        Delta held = backup.deltaSince(Version.NONE);
        int[] later = cloud.laterThan(held);
        assertEquals(1, later.length);
        backup.apply(cloud.deltaOf(later));
        assertEquals(Optional.empty(), backup.get(OWNED));
        assertEquals(cloud.entries(), backup.entries());
    }

    @Test
    void storesObjectsThroughACodec() {
        ValueCodec<Duration> codec = new ValueCodec<>() {
            @Override
            public Value encode(Duration object) {
                return Value.of(object.toMillis());
            }

            @Override
            public Duration decode(Value value) {
                if (value instanceof Value.Int millis) {
                    return Duration.ofMillis(millis.value());
                }
                throw new IllegalArgumentException("not a duration: " + value);
            }
        };
        device.put(OWNED, codec, Duration.ofSeconds(5));
        assertEquals(Optional.of(Duration.ofSeconds(5)), device.get(OWNED, codec));
        device.put(OWNED, Value.of("five"));
        assertThrows(IllegalArgumentException.class, () -> device.get(OWNED, codec));
    }

    @Test
    void oneDeviceFromTheFutureAmongAThousandChangesNothingOfOthers() {
        int count = 1000;
        SimClock clock = new SimClock(NOW);
        LwwMap hub = new LwwMap(
                boot(CLOUD, 1), Fixtures.keys(3000), StampPolicy.shared(), clock, new java.util.SplittableRandom(1));
        List<LwwMap> devices = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            devices.add(new LwwMap(
                    boot(new WriterId(1000 + i), 1),
                    Fixtures.keys(3000),
                    StampPolicy.shared(),
                    i == 500 ? new SimClock(YEAR_2262) : clock,
                    new java.util.SplittableRandom(i)));
            devices.get(i).putReal(i, i);
        }
        for (int i = 0; i < count; i++) {
            if (i != 500) {
                sync(devices.get(i), hub);
            }
        }
        List<LwwMap.Entry> before = hub.entries();
        for (int key = 0; key < count; key++) {
            devices.get(500).putReal(key, -1);
        }
        assertEquals(new MergeReport(count, 0, 0, 0, count, 0), sync(devices.get(500), hub));
        assertEquals(before, hub.entries());
        assertEquals(count, hub.quarantine().held().size());
    }
}
