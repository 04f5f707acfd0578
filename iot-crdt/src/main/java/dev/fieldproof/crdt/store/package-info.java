/** Keeps replicas over power cuts: an append log with checkpoints, and the boot counter in flash. */
package dev.fieldproof.crdt.store;
