package dev.fieldproof.serial.flash;

import dev.fieldproof.serial.Chip;

/**
 * What answers at the other end.
 *
 * @param chip which chip
 * @param stub whether a stub was running or was loaded, else its ROM answers
 */
public record DeviceInfo(Chip chip, boolean stub) {}
