package dev.fieldproof.ota.slot;

import dev.fieldproof.core.sim.PowerCutException;
import dev.fieldproof.core.store.NorFlash;
import java.util.Arrays;

/**
 * Flash whose power can be cut so that any chosen ones of the first eight words of an operation take effect and the
 * others do not, as the words of an otadata entry may.
 */
final class WordFlash implements NorFlash {
    static final int SECTOR = 128;

    private final byte[] bytes;
    private long operations;
    private long cutAt = -1;
    private int words;

    WordFlash(int sectors) {
        bytes = new byte[sectors * SECTOR];
        Arrays.fill(bytes, ERASED);
    }

    WordFlash copy() {
        WordFlash copy = new WordFlash(bytes.length / SECTOR);
        System.arraycopy(bytes, 0, copy.bytes, 0, bytes.length);
        return copy;
    }

    void cutAt(long operation, int wordMask) {
        cutAt = operation;
        words = wordMask;
    }

    long operations() {
        return operations;
    }

    void powerOn() {
        cutAt = -1;
    }

    private boolean takesEffect(int index, boolean cut) {
        return (index < 32 && cut) ? (words >> (index / 4) & 1) != 0 : !cut;
    }

    @Override
    public void program(int offsetBytes, byte[] data, int from, int lengthBytes) {
        boolean cut = operations++ == cutAt;
        for (int i = 0; i < lengthBytes; i++) {
            if (takesEffect(i, cut)) {
                bytes[offsetBytes + i] &= data[from + i];
            }
        }
        stopIf(cut);
    }

    @Override
    public void erase(int offsetBytes) {
        boolean cut = operations++ == cutAt;
        for (int i = 0; i < SECTOR; i++) {
            if (takesEffect(i, cut)) {
                bytes[offsetBytes + i] = ERASED;
            }
        }
        stopIf(cut);
    }

    private void stopIf(boolean cut) {
        if (cut) {
            throw new PowerCutException("power cut at operation " + cutAt);
        }
    }

    @Override
    public void read(int offsetBytes, byte[] into, int from, int lengthBytes) {
        System.arraycopy(bytes, offsetBytes, into, from, lengthBytes);
    }

    @Override
    public int sizeBytes() {
        return bytes.length;
    }

    @Override
    public int sectorSizeBytes() {
        return SECTOR;
    }

    @Override
    public int writeUnitBytes() {
        return 4;
    }
}
