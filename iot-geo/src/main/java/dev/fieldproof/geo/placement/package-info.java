/** Chooses which candidate sensors to build so that the demand is met with few of them. */
package dev.fieldproof.geo.placement;
