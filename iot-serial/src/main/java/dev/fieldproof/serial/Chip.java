package dev.fieldproof.serial;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The chips whose boot loaders this module speaks to, with what differs between them. Numbers are those of the vendor's
 * serial protocol and image format documents.
 */
public enum Chip {
    /** ESP8266: no compression, no MD5 and no change of speed in its ROM. */
    ESP8266("ESP8266", -1, 0, 0x60000200, 0xFFF0C101),
    /** ESP32. */
    ESP32("ESP32", 0, 0x1000, 0x3FF42000, 0x00F01D83),
    /** ESP32-S2. */
    ESP32S2("ESP32-S2", 2, 0x1000, 0x3F402000, 0x000007C6),
    /** ESP32-S3. */
    ESP32S3("ESP32-S3", 9, 0, 0x60002000, 0x00000009),
    /** ESP32-C2. */
    ESP32C2("ESP32-C2", 12, 0, 0x60002000, 0x6F51306F, 0x7C41A06F, 0x0C21E06F),
    /** ESP32-C3. */
    ESP32C3("ESP32-C3", 5, 0, 0x60002000, 0x1B31506F, 0x6921506F, 0x4881606F, 0x4361606F),
    /** ESP32-C5. */
    ESP32C5("ESP32-C5", 23, 0x2000, 0x60003000),
    /** ESP32-C6. */
    ESP32C6("ESP32-C6", 13, 0, 0x60003000, 0x2CE0806F),
    /** ESP32-H2. */
    ESP32H2("ESP32-H2", 16, 0, 0x60003000, 0xD7B73E80),
    /** ESP32-P4. */
    ESP32P4("ESP32-P4", 18, 0x2000, 0x5008D000, 0x0ADDBAD0);

    /** Address of the word that tells chips without {@link #reportsId()} apart. */
    public static final int MAGIC_REGISTER = 0x40001000;

    private final String label;
    private final int id;
    private final int bootloaderOffset;
    private final int spiRegisters;

    @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable list of integers
    private final List<Integer> magics;

    Chip(String label, int id, int bootloaderOffset, int spiRegisters, int... magics) {
        this.label = label;
        this.id = id;
        this.bootloaderOffset = bootloaderOffset;
        this.spiRegisters = spiRegisters;
        this.magics = Arrays.stream(magics).boxed().toList();
    }

    /**
     * The vendor's spelling.
     *
     * @return such as {@code ESP32-C3}
     */
    public String label() {
        return label;
    }

    /**
     * The number in image headers and security information.
     *
     * @return chip id, or -1 for the ESP8266, which has none
     */
    public int id() {
        return id;
    }

    /**
     * Where the ROM looks for the second-stage boot loader.
     *
     * @return flash offset in bytes
     */
    public int bootloaderOffset() {
        return bootloaderOffset;
    }

    /**
     * Where the registers of the flash controller begin.
     *
     * @return address
     */
    public int spiRegisters() {
        return spiRegisters;
    }

    /**
     * What {@link #MAGIC_REGISTER} holds on a common revision.
     *
     * @return the word; 0 where the chip is told apart by {@link #id()} alone
     */
    public int magic() {
        return magics.isEmpty() ? 0 : magics.get(0);
    }

    /**
     * Whether the ROM knows the compressed flash commands, the MD5 command and a change of speed.
     *
     * @return false for the ESP8266 alone
     */
    public boolean modernRom() {
        return this != ESP8266;
    }

    /**
     * Whether the ROM's answer to the security information command carries {@link #id()}.
     *
     * @return false for ESP8266, ESP32 and ESP32-S2
     */
    public boolean reportsId() {
        return this != ESP8266 && this != ESP32 && this != ESP32S2;
    }

    /**
     * How many status bytes end a reply of the ROM.
     *
     * @return 2 or 4
     */
    public int romStatusBytes() {
        return this == ESP8266 ? 2 : 4;
    }

    /**
     * Whether begin commands of the ROM take a fifth word that asks for encryption.
     *
     * @return false for ESP8266 and ESP32
     */
    public boolean romTakesEncryptedWord() {
        return this != ESP8266 && this != ESP32;
    }

    /**
     * Finds a chip by its number.
     *
     * @param id as in image headers and security information
     * @return the chip, or empty if the number is unknown
     */
    public static Optional<Chip> ofId(int id) {
        for (Chip chip : values()) {
            if (chip.id == id && id >= 0) {
                return Optional.of(chip);
            }
        }
        return Optional.empty();
    }

    /**
     * Finds a chip by the word at {@link #MAGIC_REGISTER}.
     *
     * @param magic the word read
     * @return the chip, or empty if the word is unknown
     */
    public static Optional<Chip> ofMagic(int magic) {
        for (Chip chip : values()) {
            if (chip.magics.contains(magic)) {
                return Optional.of(chip);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return label;
    }
}
