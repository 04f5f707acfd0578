/** Zone grids of squares or hexagons over the site's plane, sets of their cells, and the outlines of such sets. */
package dev.fieldproof.geo.grid;
