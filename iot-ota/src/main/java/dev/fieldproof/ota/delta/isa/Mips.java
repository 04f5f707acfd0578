package dev.fieldproof.ota.delta.isa;

/** MIPS32, little-endian (MD00086): jumps and calls within the 256 MiB region, and branches. */
final class Mips extends Isa {
    private static final int JUMP = FIRST_OWN;
    private static final int BRANCH = FIRST_OWN + 1;

    Mips() {
        super("mips", 0, 0);
    }

    @Override
    int alignment() {
        return 4;
    }

    @Override
    InstructionDecoder decoder() {
        return s -> {
            int op = s.word(s.at);
            int code = op >>> 26;
            if (code == 2 || code == 3) {
                s.addIfInImage(JUMP, s.at);
            } else if ((code >= 4 && code <= 7) || (code == 1 && (op >>> 16 & 14) == 0)) {
                s.addIfInImage(BRANCH, s.at);
            }
            s.at += 4;
        };
    }

    @Override
    public int unit(int type) {
        return type >= FIRST_OWN ? 4 : 1;
    }

    @Override
    public int read(int type, int bits, int address) {
        return switch (type) {
            case JUMP -> ((address + 4) & 0xF000_0000) | (bits & 0x3FF_FFFF) << 2;
            case BRANCH -> address + 4 + (bits << 16 >> 14);
            default -> super.read(type, bits, address);
        };
    }

    @Override
    public int write(int type, int bits, int address, int target) {
        return switch (type) {
            case JUMP -> (bits & 0xFC00_0000) | (target >>> 2 & 0x3FF_FFFF);
            case BRANCH -> (bits & 0xFFFF_0000) | (((target - address - 4) >>> 2) & 0xFFFF);
            default -> super.write(type, bits, address, target);
        };
    }
}
