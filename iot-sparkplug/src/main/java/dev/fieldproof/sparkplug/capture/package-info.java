/** Captured traffic: reading and writing it, replaying it to the same state, and telling which rules it breaks. */
package dev.fieldproof.sparkplug.capture;
