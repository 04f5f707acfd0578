package dev.fieldproof.serial.flash;

import dev.fieldproof.serial.Chip;

/**
 * A loader that answers.
 *
 * @param chip which chip
 * @param stub whether a stub runs, else the ROM
 * @param baud the speed in use
 */
record Link(Chip chip, boolean stub, int baud) {
    /** Length of an MD5 reply. */
    int md5Bytes() {
        return stub ? 16 : 32;
    }

    int blockBytes() {
        return stub ? 0x4000 : 0x400;
    }

    boolean encryptedWord() {
        return !stub && chip.romTakesEncryptedWord();
    }
}
