package dev.fieldproof.ota.delta.isa;

/** 32-bit ARM, the A32 encoding (ARM DDI 0406, section A5): branches, calls and loads of literals. */
final class Arm extends Isa {
    private static final int BRANCH = FIRST_OWN;
    private static final int LOAD = FIRST_OWN + 1;
    private static final int BLX = FIRST_OWN + 2;

    Arm() {
        super("arm", 0x2000_0000, 0x8_0000);
    }

    @Override
    int alignment() {
        return 4;
    }

    @Override
    InstructionDecoder decoder() {
        return s -> {
            int op = s.word(s.at);
            if ((op >>> 25) == 0b1111_101) {
                s.addIfInImage(BLX, s.at);
            } else if ((op >>> 25 & 7) == 0b101) {
                s.addIfInImage(BRANCH, s.at);
            } else if ((op & 0x0F3F_0000) == 0x051F_0000 && op >>> 28 != 15) {
                s.addIfInImage(LOAD, s.at);
            }
            s.at += 4;
        };
    }

    @Override
    public int unit(int type) {
        return type == BRANCH ? 4 : type == BLX ? 2 : 1;
    }

    @Override
    public int read(int type, int bits, int address) {
        return switch (type) {
            case BRANCH -> address + 8 + (bits << 8 >> 6);
            case BLX -> address + 8 + (bits << 8 >> 6) + (bits >>> 23 & 2);
            case LOAD -> address + 8 + ((bits & 0x80_0000) != 0 ? bits & 0xFFF : -(bits & 0xFFF));
            default -> super.read(type, bits, address);
        };
    }

    @Override
    public int write(int type, int bits, int address, int target) {
        int d = target - address - 8;
        return switch (type) {
            case BRANCH -> (bits & 0xFF00_0000) | (d >>> 2 & 0xFF_FFFF);
            case BLX -> (bits & 0xFE00_0000) | (d & 2) << 23 | (d >>> 2 & 0xFF_FFFF);
            case LOAD -> (bits & 0xFF7F_F000) | (d >= 0 ? 0x80_0000 : 0) | (Math.abs(d) & 0xFFF);
            default -> super.write(type, bits, address, target);
        };
    }
}
