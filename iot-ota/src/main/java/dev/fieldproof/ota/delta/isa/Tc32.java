package dev.fieldproof.ota.delta.isa;

/** Telink TC32, a rearranged Thumb without a public manual; inferred from images: calls, branches, literals. */
final class Tc32 extends Isa {
    private static final int CALL = FIRST_OWN;
    private static final int JUMP = FIRST_OWN + 1;
    private static final int BRANCH = FIRST_OWN + 2;
    private static final int LOAD = FIRST_OWN + 3;

    Tc32() {
        super("tc32", 0x84_0000, 0x1_0000);
    }

    @Override
    int pointerTag() {
        return 1;
    }

    @Override
    InstructionDecoder decoder() {
        return Tc32::next;
    }

    private static void next(Sweep s) {
        int op = s.half(s.at);
        boolean call = op >>> 11 == 0x9000 >>> 11 && s.half(s.at + 2) >>> 11 == 0x9800 >>> 11;
        int type = -1;
        if (call) {
            type = CALL;
        } else if (op >>> 11 == 0x8000 >>> 11) {
            type = JUMP;
        } else if (op >>> 12 == 0xC && (op >>> 8 & 15) < 14) {
            type = BRANCH;
        } else if (op >>> 11 == 0x0800 >>> 11) {
            type = LOAD;
        }
        if (type >= 0) {
            s.addIfInImage(type, s.at);
        }
        s.at += call ? 4 : 2;
    }

    @Override
    public int size(int type) {
        return type <= CALL ? 4 : 2;
    }

    @Override
    public int unit(int type) {
        return type == LOAD ? 4 : type >= CALL ? 2 : 1;
    }

    @Override
    public int read(int type, int bits, int address) {
        int pc = address + 4;
        return switch (type) {
            case CALL -> pc + ((bits & 0x7FF) << 21 >> 9 | (bits >>> 16 & 0x7FF) << 1);
            case JUMP -> pc + (bits << 21 >> 20);
            case BRANCH -> pc + (bits << 24 >> 23);
            case LOAD -> (pc & ~3) + ((bits & 0xFF) << 2);
            default -> super.read(type, bits, address);
        };
    }

    @Override
    public int write(int type, int bits, int address, int target) {
        int d = target - address - 4;
        return switch (type) {
            case CALL -> (bits & 0xF800_F800) | (d >>> 12 & 0x7FF) | (d >>> 1 & 0x7FF) << 16;
            case JUMP -> (bits & 0xF800) | (d >>> 1 & 0x7FF);
            case BRANCH -> (bits & 0xFF00) | (d >>> 1 & 0xFF);
            case LOAD -> (bits & 0xFF00) | (((target - ((address + 4) & ~3)) >>> 2) & 0xFF);
            default -> super.write(type, bits, address, target);
        };
    }
}
