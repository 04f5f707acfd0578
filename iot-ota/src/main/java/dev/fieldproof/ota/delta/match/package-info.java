/** Finds what the new image takes over from the old one: suffix array, longest matches, approximate copies. */
@org.jspecify.annotations.NullMarked
package dev.fieldproof.ota.delta.match;
