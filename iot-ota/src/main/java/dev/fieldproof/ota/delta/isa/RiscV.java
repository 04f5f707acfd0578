package dev.fieldproof.ota.delta.isa;

/** RISC-V (Unprivileged ISA, RV32/RV64 I and C): jumps, branches, and addresses built from two instructions. */
final class RiscV extends Isa {
    static final int HIGH = FIRST_OWN;
    static final int HIGH_ABSOLUTE = FIRST_OWN + 1;
    /** Of a load, a store or an addition. */
    static final int LOW = FIRST_OWN + 2;

    static final int LOW_ABSOLUTE = FIRST_OWN + 3;
    static final int JAL = FIRST_OWN + 4;
    static final int BRANCH = FIRST_OWN + 5;
    static final int SHORT_JUMP = FIRST_OWN + 6;
    static final int SHORT_BRANCH = FIRST_OWN + 7;
    /** The offset of a load or store from a register that holds no known address: most are fields of a structure. */
    static final int FIELD = FIRST_OWN + 8;
    /** The same of C.LW and C.SW. */
    static final int SHORT_FIELD = FIRST_OWN + 9;

    /** Offsets are told from addresses as if they were some themselves, where no image is. */
    private static final int FIELDS = 0xE000_0000;

    private final boolean is64;

    RiscV(boolean is64) {
        super(is64 ? "riscv64" : "riscv32", 0x3F80_0000, is64 ? 0 : 0x80_0000);
        this.is64 = is64;
    }

    @Override
    boolean hasFrames() {
        return true;
    }

    @Override
    int lookaheadBytes() {
        return RiscVDecoder.REACH_BYTES;
    }

    @Override
    InstructionDecoder decoder() {
        return new RiscVDecoder(this, is64);
    }

    @Override
    public boolean tellsTarget(int type) {
        return type != HIGH && type != HIGH_ABSOLUTE;
    }

    @Override
    public int size(int type) {
        return type >= SHORT_JUMP && type != FIELD ? 2 : 4;
    }

    @Override
    public int unit(int type) {
        return switch (type) {
            case HIGH, HIGH_ABSOLUTE -> 4096;
            case JAL, BRANCH, SHORT_JUMP, SHORT_BRANCH -> 2;
            default -> 1;
        };
    }

    @Override
    public int read(int type, int bits, int address) {
        return switch (type) {
            case HIGH -> address + (bits & 0xFFFF_F000);
            case HIGH_ABSOLUTE -> bits & 0xFFFF_F000;
            case LOW -> address + offset(bits);
            case LOW_ABSOLUTE -> offset(bits);
            case JAL ->
                address
                        + (bits >> 31 << 20
                                | (bits >>> 12 & 0xFF) << 12
                                | (bits >>> 20 & 1) << 11
                                | (bits >>> 21 & 0x3FF) << 1);
            case BRANCH ->
                address
                        + (bits >> 31 << 12
                                | (bits >>> 7 & 1) << 11
                                | (bits >>> 25 & 0x3F) << 5
                                | (bits >>> 8 & 15) << 1);
            case SHORT_JUMP -> address + shortJump(bits);
            case SHORT_BRANCH -> address + shortBranch(bits);
            case FIELD -> FIELDS + offset(bits);
            case SHORT_FIELD -> FIELDS + shortOffset(bits);
            default -> super.read(type, bits, address);
        };
    }

    private static int shortJump(int bits) {
        return bits << 19 >> 31 << 11
                | (bits >>> 11 & 1) << 4
                | (bits >>> 9 & 3) << 8
                | (bits >>> 8 & 1) << 10
                | (bits >>> 7 & 1) << 6
                | (bits >>> 6 & 1) << 7
                | (bits >>> 3 & 7) << 1
                | (bits >>> 2 & 1) << 5;
    }

    private static int writeShortJump(int bits, int d) {
        return (bits & 0xE003)
                | (d >>> 11 & 1) << 12
                | (d >>> 4 & 1) << 11
                | (d >>> 8 & 3) << 9
                | (d >>> 10 & 1) << 8
                | (d >>> 6 & 1) << 7
                | (d >>> 7 & 1) << 6
                | (d >>> 1 & 7) << 3
                | (d >>> 5 & 1) << 2;
    }

    private static int shortBranch(int bits) {
        return bits << 19 >> 31 << 8
                | (bits >>> 10 & 3) << 3
                | (bits >>> 5 & 3) << 6
                | (bits >>> 3 & 3) << 1
                | (bits >>> 2 & 1) << 5;
    }

    private static int writeShortBranch(int bits, int d) {
        return (bits & 0xE383)
                | (d >>> 8 & 1) << 12
                | (d >>> 3 & 3) << 10
                | (d >>> 6 & 3) << 5
                | (d >>> 1 & 3) << 3
                | (d >>> 5 & 1) << 2;
    }

    /** The offset that C.LW and C.SW hold. */
    static int shortOffset(int bits) {
        return (bits >>> 10 & 7) << 3 | (bits >>> 6 & 1) << 2 | (bits >>> 5 & 1) << 6;
    }

    private static boolean isStore(int bits) {
        return (bits & 0x60) == 0x20;
    }

    /** The offset that a load, a store or an addition holds. */
    static int offset(int bits) {
        return isStore(bits) ? bits >> 25 << 5 | (bits >>> 7 & 31) : bits >> 20;
    }

    private static int writeOffset(int bits, int offset) {
        return isStore(bits)
                ? (bits & 0x01FF_F07F) | offset >>> 5 << 25 | (offset & 31) << 7
                : (bits & 0xF_FFFF) | offset << 20;
    }

    @Override
    public int write(int type, int bits, int address, int target) {
        int d = target - address;
        return switch (type) {
            case HIGH -> (bits & 0xFFF) | ((d + 0x800) & 0xFFFF_F000);
            case HIGH_ABSOLUTE -> (bits & 0xFFF) | ((target + 0x800) & 0xFFFF_F000);
            case LOW -> writeOffset(bits, d);
            case LOW_ABSOLUTE, FIELD -> writeOffset(bits, target);
            case JAL ->
                (bits & 0xFFF)
                        | (d >>> 20 & 1) << 31
                        | (d >>> 1 & 0x3FF) << 21
                        | (d >>> 11 & 1) << 20
                        | (d >>> 12 & 0xFF) << 12;
            case BRANCH ->
                (bits & 0x01FF_F07F)
                        | (d >>> 12 & 1) << 31
                        | (d >>> 5 & 0x3F) << 25
                        | (d >>> 1 & 15) << 8
                        | (d >>> 11 & 1) << 7;
            case SHORT_JUMP -> writeShortJump(bits, d);
            case SHORT_BRANCH -> writeShortBranch(bits, d);
            case SHORT_FIELD ->
                (bits & 0xE39F) | (target >>> 3 & 7) << 10 | (target >>> 2 & 1) << 6 | (target >>> 6 & 1) << 5;
            default -> super.write(type, bits, address, target);
        };
    }
}
