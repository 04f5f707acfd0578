package dev.fieldproof.serial.sim;

import dev.fieldproof.serial.slip.Slip;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** Takes bytes off the line and puts packets together, as the loaders do: not as forgivingly as one would wish. */
final class SimFrames {
    private static final int MAX_FRAME_BYTES = 16_647;

    private final ByteArrayOutputStream frame = new ByteArrayOutputStream();
    private boolean inFrame;
    private boolean escaped;

    void reset() {
        frame.reset();
        inFrame = false;
        escaped = false;
    }

    /** The next delimiter begins a frame, whatever came before. */
    void startOver() {
        inFrame = false;
    }

    /**
     * Takes a byte.
     *
     * @param countsDelimiters whether an empty frame is a frame, as for the stub; the ROM takes it for the beginning of
     *     one
     * @return a packet if this byte ends one
     */
    byte @Nullable [] take(byte b, boolean countsDelimiters) {
        if (b == Slip.END) {
            boolean whole = inFrame && (countsDelimiters || frame.size() > 0);
            inFrame = !whole;
            escaped = false;
            if (!whole) {
                return null;
            }
            byte[] packet = frame.toByteArray();
            frame.reset();
            return packet;
        }
        if (!inFrame || frame.size() > MAX_FRAME_BYTES) {
            return null;
        }
        if (escaped) {
            escaped = false;
            frame.write(b == Slip.ESC_END ? Slip.END : b == Slip.ESC_ESC ? Slip.ESC : b);
        } else if (b == Slip.ESC) {
            escaped = true;
        } else {
            frame.write(b);
        }
        return null;
    }
}
