package dev.fieldproof.ota.slot;

/**
 * What the boot metadata says. Immutable.
 *
 * @param slot which slot rules, from 0
 * @param state {@link SlotState#TRIAL} or {@link SlotState#CONFIRMED}
 * @param triesLeft how many more times a trial may boot; 0 if confirmed
 * @param version of the ruling image, 0 to 4,294,967,295
 * @param failedVersion the version given up last, 0 for none
 * @param securityCounter lowest security version that may boot, raised by confirmations only
 */
public record BootStatus(
        int slot, SlotState state, int triesLeft, long version, long failedVersion, long securityCounter) {}
