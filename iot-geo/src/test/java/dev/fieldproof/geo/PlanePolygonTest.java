package dev.fieldproof.geo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlanePolygonTest {
    private static final int[] SQUARE = {0, 0, 0, 10, 10, 10, 10, 0, 0, 0};

    @Test
    void ringsAreTurnedAndOpened() {
        assertArrayEquals(
                new int[] {10, 0, 10, 10, 0, 10, 0, 0},
                PlanePolygon.ofRing(SQUARE).ring(0));
    }

    @Test
    void edgesBelongToThePolygonAlsoThoseOfHoles() {
        PlanePolygon polygon = PlanePolygon.of(List.of(SQUARE, new int[] {4, 4, 6, 4, 6, 6, 4, 6}));
        assertTrue(polygon.contains(0, 5));
        assertTrue(polygon.contains(10, 10));
        assertTrue(polygon.contains(4, 5));
        assertFalse(polygon.contains(5, 5));
        assertFalse(polygon.contains(11, 5));
        assertEquals(96e-6, polygon.areaSquareMetres(), 1e-12);
    }

    @Test
    void aRingWithoutAreaIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> PlanePolygon.ofRing(0, 0, 5, 5, 10, 10));
    }
}
