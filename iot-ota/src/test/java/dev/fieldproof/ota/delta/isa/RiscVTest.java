package dev.fieldproof.ota.delta.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.fieldproof.core.sim.SeededRuns;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Offsets within structures, which loads and stores of RISC-V hold. */
class RiscVTest {
    private static final RiscV ISA = new RiscV(false);
    private static final int FIELDS = 0xE000_0000;

    /** The type of the reference at an offset of code that is loaded at 0x1000, or -1. */
    private static int typeAt(int offset, int... code) {
        ByteBuffer image = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : code) {
            image.putInt(word);
        }
        ReferenceScanner scanner = new ReferenceScanner(
                ISA, new ImageReader(image.array()), Segments.flat(4096, 0x1000), -1 << Isa.FIRST_OWN);
        scanner.begin(0, 0);
        int type = -1;
        for (int at = 0; at <= offset; at++) {
            type = scanner.typeAt(at);
        }
        return type;
    }

    @ParameterizedTest
    @CsvSource({
        "0x0b044783, 0xb0, 0x80, 0x08044783", // lbu a5, 0xb0(s0)
        "0xf9442903, -108, 0x3c, 0x03c42903", // lw s2, -108(s0)
        "0x00048423, 8, 0, 0x00048023", // sb zero, 8(s1)
        "0xfef4ae23, -4, 36, 0x02f4a223", // sw a5, -4(s1)
        "0x00c4a507, 12, 16, 0x0104a507", // flw fa0, 12(s1)
        "0x00a4a627, 12, -1, 0xfea4afa7", // fsw fa0, 12(s1)
    })
    void loadsAndStoresHoldAnOffset(String bits, int offset, int moved, String then) {
        int word = Integer.parseUnsignedInt(bits.substring(2), 16);
        assertEquals(RiscV.FIELD, typeAt(0, word));
        assertEquals(FIELDS + offset, ISA.read(RiscV.FIELD, word, 0x1234));
        assertEquals(
                Integer.parseUnsignedInt(then.substring(2), 16), ISA.write(RiscV.FIELD, word, 0x1234, FIELDS + moved));
    }

    @ParameterizedTest
    @CsvSource({
        "0x4c6c, 0x5c, 0x2c, 0x544c", // c.lw a1, 0x5c(s0)
        "0xc888, 0x10, 0x04, 0xc0c8", // c.sw a0, 0x10(s1)
    })
    void soDoTheShortOnes(String bits, int offset, int moved, String then) {
        int half = Integer.parseInt(bits.substring(2), 16);
        assertEquals(RiscV.SHORT_FIELD, typeAt(0, half | 0x0001_0000));
        assertEquals(FIELDS + offset, ISA.read(RiscV.SHORT_FIELD, half, 0));
        assertEquals(Integer.parseInt(then.substring(2), 16), ISA.write(RiscV.SHORT_FIELD, half, 0, FIELDS + moved));
    }

    @Test
    void theStackHasNoFields() {
        assertEquals(-1, typeAt(0, 0x0081_2503)); // lw a0, 8(sp)
        assertEquals(-1, typeAt(0, 0x00A1_2423)); // sw a0, 8(sp)
    }

    @Test
    void anAddressThatIsKnownIsNoField() {
        int[] code = {0x0000_17B7, 0x1237_A503, 0x1237_A503}; // lui a5, 1; lw a0, 0x123(a5); again
        assertEquals(RiscV.HIGH_ABSOLUTE, typeAt(0, code));
        assertEquals(RiscV.LOW_ABSOLUTE, typeAt(4, code));
        assertEquals(RiscV.LOW_ABSOLUTE, typeAt(8, code));
        assertEquals(RiscV.FIELD, typeAt(8, 0x0000_17B7, 0x0000_0793, 0x1237_A503), "li a5, 0 comes between");
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                RiscV.HIGH,
                RiscV.LOW,
                RiscV.LOW_ABSOLUTE,
                RiscV.JAL,
                RiscV.BRANCH,
                RiscV.SHORT_JUMP,
                RiscV.SHORT_BRANCH,
                RiscV.FIELD,
                RiscV.SHORT_FIELD
            })
    void writingWhatWasReadChangesNothing(int type) {
        int mask = ISA.size(type) == 2 ? 0xFFFF : -1;
        SeededRuns.check(500, random -> {
            int bits = random.nextInt() & mask;
            int address = random.nextInt() & -4;
            int target = ISA.read(type, bits, address);
            assertEquals(bits, ISA.write(type, bits, address, target));
            if (type != RiscV.HIGH) {
                int unit = type == RiscV.SHORT_FIELD ? 4 : ISA.unit(type);
                assertNotEquals(bits, ISA.write(type, bits, address, target + unit));
            }
        });
    }
}
