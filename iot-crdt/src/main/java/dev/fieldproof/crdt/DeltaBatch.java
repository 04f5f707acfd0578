package dev.fieldproof.crdt;

import dev.fieldproof.crdt.wire.WireWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects entries and writes them as a delta, grouped by life and sorted by key. Not thread-safe. */
final class DeltaBatch {
    private static final int ROW_BITS = 24;
    private static final int KEY_BITS = 24;

    private final List<Boot> boots = new ArrayList<>();
    private final Map<Boot, Integer> bootIndex = new HashMap<>();
    private @Nullable Boot lastBoot;
    private int lastIndex;

    private int size;
    private int[] groups = new int[16];
    private int[] keys = new int[16];
    private long[] counters = new long[16];
    private byte[] kinds = new byte[16];
    private long[] bits = new long[16];
    private @Nullable Object[] objects = new Object[16];

    int size() {
        return size;
    }

    /** Whether another entry of an unseen life might exceed the format's limit. */
    boolean full() {
        return boots.size() >= DeltaCursor.MAX_BOOTS - 1 || size == (1 << ROW_BITS) - 1;
    }

    int indexOf(Boot boot) {
        if (!boot.equals(lastBoot)) {
            lastIndex = bootIndex.computeIfAbsent(boot, b -> {
                boots.add(b);
                return boots.size() - 1;
            });
            lastBoot = boot;
        }
        return lastIndex;
    }

    void add(int key, boolean shared, Boot boot, long counter, byte kind, long bit, @Nullable Object object) {
        if (size == keys.length) {
            int capacity = size * 2;
            groups = Arrays.copyOf(groups, capacity);
            keys = Arrays.copyOf(keys, capacity);
            counters = Arrays.copyOf(counters, capacity);
            kinds = Arrays.copyOf(kinds, capacity);
            bits = Arrays.copyOf(bits, capacity);
            objects = Arrays.copyOf(objects, capacity);
        }
        groups[size] = indexOf(boot) << 1 | (shared ? 1 : 0);
        keys[size] = key;
        counters[size] = counter;
        kinds[size] = kind;
        bits[size] = bit;
        objects[size++] = object;
    }

    /** Writes everything collected; {@code extra} is appended as it is. */
    byte[] encode(Version from, long to, List<Floor> floors, long floorsFrom, byte[] extra) {
        int[] floorTags = new int[floors.size()];
        for (int i = 0; i < floorTags.length; i++) {
            floorTags[i] =
                    indexOf(floors.get(i).stamp().boot()) << 1 | (floors.get(i).shared() ? 1 : 0);
        }
        long[] order = new long[size];
        int groupCount = 0;
        for (int row = 0; row < size; row++) {
            order[row] = ((long) groups[row] << KEY_BITS | keys[row]) << ROW_BITS | row;
        }
        Arrays.sort(order);
        for (int i = 0; i < size; i++) {
            groupCount += i == 0 || group(order[i]) != group(order[i - 1]) ? 1 : 0;
        }
        WireWriter out = new WireWriter();
        out.u8(DeltaCursor.TYPE).u8(DeltaCursor.FORMAT_VERSION).fixed64(from.logId());
        out.varint(from.position()).varint(to - from.position());
        out.varint(boots.size());
        for (Boot boot : boots) {
            out.fixed64(boot.writer().value()).varint(boot.incarnation()).varint(boot.epoch());
        }
        out.varint(floorTags.length);
        if (floorTags.length > 0) {
            out.varint(floorsFrom - to);
        }
        for (int i = 0; i < floorTags.length; i++) {
            out.varint(floorTags[i]).varint(floors.get(i).stamp().counter());
        }
        out.varint(groupCount);
        for (int start = 0; start < size; ) {
            int end = start + 1;
            while (end < size && group(order[end]) == group(order[start])) {
                end++;
            }
            writeGroup(out, order, start, end);
            start = end;
        }
        return out.raw(extra).toByteArray();
    }

    private static int group(long cell) {
        return (int) (cell >>> (KEY_BITS + ROW_BITS));
    }

    private static int key(long cell) {
        return (int) (cell >>> ROW_BITS) & ((1 << KEY_BITS) - 1);
    }

    private static int row(long cell) {
        return (int) cell & ((1 << ROW_BITS) - 1);
    }

    private void writeGroup(WireWriter out, long[] order, int start, int end) {
        int count = end - start;
        long[] column = new long[count];
        out.varint(group(order[start])).varint(count).varint(key(order[start]));
        for (int i = 1; i < count; i++) {
            column[i - 1] = key(order[start + i]) - key(order[start + i - 1]) - 1L;
        }
        out.packed(column, count - 1);
        for (int i = 0; i < count; i++) {
            column[i] = counters[row(order[start + i])];
        }
        out.framed(column, count);
        int scale = scaleOf(order, start, end);
        byte[] codes = new byte[count];
        boolean uniform = true;
        int seen = 0;
        for (int i = 0; i < count; i++) {
            int row = row(order[start + i]);
            boolean decimal = kinds[row] == Kind.REAL && number(row, scale) != Long.MIN_VALUE;
            codes[i] = decimal ? Kind.DECIMAL : kinds[row];
            uniform &= codes[i] == codes[0];
            seen |= 1 << codes[i];
            column[i] = codes[i];
        }
        if (uniform) {
            out.u8(codes[0]);
        } else {
            out.u8(15).packed(column, count);
        }
        for (int code = Kind.INT; code <= Kind.LAST; code++) {
            if ((seen >>> code & 1) != 0) {
                writePayload(out, code, scale, codes, order, start, column);
            }
        }
    }

    private long number(int row, int scale) {
        return DeltaCursor.undecimal(Double.longBitsToDouble(bits[row]), scale);
    }

    /** The scale at which every short decimal fraction of the group is a whole number. */
    private int scaleOf(long[] order, int start, int end) {
        int scale = 0;
        for (int i = start; i < end; i++) {
            int row = row(order[i]);
            if (kinds[row] == Kind.REAL && number(row, scale) == Long.MIN_VALUE) {
                int own = scale + 1;
                while (own <= DeltaCursor.MAX_SCALE && number(row, own) == Long.MIN_VALUE) {
                    own++;
                }
                scale = own <= DeltaCursor.MAX_SCALE ? own : scale;
            }
        }
        return scale;
    }

    private void writePayload(
            WireWriter out, int code, int scale, byte[] codes, long[] order, int start, long[] column) {
        int count = 0;
        List<byte[]> blocks = new ArrayList<>();
        for (int i = 0; i < codes.length; i++) {
            if (codes[i] != code) {
                continue;
            }
            int row = row(order[start + i]);
            if (code == Kind.REAL) {
                out.fixed64(bits[row]);
            } else if (code == Kind.DECIMAL) {
                column[count++] = number(row, scale);
            } else if (Kind.hasObject(code)) {
                byte[] block = Kind.bytesOf(objects[row]);
                blocks.add(block);
                column[count++] = block.length;
            } else {
                column[count++] = bits[row];
            }
        }
        if (code == Kind.DECIMAL) {
            out.u8(scale);
        }
        if (Kind.hasObject(code)) {
            out.packed(column, count);
            blocks.forEach(out::raw);
        } else if (code != Kind.REAL) {
            out.framed(column, count);
        }
    }
}
