package dev.fieldproof.geo.coverage;

import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.grid.CellSet;

/**
 * A connected region that must be seen but is not.
 *
 * @param number from 1, the largest first; the same in every output
 * @param cells which cells; not to be changed
 * @param areaSquareMetres the cells' area
 * @param label a cell's centre in the region, fit for a label
 * @param cause in words: the obstacle that hides most of it, or that no sensor reaches it
 */
public record BlindSpot(int number, CellSet cells, double areaSquareMetres, PlanePoint label, String cause) {}
