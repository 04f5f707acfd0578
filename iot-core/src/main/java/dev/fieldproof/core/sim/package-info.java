/**
 * A deterministic test kit for this project's tests and for yours: time, network, disk, flash and devices that fail on
 * cue, and replay from a seed.
 *
 * <ul>
 *   <li>{@code SimClock}: time that passes when told to, and the scheduler of everything else here;
 *   <li>{@code SimNetwork}: a link per pair of nodes with delay, loss, duplication, reordering and bandwidth, and
 *       partitions;
 *   <li>{@code SimDirectory}: a directory that loses in a power cut what POSIX allows to be lost;
 *   <li>{@code SimFlash}: NOR flash that erases to 0xFF, only clears bits, can be cut before, within and after any
 *       operation, and rots;
 *   <li>{@code SimDeviceTrace}: what a device with a known defect would report;
 *   <li>{@code SeededRuns}: runs a property over many seeds, and shrinks the history that breaks it.
 * </ul>
 *
 * <p>The pattern of an enumeration: run once to count the operations, then once per operation with a cut there, and
 * check what is left. Pair it with a mutant, because a check that cannot fail proves nothing.
 */
package dev.fieldproof.core.sim;
