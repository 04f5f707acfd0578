package dev.fieldproof.ota.delta.isa;

/** ARM Thumb and Thumb-2 (ARM DDI 0403, section A5 and A7.7): branches, calls and loads of literals. */
final class Thumb extends Isa {
    private static final int BL = FIRST_OWN;
    private static final int B_WIDE = FIRST_OWN + 1;
    private static final int B_COND_WIDE = FIRST_OWN + 2;
    private static final int B_SHORT = FIRST_OWN + 3;
    private static final int B_COND_SHORT = FIRST_OWN + 4;
    private static final int LDR_SHORT = FIRST_OWN + 5;
    private static final int LDR_WIDE = FIRST_OWN + 6;

    Thumb() {
        super("thumb", 0x2000_0000, 0x8_0000);
    }

    @Override
    int pointerTag() {
        return 1;
    }

    @Override
    InstructionDecoder decoder() {
        return Thumb::next;
    }

    private static void next(Sweep s) {
        int first = s.half(s.at);
        boolean wide = first >>> 11 >= 0b11101;
        int type = wide ? wideType(first, s.half(s.at + 2)) : shortType(first);
        if (type >= 0) {
            s.addIfInImage(type, s.at);
        }
        s.at += wide ? 4 : 2;
    }

    private static int shortType(int op) {
        if (op >>> 11 == 0b11100) {
            return B_SHORT;
        }
        if (op >>> 12 == 0xD && (op >>> 8 & 15) < 14) {
            return B_COND_SHORT;
        }
        return op >>> 11 == 0b01001 ? LDR_SHORT : -1;
    }

    private static int wideType(int op, int op2) {
        if ((op & 0xF800) == 0xF000 && (op2 & 0x8000) != 0) {
            return switch (op2 & 0xD000) {
                case 0xD000 -> BL;
                case 0x9000 -> B_WIDE;
                case 0x8000 -> (op >>> 6 & 15) < 14 ? B_COND_WIDE : -1;
                default -> -1;
            };
        }
        return (op & 0xFF7F) == 0xF85F ? LDR_WIDE : -1;
    }

    @Override
    public int size(int type) {
        return type == B_SHORT || type == B_COND_SHORT || type == LDR_SHORT ? 2 : 4;
    }

    @Override
    public int unit(int type) {
        return switch (type) {
            case POINTER, RAM_POINTER, LDR_WIDE -> 1;
            case LDR_SHORT -> 4;
            default -> 2;
        };
    }

    @Override
    public int read(int type, int bits, int address) {
        int pc = address + 4;
        int high = bits & 0xFFFF;
        int low = bits >>> 16;
        return switch (type) {
            case BL, B_WIDE -> {
                int s = high >>> 10 & 1;
                int i1 = ~(low >>> 13 ^ s) & 1;
                int i2 = ~(low >>> 11 ^ s) & 1;
                yield pc + ((-s << 24) | i1 << 23 | i2 << 22 | (high & 0x3FF) << 12 | (low & 0x7FF) << 1);
            }
            case B_COND_WIDE -> {
                int s = high >>> 10 & 1;
                int j1 = low >>> 13 & 1;
                int j2 = low >>> 11 & 1;
                yield pc + ((-s << 20) | j2 << 19 | j1 << 18 | (high & 0x3F) << 12 | (low & 0x7FF) << 1);
            }
            case B_SHORT -> pc + (bits << 21 >> 20);
            case B_COND_SHORT -> pc + (bits << 24 >> 23);
            case LDR_SHORT -> (pc & ~3) + ((bits & 0xFF) << 2);
            case LDR_WIDE -> (pc & ~3) + ((high & 0x80) != 0 ? low & 0xFFF : -(low & 0xFFF));
            default -> super.read(type, bits, address);
        };
    }

    @Override
    public int write(int type, int bits, int address, int target) {
        int d = target - address - 4;
        int literal = target - ((address + 4) & ~3);
        return switch (type) {
            case BL, B_WIDE -> {
                int s = d >>> 24 & 1;
                int j1 = ~(d >>> 23 ^ s) & 1;
                int j2 = ~(d >>> 22 ^ s) & 1;
                int high = (bits & 0xF800) | s << 10 | (d >>> 12 & 0x3FF);
                int low = (bits >>> 16 & 0xD000) | j1 << 13 | j2 << 11 | (d >>> 1 & 0x7FF);
                yield high | low << 16;
            }
            case B_COND_WIDE -> {
                int high = (bits & 0xFBC0) | (d >>> 20 & 1) << 10 | (d >>> 12 & 0x3F);
                int low = (bits >>> 16 & 0xD000) | (d >>> 18 & 1) << 13 | (d >>> 19 & 1) << 11 | (d >>> 1 & 0x7FF);
                yield high | low << 16;
            }
            case B_SHORT -> (bits & 0xF800) | (d >>> 1 & 0x7FF);
            case B_COND_SHORT -> (bits & 0xFF00) | (d >>> 1 & 0xFF);
            case LDR_SHORT -> (bits & 0xFF00) | (literal >>> 2 & 0xFF);
            case LDR_WIDE -> (bits & 0xF000_FF7F) | (literal >= 0 ? 0x80 : 0) | (Math.abs(literal) & 0xFFF) << 16;
            default -> super.write(type, bits, address, target);
        };
    }
}
