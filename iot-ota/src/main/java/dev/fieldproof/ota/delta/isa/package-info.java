/** Instruction set models: where machine code refers to other places, and how such a reference is written. */
@org.jspecify.annotations.NullMarked
package dev.fieldproof.ota.delta.isa;
