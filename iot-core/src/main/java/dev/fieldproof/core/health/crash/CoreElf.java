package dev.fieldproof.core.health.crash;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The ELF 32 core file inside a core dump: notes by name, registers by task, memory by address. */
final class CoreElf {
    private static final int EM_XTENSA = 0x5E;
    private static final int EM_RISC_V = 0xF3;
    private static final int PT_LOAD = 1;
    private static final int PT_NOTE = 4;
    private static final int NT_PRSTATUS = 1;
    private static final int PRSTATUS_PID = 24;
    private static final int HEADER_BYTES = 52;
    private static final int SEGMENT_BYTES = 32;
    private static final int MOST_SEGMENTS = 1024;
    private static final int MOST_NOTES = 1024;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);

    private record Segment(int address, ByteBuffer bytes) {}

    private final int offsetBytes;
    private final boolean riscV;
    private final List<Segment> segments = new ArrayList<>();
    private final Map<String, ByteBuffer> notes = new HashMap<>();
    private final List<ByteBuffer> statuses = new ArrayList<>();

    private CoreElf(int offsetBytes, boolean riscV) {
        this.offsetBytes = offsetBytes;
        this.riscV = riscV;
    }

    /** Reads a file that begins at an offset of the whole dump, which errors are told by. */
    static CoreElf read(ByteBuffer file, int offsetBytes) throws CrashFormatException {
        if (file.limit() < HEADER_BYTES || file.getInt(0) != 0x464C_457F || file.get(4) != 1 || file.get(5) != 1) {
            throw new CrashFormatException(offsetBytes, "an ELF file of 32 bits, little endian, is expected");
        }
        int machine = file.getShort(18);
        if (machine != EM_XTENSA && machine != EM_RISC_V) {
            throw new CrashFormatException(offsetBytes + 18, "the machine is Xtensa or RISC-V, not " + machine);
        }
        CoreElf elf = new CoreElf(offsetBytes, machine == EM_RISC_V);
        int table = file.getInt(28);
        int count = file.getShort(44) & 0xFFFF;
        if (file.getShort(42) != SEGMENT_BYTES || count > MOST_SEGMENTS) {
            throw new CrashFormatException(offsetBytes + 42, "program headers are of 32 bytes and at most 1,024");
        }
        if (table < 0 || table > file.limit() - count * SEGMENT_BYTES) {
            throw new CrashFormatException(offsetBytes + 28, "the program headers lie in the file");
        }
        for (int i = 0; i < count; i++) {
            elf.segment(file, table + i * SEGMENT_BYTES);
        }
        return elf;
    }

    private void segment(ByteBuffer file, int header) throws CrashFormatException {
        int type = file.getInt(header);
        int from = file.getInt(header + 4);
        int size = file.getInt(header + 16);
        if (from < 0 || size < 0 || from > file.limit() - size) {
            throw new CrashFormatException(offsetBytes + header, "a segment lies in the file");
        }
        ByteBuffer bytes = file.slice(from, size).order(ByteOrder.LITTLE_ENDIAN);
        if (type == PT_LOAD) {
            segments.add(new Segment(file.getInt(header + 8), bytes));
        } else if (type == PT_NOTE) {
            notes(bytes, offsetBytes + from);
        }
    }

    /** A note: sizes of name and contents, type, then both, each filled up to four bytes. */
    private void notes(ByteBuffer in, int offset) throws CrashFormatException {
        int at = 0;
        while (at + 12 <= in.limit()) {
            int nameBytes = in.getInt(at);
            int contentBytes = in.getInt(at + 4);
            int type = in.getInt(at + 8);
            long content = at + 12 + padded(nameBytes);
            long end = content + padded(contentBytes);
            if (nameBytes < 0
                    || contentBytes < 0
                    || end > padded(in.limit())
                    || statuses.size() + notes.size() > MOST_NOTES) {
                throw new CrashFormatException(offset + at, "a note lies in its segment");
            }
            ByteBuffer contents = in.slice((int) content, Math.min(contentBytes, in.limit() - (int) content))
                    .order(ByteOrder.LITTLE_ENDIAN);
            if (type == NT_PRSTATUS) {
                statuses.add(contents);
            } else {
                notes.putIfAbsent(name(in, at + 12, nameBytes), contents);
            }
            at = (int) end;
        }
    }

    private static long padded(long bytes) {
        return bytes + 3 & ~3L;
    }

    private static String name(ByteBuffer in, int at, int bytes) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < bytes && i < 64 && in.get(at + i) != 0; i++) {
            name.append((char) (in.get(at + i) & 0x7F));
        }
        return name.toString();
    }

    int offsetBytes() {
        return offsetBytes;
    }

    boolean isRiscV() {
        return riscV;
    }

    int tasks() {
        return statuses.size();
    }

    /** The contents of the first note of a name, empty if there is none. */
    ByteBuffer note(String name) {
        return notes.getOrDefault(name, NOTHING);
    }

    /** The registers of a task by its handle; the first task's, which is the one that ran, if there is no such task. */
    ByteBuffer statusOf(int handle) {
        for (ByteBuffer status : statuses) {
            if (status.limit() >= PRSTATUS_PID + 4 && status.getInt(PRSTATUS_PID) == handle) {
                return status;
            }
        }
        return statuses.isEmpty() ? NOTHING : statuses.get(0);
    }

    /** Memory from an address on, to the end of its segment. */
    ByteBuffer segmentFrom(int address) {
        for (Segment segment : segments) {
            long offset = Integer.toUnsignedLong(address) - Integer.toUnsignedLong(segment.address());
            if (offset >= 0 && offset < segment.bytes().limit()) {
                int from = (int) offset;
                return segment.bytes()
                        .slice(from, segment.bytes().limit() - from)
                        .order(ByteOrder.LITTLE_ENDIAN);
            }
        }
        return NOTHING;
    }

    /** Memory that begins exactly at an address. */
    ByteBuffer segmentAt(int address) {
        return segments.stream()
                .filter(segment -> segment.address() == address)
                .map(Segment::bytes)
                .findFirst()
                .orElse(NOTHING);
    }

    /** The whole segment that holds an address, which for a crashed task's stack begins with its saved frame. */
    ByteBuffer segmentHolding(int address) {
        for (Segment segment : segments) {
            long offset = Integer.toUnsignedLong(address) - Integer.toUnsignedLong(segment.address());
            if (offset >= 0 && offset < segment.bytes().limit()) {
                return segment.bytes();
            }
        }
        return NOTHING;
    }
}
