/**
 * What a device remembers of its last crash: the summary of an ESP-IDF core dump, read from the binary format that the
 * chip writes to flash.
 */
package dev.fieldproof.core.health.crash;
