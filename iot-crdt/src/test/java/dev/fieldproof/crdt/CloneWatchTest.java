package dev.fieldproof.crdt;

import static dev.fieldproof.crdt.Fixtures.DEVICE;
import static dev.fieldproof.crdt.Fixtures.boot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloneWatchTest {
    private static final int STEPS = 9;
    private static final BootTrail IMAGE =
            new BootTrail(boot(DEVICE, 3), List.of(new BootTrail.Mark(3, 333), new BootTrail.Mark(2, 222)));

    /** What two devices from one image and the cloud know after some steps. */
    private static final class World {
        final BootTrail[] trails = {IMAGE, IMAGE};
        final boolean[] reached = new boolean[2];
        final int marks;
        final CloneWatch cloud;
        boolean alarmed;
        boolean sameEpochMet;
        private final long[] lastEpoch = {-1, -2};

        World(int marks) {
            this.marks = marks;
            this.cloud = new CloneWatch(BootTrail.MAX_MARKS);
        }

        void boot(int device, int step) {
            Boot life = boot0(trails[device].life());
            trails[device] = trails[device].next(life, 1000 * (device + 1) + step);
        }

        private static Boot boot0(Boot life) {
            return new Boot(life.writer(), life.incarnation(), life.epoch() + 1);
        }

        void contact(int device) {
            BootTrail trail = trails[device];
            BootTrail sent = new BootTrail(
                    trail.life(),
                    trail.marks().subList(0, Math.min(marks, trail.marks().size())));
            alarmed |= cloud.observe(sent).isPresent();
            reached[device] = true;
            lastEpoch[device] = trail.life().epoch();
            sameEpochMet |= lastEpoch[0] == lastEpoch[1];
        }
    }

    /** Counts histories after which both devices have reached the cloud and nobody noticed. */
    private static int unnoticed(int marks, boolean byStampAlone) {
        int unnoticed = 0;
        for (int length = 4; length <= STEPS; length++) {
            for (int code = 0; code < 1 << (2 * length); code++) {
                World world = new World(marks);
                boolean possible = true;
                for (int step = 0; step < length && possible; step++) {
                    int action = code >>> (2 * step) & 3;
                    int device = action & 1;
                    if (action < 2) {
                        world.boot(device, step);
                    } else {
                        // Whoever is made from an image boots before it speaks.
                        possible = world.trails[device].life().epoch()
                                > IMAGE.life().epoch();
                        if (possible) {
                            world.contact(device);
                        }
                    }
                }
                boolean noticed = byStampAlone ? world.sameEpochMet : world.alarmed;
                unnoticed += possible && world.reached[0] && world.reached[1] && !noticed ? 1 : 0;
            }
        }
        return unnoticed;
    }

    @Test
    void eightMarksLeaveNoCloneUnnoticed() {
        assertEquals(0, unnoticed(BootTrail.MAX_MARKS, false));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void fewerMarksAreNotEnough(int marks) {
        assertTrue(unnoticed(marks, false) > 1000);
    }

    @Test
    void equalStampsWithOtherBytesAreNotEnough() {
        assertTrue(unnoticed(0, true) > 1000);
    }

    @Test
    void anHonestDeviceIsNeverSuspected() {
        CloneWatch watch = new CloneWatch();
        BootTrail trail = IMAGE;
        BootTrail old = trail;
        for (int i = 0; i < 300; i++) {
            // Epochs may skip, and greetings may come late or twice.
            Boot life = new Boot(DEVICE, 0, trail.life().epoch() + 1 + i % 2);
            trail = trail.next(life, i * 31);
            assertEquals(Optional.empty(), watch.observe(trail));
            assertEquals(Optional.empty(), watch.observe(old));
            old = i % 5 == 0 ? trail : old;
        }
        BootTrail wiped = trail.next(new Boot(DEVICE, 1, 1), 5);
        assertEquals(List.of(new BootTrail.Mark(1, 5)), wiped.marks());
        assertEquals(Optional.empty(), watch.observe(wiped));
        assertEquals(Optional.empty(), watch.observe(trail), "the incarnation before is silent");
    }

    @Test
    void tellsWhereTwoLivesPart() {
        CloneWatch watch = new CloneWatch();
        watch.observe(IMAGE.next(boot(DEVICE, 4), 1));
        BootTrail clone = IMAGE.next(boot(DEVICE, 4), 2).next(boot(DEVICE, 5), 3);
        assertEquals(Optional.of(new CloneWatch.Clone(boot(DEVICE, 5), 4)), watch.observe(clone));
        assertThrows(
                IllegalArgumentException.class,
                () -> new BootTrail(boot(DEVICE, 4), List.of(new BootTrail.Mark(3, 1))));
    }
}
