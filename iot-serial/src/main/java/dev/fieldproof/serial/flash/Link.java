package dev.fieldproof.serial.flash;

import dev.fieldproof.serial.Chip;
import dev.fieldproof.serial.ChipRevision;

/**
 * A loader that answers.
 *
 * @param chip which chip
 * @param stub whether a stub runs, else the ROM
 * @param baud the speed in use
 * @param revision the chip's revision, or {@link ChipRevision#UNKNOWN}
 */
record Link(Chip chip, boolean stub, int baud, int revision) {
    Link(Chip chip, boolean stub, int baud) {
        this(chip, stub, baud, ChipRevision.UNKNOWN);
    }

    /** Length of an MD5 reply. */
    int md5Bytes() {
        return stub ? 16 : 32;
    }

    /** Whether the loader can inflate what it is sent and tell the MD5 of flash: all but the ESP8266's ROM. */
    boolean modern() {
        return stub || chip.modernRom();
    }

    /** The ESP32's ROM was seen to take blocks of 4096; of the others' nothing is known beyond the vendor's 1024. */
    int blockBytes() {
        return stub ? 0x4000 : chip == Chip.ESP32 ? 0x1000 : 0x400;
    }

    boolean encryptedWord() {
        return !stub && chip.romTakesEncryptedWord();
    }
}
