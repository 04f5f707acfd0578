/** The rivals' sides of the scorecard's rows, each at its best settings. */
package dev.fieldproof.benchmarks.rival;
