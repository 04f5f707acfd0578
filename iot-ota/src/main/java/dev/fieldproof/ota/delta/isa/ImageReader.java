package dev.fieldproof.ota.delta.isa;

import dev.fieldproof.ota.delta.SourceImage;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Byte access to an image through a few cached pages; bytes outside the image read as 0. Not thread-safe. */
public final class ImageReader {
    private static final int PAGE_BITS = 12;
    private static final int PAGE_BYTES = 1 << PAGE_BITS;
    private static final int PAGES = 64;

    private final SourceImage image;
    private final int size;
    private final byte[][] pages = new byte[PAGES][0];
    private final int[] held = new int[PAGES];
    private byte[] window = new byte[0];
    private int windowFrom;

    /**
     * Opens a view.
     *
     * @param image the image, below 2^31 bytes
     */
    public ImageReader(SourceImage image) {
        this.image = image;
        this.size = Math.toIntExact(image.sizeBytes());
    }

    /**
     * Opens a view of an image in memory.
     *
     * @param image the image, not copied
     */
    public ImageReader(byte[] image) {
        this(SourceImage.of(image));
        this.window = image;
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
        int i = offset - windowFrom;
        return i >= 0 && i < window.length && offset < size ? window[i] & 0xFF : elsewhere(offset);
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
        window = pages[slot];
        windowFrom = page << PAGE_BITS;
        return window[offset - windowFrom] & 0xFF;
    }

    int half(int offset) {
        return at(offset) | at(offset + 1) << 8;
    }

    int word(int offset) {
        int i = offset - windowFrom;
        if (i >= 0 && i + 4 <= window.length && offset + 4 <= size) {
            return (window[i] & 0xFF)
                    | (window[i + 1] & 0xFF) << 8
                    | (window[i + 2] & 0xFF) << 16
                    | window[i + 3] << 24;
        }
        return half(offset) | half(offset + 2) << 16;
    }

    private void load(int page, int slot) {
        if (pages[slot].length == 0) {
            pages[slot] = new byte[PAGE_BYTES];
        }
        int from = page << PAGE_BITS;
        try {
            image.read(from, pages[slot], 0, Math.min(PAGE_BYTES, size - from));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        held[slot] = page + 1;
    }

    /**
     * Reads a little-endian number.
     *
     * @param offset of the first byte
     * @param bytes 1 to 4
     * @return its bits
     */
    public int bits(int offset, int bytes) {
        if (bytes == 4) {
            return word(offset);
        }
        int bits = 0;
        for (int i = 0; i < bytes; i++) {
            bits |= at(offset + i) << (8 * i);
        }
        return bits;
    }
}
