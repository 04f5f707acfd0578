package dev.fieldproof.ota.delta.isa;

/**
 * Xtensa (Instruction Set Architecture Reference Manual, chapter 7): calls, loads of literals, jumps and branches.
 * Literals lie between the functions, so instructions are followed only from the first instruction of a function on.
 */
final class Xtensa extends Isa {
    private static final int CALL = FIRST_OWN;
    private static final int LOAD = FIRST_OWN + 1;
    private static final int JUMP = FIRST_OWN + 2;
    private static final int BRANCH_ZERO = FIRST_OWN + 3;
    private static final int BRANCH = FIRST_OWN + 4;

    private final boolean windowed;
    private final byte[] types = new byte[256];

    Xtensa(boolean windowed) {
        super(windowed ? "xtensa" : "xtensa-call0", 0x3F80_0000, 0x80_0000);
        this.windowed = windowed;
        for (int first = 0; first < types.length; first++) {
            types[first] = (byte) typeOf(first);
        }
    }

    /** Whether the three bytes of an instruction at an address begin a function. */
    private boolean isEntry(int bits, int address) {
        return (windowed ? (bits & 0xFFF) == 0x136 : (bits & 0x80_FFFF) == 0x80_C112) && (address & 3) == 0;
    }

    @Override
    int alignment() {
        return 4;
    }

    @Override
    InstructionDecoder decoder() {
        return new InstructionDecoder() {
            private boolean on;

            @Override
            public void next(Sweep s) {
                int word = s.word(s.at);
                on |= isEntry(word, s.at + s.base);
                s.at += on ? step(s, word) : 4;
            }

            /** To the last function that begins before: decoding comes upon it in any case. */
            @Override
            public void skipTo(Sweep s, int offset) {
                int o = offset - (offset + s.base & 3);
                while (o > s.at && !isEntry(s.word(o), o + s.base)) {
                    o -= 4;
                }
                s.at = Math.max(s.at, o);
            }
        };
    }

    private int step(Sweep s, int word) {
        int length = 3 - (word >>> 3 & 1);
        int type = length == 3 ? types[word & 0xFF] : -1;
        if (type >= 0) {
            inspect(s, s.at, type, word & 0xFF_FFFF);
        }
        if (isEntry(word >>> 8, s.at + 1 + s.base)) {
            return 1;
        }
        boolean entry = (s.at + 2 + s.base & 3) == 0 && isEntry(s.word(s.at + 2), s.at + 2 + s.base);
        return length == 3 && entry ? 2 : length;
    }

    /** The type of the reference that an instruction is, by its first byte, or -1. */
    private int typeOf(int first) {
        int n = first >>> 4 & 3;
        return switch (first & 15) {
            case 1 -> LOAD;
            case 5 -> windowed || n == 0 ? CALL : -1;
            case 6 -> n == 0 ? JUMP : n == 1 ? BRANCH_ZERO : n == 2 || first >>> 6 >= 2 ? BRANCH : -1;
            case 7 -> BRANCH;
            default -> -1;
        };
    }

    private void inspect(Sweep s, int o, int type, int bits) {
        int target = read(type, bits, o + s.base);
        if (type == CALL && windowed) {
            int begin = s.segments.offset(target);
            if (begin < 0 || (s.half(begin) & 0xFFF) != 0x136) {
                return;
            }
        }
        s.addIfInImage(type, o, target);
    }

    @Override
    public int size(int type) {
        return type < FIRST_OWN ? 4 : 3;
    }

    @Override
    public int unit(int type) {
        return type == CALL || type == LOAD ? 4 : 1;
    }

    @Override
    public int read(int type, int bits, int address) {
        return switch (type) {
            case CALL -> (address & ~3) + 4 + (bits << 8 >> 14 << 2);
            case LOAD -> ((address + 3) & ~3) + ((bits >>> 8 | 0xFFFF_0000) << 2);
            case JUMP -> address + 4 + (bits << 8 >> 14);
            case BRANCH_ZERO -> address + 4 + (bits << 8 >> 20);
            case BRANCH -> address + 4 + (bits << 8 >> 24);
            default -> super.read(type, bits, address);
        };
    }

    @Override
    public int write(int type, int bits, int address, int target) {
        int d = target - address - 4;
        return switch (type) {
            case CALL -> (bits & 0x3F) | (((target - (address & ~3) - 4) >>> 2) & 0x3_FFFF) << 6;
            case LOAD -> (bits & 0xFF) | (((target - ((address + 3) & ~3)) >>> 2) & 0xFFFF) << 8;
            case JUMP -> (bits & 0x3F) | (d & 0x3_FFFF) << 6;
            case BRANCH_ZERO -> (bits & 0xFFF) | (d & 0xFFF) << 12;
            case BRANCH -> (bits & 0xFFFF) | (d & 0xFF) << 16;
            default -> super.write(type, bits, address, target);
        };
    }
}
