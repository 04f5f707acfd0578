/**
 * The way of an update on a device: preconditions, delta, slot, verification, activation, trial, health check,
 * confirmation or revert; streaming, in constant memory, and resumable after a power cut at every flash operation.
 */
package dev.fieldproof.ota.install;
