/** One entry for the field day, the scorecard and JMH. */
package dev.fieldproof.benchmarks;
