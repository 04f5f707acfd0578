package dev.fieldproof.crdt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import dev.fieldproof.crdt.sync.SyncCodec;
import dev.fieldproof.crdt.sync.SyncMessage;
import dev.fieldproof.crdt.wire.WireBudget;
import dev.fieldproof.crdt.wire.WireException;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Messages that are broken at random, a hundred thousand in every build and a million in the full profile: nothing but
 * the one exception may come of them, and no more may be allocated than twice the input and two kilobytes.
 */
class DecoderFuzzTest {
    private static final int INPUTS = 100_000;
    private static final int FIXED_BYTES = 2048;

    /** How a thread's allocation is read; by reflection, as this module does not read the one that tells. */
    private static final class Allocation {
        private final Object bean;
        private final Method read;
        private final long overhead;

        Allocation() throws ReflectiveOperationException {
            bean = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null);
            read = Class.forName("com.sun.management.ThreadMXBean").getMethod("getThreadAllocatedBytes", long.class);
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 1000; i++) {
                long before = raw();
                least = Math.min(least, raw() - before);
            }
            overhead = least;
        }

        private long raw() throws ReflectiveOperationException {
            return (long) read.invoke(bean, Thread.currentThread().getId());
        }

        /**
         * The least bytes of three runs, the reading itself not counted: what the virtual machine makes once, on a
         * path's first use, is not the work's.
         */
        long recurring(Runnable work) throws ReflectiveOperationException {
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 3; i++) {
                long before = raw();
                work.run();
                least = Math.min(least, raw() - before - overhead);
            }
            return least;
        }
    }

    private static List<byte[]> seeds() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (String name : List.of("delta", "have")) {
            seeds.add(FormatTest.example(name));
        }
        seeds.add(FormatTest.bigDelta());
        int[] sums = new int[34];
        Arrays.setAll(sums, i -> i * 12_345);
        seeds.add(SyncCodec.encode(new SyncMessage.Ask(1, 5, 7)));
        seeds.add(SyncCodec.encode(new SyncMessage.Answer(1, 5, sums, new byte[16])));
        seeds.add(SyncCodec.encode(new SyncMessage.AskMore(1, 35, 2, new byte[60])));
        seeds.add(SyncCodec.encode(new SyncMessage.Groups(1, 2, 8, 0, sums)));
        seeds.add(SyncCodec.encode(new SyncMessage.Compared(1, 5)));
        LwwMap map = Fixtures.map(Fixtures.boot(Fixtures.DEVICE, 1), 30, Fixtures.NOW);
        map.putReal(0, 1);
        map.remove(0);
        map.putReal(3, 2);
        map.forgetRemovals(map.version());
        seeds.add(map.deltaSince(Version.NONE).toByteArray());
        seeds.add(SyncCodec.encode(new SyncMessage.Compare(1, new int[] {1, 2, 9}, true, map.deltaOf(3))));
        return seeds;
    }

    /** Changes bytes, cuts, repeats, inserts extreme numbers, or joins two messages. */
    private static byte[] mutate(List<byte[]> seeds, RandomGenerator random) {
        byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
        for (int n = 1 + random.nextInt(4); n > 0 && bytes.length > 0; n--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes = Arrays.copyOf(bytes, at);
                case 2 -> {
                    byte[] other = seeds.get(random.nextInt(seeds.size()));
                    int from = random.nextInt(other.length);
                    bytes = ByteBuffer.allocate(at + other.length - from)
                            .put(bytes, 0, at)
                            .put(other, from, other.length - from)
                            .array();
                }
                case 3 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + random.nextInt(10)), (byte) 0xFF);
                default -> bytes[at] = (byte) random.nextInt(256);
            }
        }
        return bytes;
    }

    @Test
    void nothingButTheOneExceptionAndLittleMemory() throws IOException, ReflectiveOperationException {
        List<byte[]> seeds = seeds();
        Allocation allocation = new Allocation();
        int[] accepted = new int[1];
        SeededRuns.check(INPUTS, random -> {
            byte[] bytes = mutate(seeds, random);
            try {
                boolean[] sound = new boolean[1];
                long more = allocation.recurring(() -> sound[0] = decodes(bytes)) - 2L * bytes.length;
                assertTrue(
                        more <= FIXED_BYTES, () -> more + " bytes beyond twice the " + bytes.length + " of the input");
                accepted[0] += sound[0] ? 1 : 0;
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        });
        assertTrue(accepted[0] > INPUTS / 50, "hardly anything was accepted: " + accepted[0]);
    }

    private static boolean decodes(byte[] bytes) {
        try {
            SyncCodec.decode(bytes, WireBudget.DEFAULT);
            return true;
        } catch (WireException e) {
            assertTrue(e.offsetBytes() >= 0 && e.offsetBytes() <= bytes.length);
            return false;
        }
    }

    @Test
    void whatIsAcceptedCanBeMergedAndEncodedAgain() throws IOException {
        List<byte[]> seeds = seeds();
        SeededRuns.check(INPUTS / 10, random -> {
            byte[] bytes = mutate(seeds, random);
            try {
                SyncMessage message = SyncCodec.decode(bytes, WireBudget.DEFAULT);
                byte[] again = SyncCodec.encode(message);
                assertEquals(again.length, SyncCodec.encode(SyncCodec.decode(again, WireBudget.DEFAULT)).length);
                if (message instanceof SyncMessage.Changes changes) {
                    LwwMap map = Fixtures.map(Fixtures.boot(Fixtures.CLOUD, 1), 300, Fixtures.NOW);
                    assertEquals(
                            changes.delta().size(), map.apply(changes.delta()).written());
                    assertEquals(0, map.apply(changes.delta()).accepted());
                }
            } catch (WireException e) {
                assertTrue(e.offsetBytes() >= 0);
            }
        });
    }

    /** A decoder that believes the length it reads. */
    private static int[] gullible(byte[] bytes) {
        return new int[bytes[0] << 8];
    }

    @Test
    void aDecoderThatBelievesALengthIsFoundOut() throws ReflectiveOperationException {
        Allocation allocation = new Allocation();
        byte[] bytes = {100};
        int[][] made = new int[1][];
        assertTrue(allocation.recurring(() -> made[0] = gullible(bytes)) > 2L * bytes.length + FIXED_BYTES);
        assertEquals(100 << 8, made[0].length);
    }
}
