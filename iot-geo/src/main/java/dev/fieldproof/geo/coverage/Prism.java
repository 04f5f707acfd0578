package dev.fieldproof.geo.coverage;

import dev.fieldproof.geo.Obstacle;
import dev.fieldproof.geo.PlaneBox;
import dev.fieldproof.geo.PlanePolygon;

/**
 * An obstacle with its rings at hand. Immutable as long as nobody writes to the arrays.
 *
 * @param id the obstacle's
 * @param rings of the footprint, the inside on the left
 * @param footprint the same as a polygon
 * @param box around the footprint
 * @param top height in millimetres
 */
@SuppressWarnings("ArrayRecordComponent") // compared and copied by nobody, read in inner loops
record Prism(String id, int[][] rings, PlanePolygon footprint, PlaneBox box, int top) {
    static Prism of(Obstacle obstacle) {
        PlanePolygon footprint = obstacle.footprint();
        int[][] rings = new int[footprint.ringCount()][];
        for (int i = 0; i < rings.length; i++) {
            rings[i] = footprint.ring(i);
        }
        return new Prism(obstacle.id(), rings, footprint, footprint.box(), obstacle.heightMillimetres());
    }
}
