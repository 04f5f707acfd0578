/** The field day: the whole story once, on embedded defaults or on your own site and firmware. */
package dev.fieldproof.benchmarks.scenario;
