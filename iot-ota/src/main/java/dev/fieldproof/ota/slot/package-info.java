/**
 * Two slots and the decision which of them to boot: trial, confirmation, rollback, anti-rollback; on raw NOR flash, in
 * the ESP-IDF otadata format, and in directories. Every write order here is proven by enumerating power cuts.
 */
package dev.fieldproof.ota.slot;
