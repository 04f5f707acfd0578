/**
 * What sensors see: exact occlusion by prisms of stated height on flat ground, in integer arithmetic, so that the same
 * site always gives the same cells.
 */
package dev.fieldproof.geo.coverage;
