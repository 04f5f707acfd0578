package dev.fieldproof.crdt.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.crdt.BootTrail;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BootSlotsTest {
    private static final byte[] BLANK = new byte[BootSlots.SLOT_BYTES];

    private static byte[][] factory() {
        return new byte[][] {BootSlots.encode(new BootSlots.Slot(0, 0)), BootSlots.encode(new BootSlots.Slot(0, 1))};
    }

    private static byte[] rotten(byte[] slot) {
        byte[] copy = slot.clone();
        copy[5] ^= 1;
        return copy;
    }

    /** Boots with the power cut after some of the writes, the next one torn; empty if the boot did not finish. */
    private static Optional<BootSlots.Slot> boot(byte[][] slots, int wholeWrites, boolean torn) {
        BootSlots.Start start = BootSlots.boot(slots[0], slots[1], 7);
        for (int i = 0; i < start.writes().size(); i++) {
            BootSlots.Write write = start.writes().get(i);
            if (i == wholeWrites) {
                slots[write.index()] = torn ? Arrays.copyOf(write.bytes(), 10) : slots[write.index()];
                return Optional.empty();
            }
            slots[write.index()] = write.bytes();
        }
        return Optional.of(start.life());
    }

    @Test
    void countsUpFromTheFactory() {
        byte[][] slots = factory();
        for (int epoch = 2; epoch < 10; epoch++) {
            assertEquals(epoch, boot(slots, 9, false).orElseThrow().epoch());
        }
    }

    @Test
    void noLifeIsLivedTwiceWhateverBootTearsAndWhicheverSlotDecays() {
        List<int[]> faults = new ArrayList<>();
        for (int whole = 0; whole <= 2; whole++) {
            for (int rots = -1; rots < 2; rots++) {
                faults.add(new int[] {whole, rots});
            }
        }
        // Four boots, each with every way to fail; at most one slot decays in a history, as the other still tells.
        for (int code = 0; code < faults.size() * faults.size() * faults.size() * faults.size(); code++) {
            byte[][] slots = factory();
            List<BootSlots.Slot> lived = new ArrayList<>();
            int rest = code;
            boolean decayed = false;
            for (int i = 0; i < 4; i++) {
                int[] fault = faults.get(rest % faults.size());
                rest /= faults.size();
                Optional<BootSlots.Slot> life = boot(slots, fault[0], true);
                if (life.isPresent()) {
                    assertTrue(
                            lived.isEmpty()
                                    || life.get().epoch()
                                            > lived.get(lived.size() - 1).epoch(),
                            "code " + code + ": " + lived + " then " + life);
                    lived.add(life.get());
                }
                if (fault[1] >= 0 && !decayed && life.isPresent()) {
                    slots[fault[1]] = rotten(slots[fault[1]]);
                    decayed = true;
                }
            }
        }
    }

    @Test
    void aWipedFlashAsksTheCloud() {
        BootSlots.Start start = BootSlots.boot(BLANK, new byte[0], 7);
        assertTrue(start.forgotten());
        byte[][] slots = new byte[2][];
        for (BootSlots.Write write : BootSlots.issued(1_800_000_000L, 8)) {
            slots[write.index()] = write.bytes();
        }
        BootSlots.Start next = BootSlots.boot(slots[0], slots[1], 7);
        assertFalse(next.forgotten());
        List<BootTrail.Mark> marks = List.of(new BootTrail.Mark(2, 7), new BootTrail.Mark(1, 8));
        assertEquals(new BootSlots.Slot(1_800_000_000L, 2, marks), next.life());
    }
}
