package dev.fieldproof.ota.delta;

import dev.fieldproof.ota.delta.isa.Isa;
import dev.fieldproof.ota.delta.isa.Segments;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Recognises containers and load addresses of images. */
final class Layouts {
    private static final int ELF_MAGIC = 0x464C457F;
    private static final int ELF_LOAD = 1;
    private static final int ELF_ARM = 40;

    private Layouts() {}

    /** Every guess worth a trial, the plain one first. */
    static List<Layout> of(byte[] old, byte[] target) {
        List<Layout> layouts = new ArrayList<>();
        layouts.add(Layout.PLAIN);
        Optional<Segments> oldElf = elf(old);
        Optional<Segments> newElf = elf(target);
        if (oldElf.isPresent() && newElf.isPresent()) {
            layouts.add(new Layout(isa("thumb"), oldElf.get(), newElf.get()));
            layouts.add(new Layout(isa("arm"), oldElf.get(), newElf.get()));
            return layouts;
        }
        Optional<Integer> oldBase = thumbBase(old);
        Optional<Integer> newBase = thumbBase(target);
        if (oldBase.isPresent() && newBase.isPresent()) {
            layouts.add(new Layout(
                    isa("thumb"),
                    Segments.flat(old.length, oldBase.get()),
                    Segments.flat(target.length, newBase.get())));
        }
        return layouts;
    }

    private static int isa(String name) {
        for (int i = 0; i < Isa.all().size(); i++) {
            if (Isa.all().get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no instruction set " + name);
    }

    /** Loaded parts of a 32-bit little-endian ARM ELF file (System V ABI, chapter 5). */
    private static Optional<Segments> elf(byte[] image) {
        ByteBuffer in = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        if (image.length < 52 || in.getInt(0) != ELF_MAGIC || image[4] != 1 || in.getShort(18) != ELF_ARM) {
            return Optional.empty();
        }
        int headers = in.getInt(28);
        int size = in.getShort(42) & 0xFFFF;
        int count = Math.min(16, in.getShort(44) & 0xFFFF);
        List<Segments.Segment> list = new ArrayList<>();
        int end = 0;
        for (int i = 0; i < count; i++) {
            long at = headers + (long) i * size;
            if (at < 0 || at + 32 > image.length) {
                break;
            }
            int offset = in.getInt((int) at + 4);
            int length = in.getInt((int) at + 16);
            boolean fits = offset >= end && length > 0 && (long) offset + length <= image.length;
            if (in.getInt((int) at) == ELF_LOAD && fits) {
                list.add(new Segments.Segment(offset, length, in.getInt((int) at + 8)));
                end = offset + length;
            }
        }
        return list.isEmpty() ? Optional.empty() : Optional.of(new Segments(list));
    }

    /** Load address of a flat Cortex-M image: the one that makes most words point at a function's first instruction. */
    static Optional<Integer> thumbBase(byte[] image) {
        ByteBuffer in = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        Map<Integer, Integer> lowBits = new HashMap<>();
        List<Integer> prologues = new ArrayList<>();
        for (int o = 0; o + 2 <= image.length; o += 2) {
            int op = in.getShort(o) & 0xFFFF;
            if ((op & 0xFF00) == 0xB500 || op == 0xE92D) {
                prologues.add(o);
            }
        }
        Map<Integer, List<Integer>> byLow = new HashMap<>();
        for (int p : prologues) {
            byLow.computeIfAbsent(p & 0xFFF, k -> new ArrayList<>()).add(p);
        }
        for (int o = 0; o + 4 <= image.length; o += 4) {
            int word = in.getInt(o);
            if ((word & 1) != 0) {
                int aim = word - 1;
                for (int p : byLow.getOrDefault(aim & 0xFFF, List.of())) {
                    int base = aim - p;
                    if (base >= 0 && base < 0x4000_0000) {
                        lowBits.merge(base, 1, Integer::sum);
                    }
                }
            }
        }
        return lowBits.entrySet().stream()
                .max(Map.Entry.<Integer, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .filter(e -> e.getValue() >= 8)
                .map(Map.Entry::getKey);
    }
}
