/**
 * Sparkplug B payloads (Sparkplug 3.0, chapter 6): values of every datatype, a single-pass encoder into a reused
 * buffer, a decoder to objects, and a cursor that reads without allocating.
 */
package dev.fieldproof.sparkplug.payload;
