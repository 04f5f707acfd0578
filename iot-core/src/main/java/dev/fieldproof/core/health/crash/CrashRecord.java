package dev.fieldproof.core.health.crash;

import java.util.List;
import java.util.Locale;

/**
 * The summary of a crash.
 *
 * @param chip number of the chip as in its image header: 0 ESP32, 2 S2, 5 C3, 9 S3, 12 C2, 13 C6, 16 H2, 18 P4
 * @param isRiscV whether the chip's cores are RISC-V; the others are Xtensa
 * @param task name of the task that crashed, empty if its control block was lost
 * @param cause number of the exception: Xtensa's EXCCAUSE or RISC-V's mcause; -1 if unknown
 * @param faultAddress what the core tried to reach, Xtensa's EXCVADDR or RISC-V's mtval
 * @param programCounter where it crashed
 * @param backtrace return addresses, innermost first, at most 16. Exact for Xtensa, whose stack can be walked; for
 *     RISC-V the return address alone, then words of the stack that lie in code, since its frames cannot be told
 * @param isBacktraceExact whether every address is known to be a caller
 * @param panicReason what the firmware said, empty if nothing
 * @param firmware first hexadecimal digits of the SHA-256 digest of the firmware's ELF file, empty if unknown
 * @param tasks how many tasks the dump holds
 */
public record CrashRecord(
        int chip,
        boolean isRiscV,
        String task,
        long cause,
        long faultAddress,
        long programCounter,
        List<Long> backtrace,
        boolean isBacktraceExact,
        String panicReason,
        String firmware,
        int tasks) {
    /** How many return addresses a record holds at most. */
    public static final int MOST_FRAMES = 16;

    private static final String[] XTENSA_CAUSES = {
        "illegal instruction",
        "system call",
        "instruction fetch error",
        "load or store error",
        "level-1 interrupt",
        "alloca",
        "integer division by zero",
        "next program counter error",
        "privileged instruction",
        "unaligned load or store"
    };
    private static final String[] RISC_V_CAUSES = {
        "instruction address misaligned",
        "instruction access fault",
        "illegal instruction",
        "breakpoint",
        "load address misaligned",
        "load access fault",
        "store address misaligned",
        "store access fault",
        "environment call from user mode",
        "environment call from supervisor mode",
        "reserved",
        "environment call from machine mode",
        "instruction page fault",
        "load page fault",
        "reserved",
        "store page fault"
    };

    /** Copies the backtrace. */
    public CrashRecord {
        backtrace = List.copyOf(backtrace);
    }

    /**
     * The cause in words, as the cores' manuals name it.
     *
     * @return for example {@code store prohibited}
     */
    public String causeName() {
        if (isRiscV) {
            return cause >= 0 && cause < RISC_V_CAUSES.length ? RISC_V_CAUSES[(int) cause] : "cause " + cause;
        }
        if (cause >= 0 && cause < XTENSA_CAUSES.length) {
            return XTENSA_CAUSES[(int) cause];
        }
        return switch ((int) Math.max(-1, Math.min(255, cause))) {
            case 20 -> "instruction fetch prohibited";
            case 28 -> "load prohibited";
            case 29 -> "store prohibited";
            default -> "cause " + cause;
        };
    }

    /**
     * What tells two crashes of one kind from others: the same firmware, task, cause and innermost frames.
     *
     * @return a key to count crashes by
     */
    public String signature() {
        return String.format(
                Locale.ROOT,
                "%s/%s/%d/%08x/%08x",
                firmware,
                task,
                cause,
                programCounter,
                backtrace.size() > 1 ? backtrace.get(1) : 0L);
    }

    /**
     * The record for people.
     *
     * @param symbols names the addresses
     * @return one line for the cause and one for each address
     */
    public String text(SymbolLookup symbols) {
        StringBuilder text = new StringBuilder();
        text.append("task '").append(task).append("': ").append(causeName());
        if (faultAddress != 0) {
            text.append(String.format(Locale.ROOT, " at 0x%08x", faultAddress));
        }
        if (!panicReason.isEmpty()) {
            text.append(" (").append(panicReason).append(')');
        }
        text.append('\n').append(line(symbols, programCounter));
        for (long address : backtrace) {
            text.append(line(symbols, address));
        }
        return text.toString();
    }

    private String line(SymbolLookup symbols, long address) {
        return String.format(
                        Locale.ROOT,
                        "  0x%08x %s%n",
                        address,
                        symbols.name(firmware, address).orElse("?"))
                .replace("\r", "");
    }
}
