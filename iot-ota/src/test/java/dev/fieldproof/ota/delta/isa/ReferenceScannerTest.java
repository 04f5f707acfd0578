package dev.fieldproof.ota.delta.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReferenceScannerTest {
    private static final int BYTES = 4096;

    static List<Isa> instructionSets() {
        return Isa.all();
    }

    /** Bytes with whatever instructions chance makes, zeros, and words that point into the image. */
    private static byte[] image(RandomGenerator random) {
        byte[] image = new byte[BYTES];
        random.nextBytes(image);
        for (int at = 0; at + 8 <= BYTES; at += 1 + random.nextInt(64)) {
            int target = 0x1000 + random.nextInt(BYTES);
            for (int i = 0; i < 4; i++) {
                image[at + i] = random.nextBoolean() ? 0 : (byte) (target >>> (8 * i));
            }
        }
        return image;
    }

    /** Two parts with a gap between them. */
    private static Segments segments() {
        return new Segments(List.of(new Segments.Segment(100, 1500, 0x1064), new Segments.Segment(1900, 2100, 0x3000)));
    }

    private static List<String> found(Isa isa, byte[] image, Segments segments, boolean skipping) {
        ReferenceScanner scanner = new ReferenceScanner(isa, new ImageReader(image), segments, -1);
        scanner.begin(0, 0);
        List<String> found = new ArrayList<>();
        int at = 0;
        while (at < BYTES) {
            int type = scanner.typeAt(at);
            if (type >= 0) {
                found.add(at + " " + type + " " + scanner.target() + " " + scanner.back());
                at += isa.size(type);
            } else {
                assertTrue(scanner.clearBefore() > at, "must move on");
                at = skipping ? scanner.clearBefore() : at + 1;
            }
        }
        return found;
    }

    @ParameterizedTest
    @MethodSource("instructionSets")
    void skippingWhatIsClearMissesNothing(Isa isa) {
        SeededRuns.check(20, random -> {
            byte[] image = image(random);
            assertEquals(found(isa, image, segments(), false), found(isa, image, segments(), true));
        });
    }

    @ParameterizedTest
    @MethodSource("instructionSets")
    void aFarCopyNeedsNoMemoryOfTheOnesBefore(Isa isa) {
        SeededRuns.check(20, random -> {
            byte[] image = image(random);
            Segments flat = Segments.flat(BYTES, 0x1000);
            int from = ReferenceScanner.WARM_UP_BYTES + 400;
            ReferenceScanner used = new ReferenceScanner(isa, new ImageReader(image), flat, -1);
            used.begin(0, 0);
            for (int at = 0; at < 300; at++) {
                used.typeAt(at);
            }
            used.begin(from, 300);
            ReferenceScanner fresh = new ReferenceScanner(isa, new ImageReader(image), flat, -1);
            fresh.begin(from, 0);
            for (int at = from; at < BYTES; at++) {
                assertEquals(fresh.typeAt(at), used.typeAt(at), "offset " + at);
            }
        });
    }

    @Test
    void outsideAllPartsEverythingIsClearToTheNextOne() {
        ReferenceScanner scanner =
                new ReferenceScanner(Isa.all().get(1), new ImageReader(new byte[BYTES]), segments(), -1);
        assertEquals(-1, scanner.typeAt(0));
        assertEquals(100, scanner.clearBefore());
        assertEquals(-1, scanner.typeAt(1700));
        assertEquals(1900, scanner.clearBefore());
        assertEquals(-1, scanner.typeAt(4050));
        assertEquals(Integer.MAX_VALUE, scanner.clearBefore());
    }
}
