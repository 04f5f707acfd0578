package dev.fieldproof.ota.delta;

/**
 * A patch and how it came about. The array is not copied: do not change it.
 *
 * @param patch the patch
 * @param report sizes and choices
 */
@SuppressWarnings("ArrayRecordComponent") // a patch may be megabytes: no copies, and compared by nobody
public record Delta(byte[] patch, DeltaReport report) {}
