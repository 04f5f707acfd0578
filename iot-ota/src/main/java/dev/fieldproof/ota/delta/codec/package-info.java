/** The entropy stage of the {@code fieldproof} format: range coder, context mixing, and what is coded with them. */
@org.jspecify.annotations.NullMarked
package dev.fieldproof.ota.delta.codec;
