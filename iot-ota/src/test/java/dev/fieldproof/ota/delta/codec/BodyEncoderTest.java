package dev.fieldproof.ota.delta.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.ota.delta.isa.Segments;
import dev.fieldproof.ota.delta.match.Copies;
import org.junit.jupiter.api.Test;

class BodyEncoderTest {
    private static byte[] encode(boolean full, int oldAt, int targetAt, int length) {
        byte[] image = new byte[70_000];
        Copies copies = new Copies();
        copies.add(targetAt, oldAt, length);
        BodyHeader header =
                new BodyHeader(full, 0, 0, Segments.NONE, Segments.NONE, image.length, image.length, copies.size());
        return BodyEncoder.encode(header, image, image, copies);
    }

    private static void refused(String rule, int oldAt, int targetAt, int length) {
        Exception e = assertThrows(IllegalArgumentException.class, () -> encode(false, oldAt, targetAt, length));
        assertTrue(e.getMessage().endsWith(rule), e::getMessage);
    }

    @Test
    void copiesLieWithinBothImages() {
        refused("a copy must lie within the old image", 69_001, 0, 1000);
        refused("a copy must end within the new image", 0, 69_001, 1000);
    }

    @Test
    void onlyTheFullProfileHasCopiesOfMoreThan65535Bytes() {
        refused("a copy of the small profile must have at most 65535 bytes", 0, 0, 65_536);
        assertTrue(encode(false, 0, 0, 65_535).length < 100);
        assertTrue(encode(true, 0, 0, 65_536).length < 100);
    }

    @Test
    void longCopiesAreCutUpInOrder() {
        Copies copies = new Copies();
        copies.add(10, 1000, 25);
        copies.add(50, 0, 10);
        Copies parts = copies.inPartsOf(10);
        int[][] expected = {{10, 1000, 10}, {20, 1010, 10}, {30, 1020, 5}, {50, 0, 10}};
        assertEquals(expected.length, parts.size());
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i][0], parts.targetAt(i));
            assertEquals(expected[i][1], parts.oldAt(i));
            assertEquals(expected[i][2], parts.length(i));
        }
    }
}
