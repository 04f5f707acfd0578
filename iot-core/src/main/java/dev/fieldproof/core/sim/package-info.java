/** A deterministic test kit: simulated time, network, flash and power cuts, for this project's tests and for yours. */
package dev.fieldproof.core.sim;
