/** Brings two replicas together over any transport: a pure state machine, its messages, and a thin driver. */
package dev.fieldproof.crdt.sync;
