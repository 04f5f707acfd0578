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
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/** Recognises file formats and load addresses of images: guesses only, a trial decides. */
final class Layouts {
    private static final int ELF_MAGIC = 0x464C457F;
    private static final int ELF_LOAD = 1;
    private static final int ELF_ARM = 40;
    private static final int ESP_MAGIC = 0xE9;
    private static final int ESP_MAX_SEGMENTS = 16;
    private static final int FLASH_SECTOR_BYTES = 4096;
    private static final int MICROPYTHON_AT = 0x9000;
    private static final int MICROPYTHON_ADDRESS = 0x4020_9000;
    private static final int MIN_VOTES = 8;

    private Layouts() {}

    /** Every guess worth a trial, the plain one first. */
    static List<Layout> of(byte[] old, byte[] target) {
        List<Layout> layouts = new ArrayList<>();
        layouts.add(Layout.PLAIN);
        Optional<Segments> oldElf = elf(old);
        Optional<Segments> newElf = elf(target);
        if (oldElf.isPresent() && newElf.isPresent()) {
            add(layouts, oldElf.get(), newElf.get(), "thumb", "arm");
            return layouts;
        }
        for (int headerBytes : new int[] {24, 8}) {
            Optional<Segments> oldEsp = esp(old, headerBytes);
            Optional<Segments> newEsp = esp(target, headerBytes);
            if (oldEsp.isPresent() && newEsp.isPresent()) {
                if (headerBytes == 24) {
                    add(layouts, oldEsp.get(), newEsp.get(), "xtensa", "riscv32");
                } else {
                    add(layouts, oldEsp.get(), newEsp.get(), "xtensa-call0");
                    if (old.length > MICROPYTHON_AT && target.length > MICROPYTHON_AT) {
                        add(layouts, micropython(oldEsp.get(), old), micropython(newEsp.get(), target), "xtensa-call0");
                    }
                }
            }
        }
        flat(layouts, old, target);
        return layouts;
    }

    private static void flat(List<Layout> layouts, byte[] old, byte[] target) {
        Optional<Integer> oldBase = base(old, Layouts::thumbPrologue, 1, base -> base >= 0 && base < 0x4000_0000);
        Optional<Integer> newBase = base(target, Layouts::thumbPrologue, 1, base -> base >= 0 && base < 0x4000_0000);
        if (oldBase.isPresent() && newBase.isPresent()) {
            add(
                    layouts,
                    Segments.flat(old.length, oldBase.get()),
                    Segments.flat(target.length, newBase.get()),
                    "thumb");
        }
        oldBase = mipsBase(old);
        newBase = mipsBase(target);
        if (oldBase.isPresent() && newBase.isPresent()) {
            add(layouts, Segments.flat(old.length, oldBase.get()), Segments.flat(target.length, newBase.get()), "mips");
        }
        Segments oldZero = Segments.flat(old.length, 0);
        Segments newZero = Segments.flat(target.length, 0);
        add(layouts, oldZero, newZero, "avr", "tc32", "riscv32", "riscv64", "arm");
    }

    /** Guesses for images whose framing tells where they are loaded. */
    static List<Layout> loaded(Segments old, Segments target) {
        List<Layout> layouts = new ArrayList<>();
        add(layouts, old, target, "thumb", "avr", "riscv32");
        return layouts;
    }

    private static void add(List<Layout> layouts, Segments old, Segments target, String... names) {
        for (String name : names) {
            layouts.add(new Layout(isa(name), old, target));
        }
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

    /** The largest ESP image ("Firmware Image Format" in Espressif's esptool manual) at any flash sector. */
    static Optional<Segments> esp(byte[] image, int headerBytes) {
        List<Segments.Segment> best = List.of();
        long bestBytes = 0;
        for (int at = 0; at < image.length; at += FLASH_SECTOR_BYTES) {
            if ((image[at] & 0xFF) == ESP_MAGIC) {
                List<Segments.Segment> list = espAt(image, at, headerBytes);
                long bytes = list.stream().mapToLong(Segments.Segment::length).sum();
                if (bytes > bestBytes) {
                    best = list;
                    bestBytes = bytes;
                }
            }
        }
        return best.isEmpty() ? Optional.empty() : Optional.of(new Segments(best));
    }

    private static List<Segments.Segment> espAt(byte[] image, int start, int headerBytes) {
        ByteBuffer in = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        List<Segments.Segment> list = new ArrayList<>();
        if (start + 1 >= image.length || image[start + 1] < 1 || image[start + 1] > ESP_MAX_SEGMENTS) {
            return list;
        }
        long at = (long) start + headerBytes;
        for (int i = 0; i < image[start + 1]; i++) {
            if (at + 8 > image.length) {
                return List.of();
            }
            int address = in.getInt((int) at);
            int length = in.getInt((int) at + 4);
            if (length < 0 || at + 8 + length > image.length || address >>> 28 < 3 || address >>> 28 > 6) {
                return List.of();
            }
            list.add(new Segments.Segment((int) at + 8, length, address));
            at += 8 + length;
        }
        return list;
    }

    /** MicroPython on the ESP8266 runs the code after its image straight from flash. */
    private static Segments micropython(Segments esp, byte[] image) {
        List<Segments.Segment> list = new ArrayList<>();
        for (Segments.Segment s : esp.list()) {
            if (s.offset() + s.length() <= MICROPYTHON_AT) {
                list.add(s);
            }
        }
        list.add(new Segments.Segment(MICROPYTHON_AT, image.length - MICROPYTHON_AT, MICROPYTHON_ADDRESS));
        return new Segments(list);
    }

    private static int thumbPrologue(int word) {
        return (word & 0xFF00) == 0xB500 || (word & 0xFFFF) == 0xE92D ? 2 : 0;
    }

    private static int mipsPrologue(int word) {
        return (word & 0xFFFF_8000) == 0x27BD_8000 ? 4 : 0;
    }

    /** Calls tell all but the top four bits of the address; those are such that most words are pointers. */
    private static Optional<Integer> mipsBase(byte[] image) {
        IntUnaryOperator callee = word -> word >>> 26 == 3 ? (word & 0x3FF_FFFF) << 2 : -1;
        return vote(image, Layouts::mipsPrologue, callee, base -> true).map(low -> {
            ByteBuffer in = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
            int[] pointers = new int[16];
            for (int o = 0; o + 4 <= image.length; o += 4) {
                int word = in.getInt(o);
                if (Integer.compareUnsigned((word & 0xFFF_FFFF) - (low & 0xFFF_FFFF), image.length) < 0) {
                    pointers[word >>> 28]++;
                }
            }
            int best = 8;
            for (int top = 0; top < pointers.length; top++) {
                best = pointers[top] > pointers[best] ? top : best;
            }
            return best << 28 | (low & 0xFFF_FFFF);
        });
    }

    /** Load address of a flat image: the one that makes most words point at a function's first instruction. */
    private static Optional<Integer> base(byte[] image, IntUnaryOperator prologue, int tag, IntPredicate plausible) {
        return vote(image, prologue, word -> (word & 1) == tag ? word - tag : -1, plausible);
    }

    private static Optional<Integer> vote(
            byte[] image, IntUnaryOperator prologue, IntUnaryOperator callee, IntPredicate plausible) {
        ByteBuffer in = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        Map<Integer, List<Integer>> byLow = new HashMap<>();
        for (int o = 0; o + 4 <= image.length; o += 2) {
            int size = prologue.applyAsInt(in.getInt(o));
            if (size != 0 && o % size == 0) {
                byLow.computeIfAbsent(o & 0xFFF, k -> new ArrayList<>()).add(o);
            }
        }
        Map<Integer, Integer> votes = new HashMap<>();
        for (int o = 0; o + 4 <= image.length; o += 4) {
            int aim = callee.applyAsInt(in.getInt(o));
            if (aim != -1) {
                for (int p : byLow.getOrDefault(aim & 0xFFF, List.of())) {
                    if (plausible.test(aim - p)) {
                        votes.merge(aim - p, 1, Integer::sum);
                    }
                }
            }
        }
        return votes.entrySet().stream()
                .max(Map.Entry.<Integer, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .filter(e -> e.getValue() >= MIN_VOTES)
                .map(Map.Entry::getKey);
    }
}
