package dev.fieldproof.crdt;

import static dev.fieldproof.crdt.Fixtures.CLOUD;
import static dev.fieldproof.crdt.Fixtures.DEVICE;
import static dev.fieldproof.crdt.Fixtures.NOW;
import static dev.fieldproof.crdt.Fixtures.boot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.fieldproof.core.sim.SimClock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DeviceShadowTest {
    private static final List<String> NAMES = List.of("mode", "target", "valve");

    private final LwwMap deviceMap = map(DEVICE);
    private final LwwMap cloudMap = map(CLOUD);
    private final DeviceShadow device = new DeviceShadow(deviceMap, NAMES);
    private final DeviceShadow cloud = new DeviceShadow(cloudMap, NAMES);

    private static LwwMap map(WriterId writer) {
        return new LwwMap(
                boot(writer, 1),
                DeviceShadow.keys(NAMES),
                DeviceShadow.policy(DEVICE, CLOUD),
                new SimClock(NOW),
                new SplittableRandom(writer.value()));
    }

    private void sync() {
        cloudMap.apply(deviceMap.deltaSince(Version.NONE));
        deviceMap.apply(cloudMap.deltaSince(Version.NONE));
    }

    @Test
    void theDifferenceIsWhatIsLeftToDo() {
        device.report("mode", Value.of("off"));
        cloud.desire("mode", Value.of("auto"));
        cloud.desire("target", Value.of(21.5));
        sync();
        assertEquals(
                Map.of(
                        "mode", new DeviceShadow.Difference(Value.of("auto"), Optional.of(Value.of("off"))),
                        "target", new DeviceShadow.Difference(Value.of(21.5), Optional.empty())),
                device.difference());
        device.report("mode", Value.of("auto"));
        device.report("target", Value.of(21.5));
        sync();
        assertEquals(Map.of(), cloud.difference());
        assertEquals(cloud.desired("mode"), cloud.reported("mode"));
    }

    @Test
    void aDesireTiedToAVersionFailsWhenSomeoneWasFaster() {
        Optional<Dot> none = cloud.desiredVersion("mode");
        assertInstanceOf(DeviceShadow.Outcome.Written.class, cloud.desireIf("mode", Value.of("auto"), none));
        DeviceShadow.Outcome second = cloud.desireIf("mode", Value.of("off"), none);
        assertEquals(new DeviceShadow.Outcome.Conflict(cloud.desiredVersion("mode")), second);
        assertEquals(Optional.of(Value.of("auto")), cloud.desired("mode"));
    }

    @Test
    void eachSideWritesItsOwnOnly() {
        assertThrows(IllegalStateException.class, () -> device.desire("mode", Value.of("auto")));
        assertThrows(IllegalStateException.class, () -> cloud.report("mode", Value.of("auto")));
        assertThrows(IllegalArgumentException.class, () -> device.report("colour", Value.of("red")));
        assertThrows(IllegalArgumentException.class, () -> new DeviceShadow(deviceMap, List.of("mode")));
    }
}
