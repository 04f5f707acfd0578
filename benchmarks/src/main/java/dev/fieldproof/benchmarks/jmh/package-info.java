/** Benchmarks for JMH's own command line: {@code java -jar benchmarks.jar jmh}. */
@org.jspecify.annotations.NullMarked
package dev.fieldproof.benchmarks.jmh;
