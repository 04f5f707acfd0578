package dev.fieldproof.ota.delta.isa;

import java.util.List;

/**
 * One instruction set: finds the references in machine code and reads and writes their fields. Stateless and
 * thread-safe. A new instruction set is one subclass and one line in {@link #all()}.
 */
public abstract class Isa {
    /** A word that holds an address within the image. */
    public static final int POINTER = 0;

    /** A word that holds an address in RAM. */
    public static final int RAM_POINTER = 1;

    /** The distance from a frame description to its common information (LSB Core, .eh_frame). */
    static final int FRAME_COMMON = 2;

    /** The relative start of the function that a frame description is about. */
    static final int FRAME_START = 3;

    /** The length of that function; the reference is to its end. */
    static final int FRAME_LENGTH = 4;

    /** First type number of an instruction set's own. */
    protected static final int FIRST_OWN = 5;

    private final String name;
    private final int ramFrom;
    private final int ramBytes;

    /**
     * Names an instruction set.
     *
     * @param name lower-case name
     * @param ramFrom first address of RAM
     * @param ramBytes size of RAM; 0 if its addresses cannot be told from other numbers
     */
    protected Isa(String name, int ramFrom, int ramBytes) {
        this.name = name;
        this.ramFrom = ramFrom;
        this.ramBytes = ramBytes;
    }

    /**
     * Every model; the index is the number that a patch carries.
     *
     * @return the models, first the one that knows no references at all
     */
    public static List<Isa> all() {
        return Known.ALL;
    }

    /** Initialised only after this class is. */
    private static final class Known {
        static final List<Isa> ALL = List.of(
                new Plain(),
                new Thumb(),
                new Arm(),
                new Xtensa(true),
                new Xtensa(false),
                new RiscV(false),
                new RiscV(true),
                new Avr(),
                new Tc32(),
                new Mips());
    }

    /**
     * The name shown to people.
     *
     * @return lower-case name
     */
    public final String name() {
        return name;
    }

    boolean inRam(int address) {
        return Integer.compareUnsigned(address - ramFrom, ramBytes) < 0;
    }

    /**
     * Whether a value is an address in RAM, whose move is learned from the references coded before.
     *
     * @param address any value
     * @return true in RAM
     */
    public final boolean isRam(int address) {
        return inRam(address);
    }

    /** Whether aligned words are looked at as pointers. */
    boolean hasPointers() {
        return true;
    }

    /** Whether aligned words are looked at as exception frames. */
    boolean hasFrames() {
        return false;
    }

    /** The bits of a pointer that are not part of the address. */
    int pointerTag() {
        return 0;
    }

    /** Starts decoding code. */
    abstract InstructionDecoder decoder();

    /** Smallest distance between instructions; decoding starts at a multiple of it. */
    int alignment() {
        return 2;
    }

    /** How far ahead of an instruction decoding must have come for all its references to be known. */
    int lookaheadBytes() {
        return 0;
    }

    /**
     * Size of a field.
     *
     * @param type type number
     * @return bytes, 1 to 4
     */
    public int size(int type) {
        return 4;
    }

    /**
     * Reads a field.
     *
     * @param type type number
     * @param bits the field
     * @param address of the place it is relative to
     * @return the address it refers to
     */
    public int read(int type, int bits, int address) {
        return switch (type) {
            case FRAME_COMMON -> address - bits;
            case FRAME_START, FRAME_LENGTH -> address + bits;
            default -> bits & ~pointerTag();
        };
    }

    /**
     * Writes a field; an address that cannot be represented is cut off.
     *
     * @param type type number
     * @param bits the old field, whose other bits are kept
     * @param address of the place it is relative to
     * @param target the address to refer to
     * @return the new field
     */
    public int write(int type, int bits, int address, int target) {
        return switch (type) {
            case FRAME_COMMON -> address - target;
            case FRAME_START, FRAME_LENGTH -> target - address;
            default -> (bits & pointerTag()) | target;
        };
    }

    /**
     * Whether a field is relative not to its own place but to the target of the reference before it.
     *
     * @param type type number
     * @return true for lengths
     */
    public final boolean isLength(int type) {
        return type == FRAME_LENGTH;
    }

    /**
     * Granularity of the addresses that a field can hold.
     *
     * @param type type number
     * @return a power of two
     */
    public int unit(int type) {
        return 1;
    }

    /**
     * Whether a field alone tells the whole address, so that later references to the same one can be predicted from it.
     *
     * @param type type number
     * @return false for the upper half of a pair
     */
    public boolean tellsTarget(int type) {
        return true;
    }
}
