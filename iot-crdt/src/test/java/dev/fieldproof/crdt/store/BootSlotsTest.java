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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

    /** How a boot counts on: as this library does, or as it was done before the faults were known. */
    enum Counting {
        SOUND,
        ONE_SLOT_UNCHECKED,
        ONE_MORE_THAN_THE_READABLE,
        TWO_MORE_BUT_ONE_SLOT_REWRITTEN;

        BootSlots.Start start(byte[][] slots) {
            BootSlots.Start sound = BootSlots.boot(slots[0], slots[1], 7);
            boolean doubtful = sound.writes().size() == 2 && !sound.forgotten();
            return switch (this) {
                case SOUND -> sound;
                case ONE_SLOT_UNCHECKED -> {
                    // The epoch as it stands, torn or not.
                    BootSlots.Slot life = new BootSlots.Slot(0, slots[0][12] + 1);
                    yield new BootSlots.Start(life, List.of(new BootSlots.Write(0, BootSlots.encode(life))), false);
                }
                case ONE_MORE_THAN_THE_READABLE -> {
                    BootSlots.Slot life = new BootSlots.Slot(0, sound.life().epoch() - (doubtful ? 1 : 0));
                    BootSlots.Write write =
                            new BootSlots.Write(sound.writes().get(0).index(), BootSlots.encode(life));
                    yield new BootSlots.Start(life, List.of(write), sound.forgotten());
                }
                case TWO_MORE_BUT_ONE_SLOT_REWRITTEN ->
                    new BootSlots.Start(sound.life(), sound.writes().subList(0, 1), sound.forgotten());
            };
        }
    }

    private static Optional<BootSlots.Slot> boot(byte[][] slots, int wholeWrites, boolean torn) {
        return boot(Counting.SOUND, slots, wholeWrites, torn);
    }

    /** Boots with the power cut after some of the writes, the next one torn; empty if the boot did not finish. */
    private static Optional<BootSlots.Slot> boot(Counting counting, byte[][] slots, int wholeWrites, boolean torn) {
        BootSlots.Start start = counting.start(slots);
        for (int i = 0; i < start.writes().size(); i++) {
            BootSlots.Write write = start.writes().get(i);
            if (i == wholeWrites) {
                byte[] half = Arrays.copyOf(write.bytes(), BootSlots.SLOT_BYTES);
                Arrays.fill(half, 10, half.length, (byte) 0);
                slots[write.index()] = torn ? half : slots[write.index()];
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

    @ParameterizedTest
    @EnumSource(Counting.class)
    void noLifeIsLivedTwiceWhateverBootTearsAndWhicheverSlotDecays(Counting counting) {
        int twice = livedTwice(counting);
        if (counting == Counting.SOUND) {
            assertEquals(0, twice);
        } else {
            assertTrue(twice > 0, "the fault was not found");
        }
    }

    /** Counts histories of four boots, each with every way to fail, in which a life does not follow all before it. */
    private static int livedTwice(Counting counting) {
        List<int[]> faults = new ArrayList<>();
        for (int whole = 0; whole <= 2; whole++) {
            for (int rots = -1; rots < 2; rots++) {
                faults.add(new int[] {whole, rots});
            }
        }
        int twice = 0;
        // At most one slot decays in a history, as the other still tells.
        for (int code = 0; code < faults.size() * faults.size() * faults.size() * faults.size(); code++) {
            byte[][] slots = factory();
            long last = -1;
            int rest = code;
            boolean decayed = false;
            boolean descends = false;
            for (int i = 0; i < 4; i++) {
                int[] fault = faults.get(rest % faults.size());
                rest /= faults.size();
                Optional<BootSlots.Slot> life = boot(counting, slots, fault[0], true);
                if (life.isPresent()) {
                    descends |= life.get().epoch() <= last;
                    last = life.get().epoch();
                    if (fault[1] >= 0 && !decayed) {
                        slots[fault[1]] = rotten(slots[fault[1]]);
                        decayed = true;
                    }
                }
            }
            twice += descends ? 1 : 0;
        }
        return twice;
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
