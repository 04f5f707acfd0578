package dev.fieldproof.ota.delta.isa;

import java.util.Arrays;

/** One sweep over RISC-V code: follows which register holds the upper part of an address. */
final class RiscVSweep {
    /** How far apart the two instructions of a pair may be. */
    private static final int REACH_BYTES = 512;

    private static final int FAR_BEHIND = Integer.MIN_VALUE / 2;
    /** ra, t0-t2, a0-a7, t3-t6: what a called function may change. */
    private static final int CALLER_SAVED = 0xF003_FCE2;

    private final RiscV isa;
    private final Sweep s;
    private final boolean is64;
    private final int[] highAt = new int[32];
    private final int[] high = new int[32];
    private int relative;
    private int named;

    RiscVSweep(RiscV isa, Sweep s, boolean is64) {
        this.isa = isa;
        this.s = s;
        this.is64 = is64;
        Arrays.fill(highAt, FAR_BEHIND);
    }

    void run() {
        int end = Math.min(s.limit, s.to + REACH_BYTES);
        int o = s.start + ((s.start + s.base) & 1);
        while (o < end) {
            int op = s.half(o);
            if ((op & 3) == 3) {
                wide(o, s.word(o));
                o += 4;
            } else {
                compressed(o, op);
                o += 2;
            }
        }
    }

    private void forget(int register) {
        highAt[register] = FAR_BEHIND;
    }

    private void forgetAll(int registers) {
        for (int r = 0; r < 32; r++) {
            if ((registers >>> r & 1) != 0) {
                forget(r);
            }
        }
    }

    private void wide(int o, int op) {
        int rd = op >>> 7 & 31;
        int rs1 = op >>> 15 & 31;
        switch (op & 0x7F) {
            case 0x37, 0x17 -> {
                boolean pcRelative = (op & 0x7F) == 0x17;
                high[rd] = (op & 0xFFFF_F000) + (pcRelative ? o + s.base : 0);
                highAt[rd] = rd == 0 ? FAR_BEHIND : o;
                relative = pcRelative ? relative | 1 << rd : relative & ~(1 << rd);
                named &= ~(1 << rd);
            }
            case 0x6F -> {
                s.addIfInImage(isa, RiscV.JAL, o);
                forgetAll(rd == 0 ? -1 : CALLER_SAVED);
            }
            case 0x63 -> s.addIfInImage(isa, RiscV.BRANCH, o);
            case 0x13, 0x1B -> {
                if ((op >>> 12 & 7) == 0) {
                    use(o, rs1, op >> 20, RiscV.LOW, false);
                }
                forget(rd);
            }
            case 0x03 -> {
                use(o, rs1, op >> 20, RiscV.LOW, false);
                forget(rd);
            }
            case 0x07 -> use(o, rs1, op >> 20, RiscV.LOW, false);
            case 0x23, 0x27 -> use(o, rs1, (op >> 25 << 5) | rd, RiscV.LOW_STORE, false);
            case 0x67 -> {
                use(o, rs1, op >> 20, RiscV.LOW, true);
                forgetAll(rd == 0 ? -1 : CALLER_SAVED);
            }
            default -> forget(rd);
        }
    }

    private void compressed(int o, int op) {
        int rd = op >>> 7 & 31;
        int low = 8 + (op >>> 2 & 7);
        int middle = 8 + (op >>> 7 & 7);
        switch ((op & 3) << 3 | op >>> 13) {
            case 0b00_000 -> forget(low);
            case 0b00_010 -> {
                use(o, middle, wordOffset(op), -1, false);
                forget(low);
            }
            case 0b00_011 -> forget(is64 ? low : 0);
            case 0b00_110 -> use(o, middle, wordOffset(op), -1, false);
            case 0b01_000 -> {
                use(o, rd, (op << 19 >> 31 << 5) | (op >>> 2 & 31), -1, false);
                forget(rd);
            }
            case 0b01_001 -> {
                if (is64) {
                    forget(rd);
                } else {
                    s.addIfInImage(isa, RiscV.SHORT_JUMP, o);
                    forgetAll(CALLER_SAVED);
                }
            }
            case 0b01_010, 0b01_011, 0b10_000, 0b10_010 -> forget(rd);
            case 0b01_100 -> forget(middle);
            case 0b01_101 -> {
                s.addIfInImage(isa, RiscV.SHORT_JUMP, o);
                forgetAll(-1);
            }
            case 0b01_110, 0b01_111 -> s.addIfInImage(isa, RiscV.SHORT_BRANCH, o);
            case 0b10_011 -> forget(is64 ? rd : 0);
            case 0b10_100 -> {
                boolean jumps = (op >>> 2 & 31) == 0;
                if (!jumps) {
                    forget(rd);
                } else {
                    forgetAll((op & 0x1000) != 0 ? CALLER_SAVED : -1);
                }
            }
            default -> {}
        }
    }

    private static int wordOffset(int op) {
        return (op >>> 10 & 7) << 3 | (op >>> 6 & 1) << 2 | (op >>> 5 & 1) << 6;
    }

    /**
     * A register is added to; {@code lowType} is that of a relative pair, or -1 if the low part is no field of its own.
     */
    private void use(int o, int register, int offset, int lowType, boolean jump) {
        int at = highAt[register];
        if (o - at > REACH_BYTES) {
            return;
        }
        int target = high[register] + offset;
        boolean pcRelative = (relative >>> register & 1) != 0;
        if (!s.inImage(target) && !isa.inRam(target) && !(pcRelative && jump)) {
            return;
        }
        if ((named >>> register & 1) == 0) {
            named |= 1 << register;
            s.add(at, pcRelative ? RiscV.HIGH : RiscV.HIGH_ABSOLUTE, target);
        }
        if (lowType >= 0) {
            s.add(o, pcRelative ? lowType : lowType + 2, target, pcRelative ? o - at : 0);
        }
    }
}
