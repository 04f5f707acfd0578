/** Every published figure, measured beside its rival in one run. */
package dev.fieldproof.benchmarks.scorecard;
