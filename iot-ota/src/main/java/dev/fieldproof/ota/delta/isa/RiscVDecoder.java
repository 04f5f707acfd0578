package dev.fieldproof.ota.delta.isa;

/** Decodes RISC-V code: follows which register holds the upper part of an address. */
final class RiscVDecoder implements InstructionDecoder {
    /** How far apart the two instructions of a pair may be. */
    static final int REACH_BYTES = 256;

    private static final int STACK = 2;

    /** ra, t0-t2, a0-a7, t3-t6: what a called function may change. */
    private static final int CALLER_SAVED = 0xF003_FCE2;

    private final RiscV isa;
    private final boolean is64;
    private final int[] highAt = new int[32];
    private final int[] high = new int[32];
    /** Registers that hold an upper part; those of a part relative to the instruction; those used by a low part. */
    private int live;

    private int relative;
    private int named;

    RiscVDecoder(RiscV isa, boolean is64) {
        this.isa = isa;
        this.is64 = is64;
    }

    @Override
    public void next(Sweep s) {
        int op = s.half(s.at);
        if ((op & 3) == 3) {
            wide(s, s.at, s.word(s.at));
            s.at += 4;
        } else {
            compressed(s, s.at, op);
            s.at += 2;
        }
    }

    private void forget(int register) {
        live &= ~(1 << register);
    }

    private void forgetAll(int registers) {
        live &= ~registers;
    }

    private void wide(Sweep s, int o, int op) {
        int rd = op >>> 7 & 31;
        int rs1 = op >>> 15 & 31;
        switch (op & 0x7F) {
            case 0x37, 0x17 -> {
                boolean pcRelative = (op & 0x7F) == 0x17;
                high[rd] = (op & 0xFFFF_F000) + (pcRelative ? o + s.base : 0);
                highAt[rd] = o;
                live = rd == 0 ? live : live | 1 << rd;
                relative = pcRelative ? relative | 1 << rd : relative & ~(1 << rd);
                named &= ~(1 << rd);
            }
            case 0x6F -> {
                s.addIfInImage(RiscV.JAL, o);
                forgetAll(rd == 0 ? -1 : CALLER_SAVED);
            }
            case 0x63 -> s.addIfInImage(RiscV.BRANCH, o);
            case 0x13, 0x1B -> {
                if ((op >>> 12 & 7) == 0) {
                    use(s, o, rs1, op >> 20, true, false);
                }
                forget(rd);
            }
            case 0x03 -> {
                access(s, o, rs1, op);
                forget(rd);
            }
            case 0x07, 0x23, 0x27 -> access(s, o, rs1, op);
            case 0x67 -> {
                use(s, o, rs1, op >> 20, true, true);
                forgetAll(rd == 0 ? -1 : CALLER_SAVED);
            }
            default -> forget(rd);
        }
    }

    private void compressed(Sweep s, int o, int op) {
        int rd = op >>> 7 & 31;
        int low = 8 + (op >>> 2 & 7);
        int middle = 8 + (op >>> 7 & 7);
        switch ((op & 3) << 3 | op >>> 13) {
            case 0b00_000 -> forget(low);
            case 0b00_010 -> {
                shortAccess(s, o, middle, op);
                forget(low);
            }
            case 0b00_011 -> forget(is64 ? low : 0);
            case 0b00_110 -> shortAccess(s, o, middle, op);
            case 0b01_000 -> {
                use(s, o, rd, (op << 19 >> 31 << 5) | (op >>> 2 & 31), false, false);
                forget(rd);
            }
            case 0b01_001 -> {
                if (is64) {
                    forget(rd);
                } else {
                    s.addIfInImage(RiscV.SHORT_JUMP, o);
                    forgetAll(CALLER_SAVED);
                }
            }
            case 0b01_010, 0b01_011, 0b10_000, 0b10_010 -> forget(rd);
            case 0b01_100 -> forget(middle);
            case 0b01_101 -> {
                s.addIfInImage(RiscV.SHORT_JUMP, o);
                forgetAll(-1);
            }
            case 0b01_110, 0b01_111 -> s.addIfInImage(RiscV.SHORT_BRANCH, o);
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

    /** A load or store; fields on the stack change with the function, not with a structure. */
    private void access(Sweep s, int o, int register, int op) {
        if (!use(s, o, register, RiscV.offset(op), true, false) && register != STACK) {
            s.add(o, RiscV.FIELD, isa.read(RiscV.FIELD, op, 0));
        }
    }

    private void shortAccess(Sweep s, int o, int register, int op) {
        use(s, o, register, RiscV.shortOffset(op), false, false);
        s.add(o, RiscV.SHORT_FIELD, isa.read(RiscV.SHORT_FIELD, op, 0));
    }

    /**
     * A register is added to, by a field of its own or not. Returns whether the register holds the upper part of an
     * address that counts.
     */
    private boolean use(Sweep s, int o, int register, int offset, boolean field, boolean jump) {
        int at = highAt[register];
        if ((live >>> register & 1) == 0 || o - at > REACH_BYTES) {
            return false;
        }
        int target = high[register] + offset;
        boolean pcRelative = (relative >>> register & 1) != 0;
        if (!s.inImage(target) && !isa.inRam(target) && !(pcRelative && jump)) {
            return false;
        }
        if ((named >>> register & 1) == 0) {
            named |= 1 << register;
            s.add(at, pcRelative ? RiscV.HIGH : RiscV.HIGH_ABSOLUTE, target);
        }
        if (field) {
            s.add(o, pcRelative ? RiscV.LOW : RiscV.LOW_ABSOLUTE, target, pcRelative ? o - at : 0);
        }
        return true;
    }
}
