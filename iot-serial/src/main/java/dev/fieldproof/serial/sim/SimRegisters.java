package dev.fieldproof.serial.sim;

import dev.fieldproof.serial.Chip;
import dev.fieldproof.serial.ChipRevision;
import java.util.HashMap;
import java.util.Map;

/** The registers that loaders are asked about: identity, and as much of the flash controller as names the flash. */
final class SimRegisters {
    private static final int READ_ID = 0x9F;
    private static final int MAKER_AND_TYPE = 0x40_EF;

    private final Chip chip;
    private final int flashId;
    private final Map<Integer, Integer> written = new HashMap<>();

    SimRegisters(Chip chip, int flashBytes) {
        this.chip = chip;
        this.flashId = MAKER_AND_TYPE | (31 - Integer.numberOfLeadingZeros(flashBytes)) << 16;
    }

    int read(int address) {
        if (address == Chip.MAGIC_REGISTER) {
            return chip.magic();
        }
        int inSpi = address - chip.spiRegisters();
        if (inSpi == 0) {
            return 0; // The command register: whatever was asked is done.
        }
        boolean dataRegister = inSpi == (chip == Chip.ESP8266 ? 0x40 : chip == Chip.ESP32 ? 0x80 : 0x58);
        if (dataRegister && (lastCommand() & 0xFF) == READ_ID) {
            return flashId;
        }
        return written.getOrDefault(address, 0);
    }

    private int lastCommand() {
        int commandRegister = chip == Chip.ESP8266 || chip == Chip.ESP32 ? 0x24 : 0x20;
        return written.getOrDefault(chip.spiRegisters() + commandRegister, 0);
    }

    void revision(int revision) {
        written.putAll(ChipRevision.words(chip, revision));
    }

    void write(int address, int value, int mask) {
        written.put(address, (written.getOrDefault(address, 0) & ~mask) | (value & mask));
    }
}
