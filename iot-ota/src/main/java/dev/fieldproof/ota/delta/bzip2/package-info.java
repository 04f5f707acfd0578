/**
 * The bzip2 format in memory, for patches of bsdiff: a decoder that trusts nothing, and an encoder in linear time.
 * Written after the description of the format in J. Tsai, "BZIP2: Format Specification", 2016.
 */
@org.jspecify.annotations.NullMarked
package dev.fieldproof.ota.delta.bzip2;
