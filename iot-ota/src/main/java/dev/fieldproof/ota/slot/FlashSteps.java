package dev.fieldproof.ota.slot;

import dev.fieldproof.core.store.NorFlash;
import java.io.IOException;
import java.util.Arrays;

/**
 * Erasing and programming that is checked on the spot: erase, see that it is blank, program, read back, and again if
 * not. A sector is always erased before it is programmed, however blank it looks: a cut erase may read blank and yet
 * not last. Package-private methods are the seams at which tests take a check away.
 */
class FlashSteps {
    private static final int MAX_ATTEMPTS = 4;

    final NorFlash flash;
    private final int pageBytes;
    private final byte[] buffer;

    /**
     * Wraps a flash.
     *
     * @param pageBytes how much to program at once, a multiple of the write unit
     */
    FlashSteps(NorFlash flash, int pageBytes) {
        this.flash = flash;
        this.pageBytes = pageBytes;
        this.buffer = new byte[flash.sectorSizeBytes()];
    }

    /** Replaces the content of one sector, whose unwritten rest stays blank. */
    void rewriteSector(int offsetBytes, byte[] data, int from, int lengthBytes) throws IOException {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            eraseSector(offsetBytes);
            program(offsetBytes, data, from, lengthBytes);
            if (readsBack(offsetBytes, data, from, lengthBytes)) {
                return;
            }
        }
        throw new IOException("the flash sector at " + offsetBytes + " does not hold what is programmed");
    }

    void eraseSector(int offsetBytes) throws IOException {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            flash.erase(offsetBytes);
            if (isBlank(offsetBytes, flash.sectorSizeBytes())) {
                return;
            }
        }
        throw new IOException("the flash sector at " + offsetBytes + " cannot be erased");
    }

    /**
     * Programs page by page; the last unit is filled up with erased bytes, and pages that would change nothing are
     * skipped.
     */
    void program(int offsetBytes, byte[] data, int from, int lengthBytes) throws IOException {
        int unit = flash.writeUnitBytes();
        for (int at = 0; at < lengthBytes; at += pageBytes) {
            int length = Math.min(pageBytes, lengthBytes - at);
            int padded = (length + unit - 1) / unit * unit;
            System.arraycopy(data, from + at, buffer, 0, length);
            Arrays.fill(buffer, length, padded, NorFlash.ERASED);
            flash.program(offsetBytes + at, buffer, 0, padded);
        }
    }

    boolean readsBack(int offsetBytes, byte[] data, int from, int lengthBytes) throws IOException {
        flash.read(offsetBytes, buffer, 0, lengthBytes);
        return Arrays.equals(buffer, 0, lengthBytes, data, from, from + lengthBytes);
    }

    boolean isBlank(int offsetBytes, int lengthBytes) throws IOException {
        flash.read(offsetBytes, buffer, 0, lengthBytes);
        for (int i = 0; i < lengthBytes; i++) {
            if (buffer[i] != NorFlash.ERASED) {
                return false;
            }
        }
        return true;
    }
}
