package dev.fieldproof.core.health.crash;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Reads ESP-IDF core dumps as the chip writes them to its flash partition, data format ELF: a header of 12 to 24 bytes,
 * an ELF 32 core file, and a CRC-32 or SHA-256 over both. Versions 1.0 to 1.4 are read; the older binary format (0.x)
 * is refused by name. Stateless and thread-safe; nothing is allocated that the input's own length does not bound.
 */
public final class CoreDump {
    private static final int MOST_BYTES = 16 << 20;
    private static final int SHA256_BYTES = 32;
    private static final int CRC_BYTES = 4;
    private static final int INVALID_CAUSE = 0xFFFF;
    private static final int TASK_NAME_OFFSET = 52;
    private static final int TASK_NAME_BYTES = 16;

    private static final int XTENSA_PC = 72;
    private static final int XTENSA_A0 = 72 + 4 * 64;
    private static final int RISC_V_REGISTERS = 72;
    private static final int RISC_V_FRAME_MCAUSE = 4 * 34;
    private static final int EXCCAUSE = 232;
    private static final int EXCVADDR = 238;

    private CoreDump() {}

    /**
     * Reads a dump.
     *
     * @param dump from its first byte; what follows its declared length, such as the rest of a partition, is ignored
     * @return the summary
     * @throws CrashFormatException if it is damaged, not a core dump, or of an unknown version
     */
    public static CrashRecord read(byte[] dump) throws CrashFormatException {
        ByteBuffer in = ByteBuffer.wrap(dump).order(ByteOrder.LITTLE_ENDIAN);
        if (dump.length < 24) {
            throw new CrashFormatException(dump.length, "a core dump has at least 24 bytes");
        }
        int length = in.getInt(0);
        int version = in.getInt(4);
        if (length < 24 || length > dump.length || length > MOST_BYTES) {
            throw new CrashFormatException(
                    0,
                    "the declared length " + Integer.toUnsignedString(length) + " does not fit " + dump.length
                            + " bytes");
        }
        if ((version >>> 8 & 0xFF) != 1 || (version & 0xFF) > 4) {
            String rule = (version >>> 8 & 0xFF) == 0
                    ? "the binary format is not read, only ELF"
                    : "the version is 1.0 to 1.4";
            throw new CrashFormatException(4, rule + ", not " + (version >>> 8 & 0xFF) + "." + (version & 0xFF));
        }
        int minor = version & 0xFF;
        boolean sha = minor == 1 || minor >= 3;
        int headerBytes = switch (minor) {
            case 0, 1 -> 20;
            case 2, 3 -> 24;
            default -> 12;
        };
        int end = length - (sha ? SHA256_BYTES : CRC_BYTES);
        if (end < headerBytes) {
            throw new CrashFormatException(0, "the declared length leaves no room for header and checksum");
        }
        check(dump, end, sha);
        CoreElf elf =
                CoreElf.read(in.slice(headerBytes, end - headerBytes).order(ByteOrder.LITTLE_ENDIAN), headerBytes);
        return summary(elf, version >>> 16);
    }

    private static void check(byte[] dump, int end, boolean sha) throws CrashFormatException {
        if (sha) {
            byte[] expected = Arrays.copyOfRange(dump, end, end + SHA256_BYTES);
            try {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                digest.update(dump, 0, end);
                if (!MessageDigest.isEqual(expected, digest.digest())) {
                    throw new CrashFormatException(end, "the SHA-256 digest does not match");
                }
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        } else {
            CRC32 crc = new CRC32();
            crc.update(dump, 0, end);
            int expected = ByteBuffer.wrap(dump).order(ByteOrder.LITTLE_ENDIAN).getInt(end);
            if ((int) crc.getValue() != expected) {
                throw new CrashFormatException(end, "the CRC-32 does not match");
            }
        }
    }

    private static CrashRecord summary(CoreElf elf, int chip) throws CrashFormatException {
        ByteBuffer extra = elf.note("ESP_EXTRA_INFO");
        int crashed = extra.remaining() >= 4 ? extra.getInt(extra.position()) : 0;
        ByteBuffer status = elf.statusOf(crashed);
        int least = elf.isRiscV() ? RISC_V_REGISTERS + 4 * 32 : XTENSA_A0 + 4 * 16;
        if (status.remaining() < least) {
            throw new CrashFormatException(elf.offsetBytes(), "the registers of a task have " + least + " bytes");
        }
        int at = status.position();
        List<Long> backtrace = new ArrayList<>();
        long cause;
        long fault;
        long pc;
        if (elf.isRiscV()) {
            int sp = status.getInt(at + RISC_V_REGISTERS + 8);
            pc = Integer.toUnsignedLong(status.getInt(at + RISC_V_REGISTERS));
            ByteBuffer stack = elf.segmentHolding(sp);
            int frame = stack.position() + RISC_V_FRAME_MCAUSE;
            boolean known = stack.remaining() >= RISC_V_FRAME_MCAUSE + 8;
            cause = known ? Integer.toUnsignedLong(stack.getInt(frame)) : -1;
            fault = known ? Integer.toUnsignedLong(stack.getInt(frame + 4)) : 0;
            scan(elf, pc, status.getInt(at + RISC_V_REGISTERS + 4), sp, backtrace);
        } else {
            pc = Integer.toUnsignedLong(status.getInt(at + XTENSA_PC));
            cause = pair(extra, EXCCAUSE, -1);
            fault = pair(extra, EXCVADDR, 0);
            walk(elf, pc, status.getInt(at + XTENSA_A0), status.getInt(at + XTENSA_A0 + 4), backtrace);
        }
        return new CrashRecord(
                chip,
                elf.isRiscV(),
                taskName(elf, crashed),
                cause == INVALID_CAUSE ? -1 : cause,
                fault,
                pc,
                backtrace,
                !elf.isRiscV(),
                text(elf.note("ESP_PANIC_DETAILS"), 0, 256),
                text(elf.note("ESP_CORE_DUMP_INFO"), 4, 64),
                elf.tasks());
    }

    /** A register of the crashed task, from pairs of number and value after the task's handle. */
    private static long pair(ByteBuffer extra, int register, long otherwise) {
        for (int at = extra.position() + 4; at + 8 <= extra.limit(); at += 8) {
            if (extra.getInt(at) == register) {
                return Integer.toUnsignedLong(extra.getInt(at + 4));
            }
        }
        return otherwise;
    }

    private static String taskName(CoreElf elf, int handle) {
        return text(elf.segmentAt(handle), TASK_NAME_OFFSET, TASK_NAME_BYTES);
    }

    private static String text(ByteBuffer bytes, int from, int most) {
        StringBuilder text = new StringBuilder();
        for (int at = bytes.position() + from; at < bytes.limit() && text.length() < most; at++) {
            int c = bytes.get(at);
            if (c == 0) {
                break;
            }
            text.append(c >= 32 && c < 127 ? (char) c : '?');
        }
        return text.toString();
    }

    /**
     * Walks windowed frames (Xtensa ISA reference manual, windowed procedure calls): a caller's a0 and a1 lie 16 and 12
     * bytes below the callee's stack pointer. The top bits of a return address hold the window's size.
     */
    private static void walk(CoreElf elf, long pc, int a0, int a1, List<Long> backtrace) {
        int next = a0;
        int sp = a1;
        int region = (int) pc & 0xC000_0000;
        while (backtrace.size() < CrashRecord.MOST_FRAMES && next != 0) {
            backtrace.add(Integer.toUnsignedLong(((next & 0x3FFF_FFFF) | region) - 3));
            ByteBuffer save = elf.segmentFrom(sp - 16);
            if (save.remaining() < 8) {
                return;
            }
            next = save.getInt(save.position());
            int caller = save.getInt(save.position() + 4);
            if (Integer.compareUnsigned(caller, sp) <= 0) {
                return;
            }
            sp = caller;
        }
    }

    /** RISC-V keeps no frame pointers: what lies on the stack and points near the crash, in code, may be a caller. */
    private static void scan(CoreElf elf, long pc, int ra, int sp, List<Long> backtrace) {
        if (ra != 0) {
            backtrace.add(Integer.toUnsignedLong(ra));
        }
        ByteBuffer stack = elf.segmentFrom(sp);
        for (int at = stack.position();
                at + 4 <= stack.limit() && backtrace.size() < CrashRecord.MOST_FRAMES;
                at += 4) {
            int word = stack.getInt(at);
            boolean inCode = (word >>> 24) == 0x40 || (word >>> 24) == 0x42 || (word >>> 24) == (pc >>> 24);
            if (inCode && (word & 1) == 0 && elf.segmentFrom(word).remaining() == 0) {
                backtrace.add(Integer.toUnsignedLong(word));
            }
        }
    }
}
