/** The byte layer under every encoded delta: variable-length numbers, packed columns, and the one decoding error. */
package dev.fieldproof.crdt.wire;
