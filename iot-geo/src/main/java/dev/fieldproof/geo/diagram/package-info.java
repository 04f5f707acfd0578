/**
 * Drawings of a plan as SVG: the same bytes for the same plan, no script, no outside font, light, dark and in print.
 */
package dev.fieldproof.geo.diagram;
