package dev.fieldproof.ota.delta.isa;

import dev.fieldproof.ota.delta.SourceImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Byte access to an image, held whole if it is small and through a few cached pages otherwise; bytes outside the image
 * read as 0. Not thread-safe.
 */
public final class ImageReader {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int WHOLE_BYTES = 2 << 20;
    private static final int PAGE_BITS = 12;
    private static final int PAGE_BYTES = 1 << PAGE_BITS;
    private static final int PAGES = 64;

    private final SourceImage image;
    private final int size;
    /** The image, or nothing. */
    private final byte[] whole;

    private final byte[][] pages;
    private final int[] held;

    /**
     * Opens a view.
     *
     * @param image the image, below 2^31 bytes
     * @throws UncheckedIOException if the medium fails
     */
    public ImageReader(SourceImage image) {
        this.image = image;
        this.size = Math.toIntExact(image.sizeBytes());
        this.whole = new byte[size <= WHOLE_BYTES ? size : 0];
        this.pages = new byte[size <= WHOLE_BYTES ? 0 : PAGES][0];
        this.held = new int[pages.length];
        read(0, whole, whole.length);
    }

    /**
     * Opens a view of an image in memory.
     *
     * @param image the image, not copied
     */
    public ImageReader(byte[] image) {
        this.image = SourceImage.of(image);
        this.size = image.length;
        this.whole = image;
        this.pages = new byte[0][0];
        this.held = new int[0];
    }

    /**
     * Length of the image.
     *
     * @return size in bytes
     */
    public int size() {
        return size;
    }

    /**
     * Reads a byte.
     *
     * @param offset any offset
     * @return 0 to 255; 0 outside the image
     * @throws UncheckedIOException if the medium fails
     */
    public int at(int offset) {
        return offset >= 0 && offset < whole.length ? whole[offset] & 0xFF : elsewhere(offset);
    }

    /**
     * Reads bytes, within the image.
     *
     * @param offset of the first
     * @param to receives them
     * @param toAt index of the first there
     * @param length how many
     */
    public void copy(int offset, byte[] to, int toAt, int length) {
        if (whole.length > 0) {
            System.arraycopy(whole, offset, to, toAt, length);
            return;
        }
        for (int i = 0; i < length; i++) {
            to[toAt + i] = (byte) elsewhere(offset + i);
        }
    }

    /**
     * Compares bytes, within the image.
     *
     * @param offset of the first
     * @param other holds others, or is too short
     * @param otherAt index of the first there
     * @param length how many
     * @return whether they are the same
     */
    public boolean matches(int offset, byte[] other, int otherAt, int length) {
        int i = otherAt + length <= other.length ? 0 : length + 1;
        while (i < length && at(offset + i) == (other[otherAt + i] & 0xFF)) {
            i++;
        }
        return i == length;
    }

    private int elsewhere(int offset) {
        if (offset < 0 || offset >= size) {
            return 0;
        }
        int page = offset >>> PAGE_BITS;
        int slot = page % PAGES;
        if (held[slot] != page + 1) {
            load(page, slot);
        }
        return pages[slot][offset & (PAGE_BYTES - 1)] & 0xFF;
    }

    int half(int offset) {
        return at(offset) | at(offset + 1) << 8;
    }

    int word(int offset) {
        if (offset >= 0 && offset + 4 <= whole.length) {
            return (int) WORD.get(whole, offset);
        }
        return half(offset) | half(offset + 2) << 16;
    }

    private void load(int page, int slot) {
        if (pages[slot].length == 0) {
            pages[slot] = new byte[PAGE_BYTES];
        }
        int from = page << PAGE_BITS;
        read(from, pages[slot], Math.min(PAGE_BYTES, size - from));
        held[slot] = page + 1;
    }

    private void read(int from, byte[] to, int length) {
        try {
            image.read(from, to, 0, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a little-endian number.
     *
     * @param offset of the first byte
     * @param bytes 1 to 4
     * @return its bits
     */
    public int bits(int offset, int bytes) {
        return word(offset) & (-1 >>> (32 - 8 * bytes));
    }
}
