package dev.fieldproof.ota.delta.isa;

/** AVR (Instruction Set Manual, DS40002198): calls, jumps, and loads and stores of data by address. */
final class Avr extends Isa {
    private static final int LONG_JUMP = FIRST_OWN;
    private static final int RELATIVE = FIRST_OWN + 1;
    private static final int DATA = FIRST_OWN + 2;
    /** Data addresses are told from program addresses as the tool chain does it. */
    private static final int DATA_SPACE = 0x80_0000;

    Avr() {
        super("avr", DATA_SPACE + 0x60, 0x8000);
    }

    @Override
    boolean hasPointers() {
        return false;
    }

    @Override
    InstructionDecoder decoder() {
        return Avr.this::next;
    }

    private void next(Sweep s) {
        int o = s.at;
        int op = s.half(o);
        boolean jump = (op & 0xFE0C) == 0x940C;
        boolean data = (op & 0xFC0F) == 0x9000;
        if ((op & 0xFFFD) == 0x940C) {
            s.addIfInImage(LONG_JUMP, o);
        } else if (data) {
            if (inRam(DATA_SPACE + s.half(o + 2))) {
                s.add(o, DATA, DATA_SPACE + s.half(o + 2));
            }
        } else if (op >>> 12 == 0xC || op >>> 12 == 0xD) {
            s.addIfInImage(RELATIVE, o);
        }
        s.at += jump || data ? 4 : 2;
    }

    @Override
    public int size(int type) {
        return type == RELATIVE ? 2 : 4;
    }

    @Override
    public int unit(int type) {
        return type == DATA ? 1 : 2;
    }

    @Override
    public int read(int type, int bits, int address) {
        return switch (type) {
            case LONG_JUMP -> bits >>> 16 << 1;
            case RELATIVE -> address + 2 + (bits << 20 >> 19);
            case DATA -> DATA_SPACE + (bits >>> 16);
            default -> super.read(type, bits, address);
        };
    }

    @Override
    public int write(int type, int bits, int address, int target) {
        return switch (type) {
            case LONG_JUMP -> (bits & 0xFFFF) | target >>> 1 << 16;
            case RELATIVE -> (bits & 0xF000) | (((target - address - 2) >>> 1) & 0xFFF);
            case DATA -> (bits & 0xFFFF) | target << 16;
            default -> super.write(type, bits, address, target);
        };
    }
}
