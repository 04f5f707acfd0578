/**
 * Replicated data types that stay true after weeks offline and with wrong clocks: single-writer keys ordered by boot
 * and sequence, shared keys ordered by a bounded hybrid clock, sets, counters, registers and logs that merge.
 */
package dev.fieldproof.crdt;
