package dev.fieldproof.ota.delta;

import dev.fieldproof.ota.delta.isa.Segments;
import java.util.Arrays;
import java.util.Optional;

/**
 * Bytes of an image that follow from those before them, so that a patch need not carry them: what its body makes in
 * their place is not looked at. A rule is used only if it gives the very bytes of the image at hand.
 *
 * @param kind {@link #ESP}, or {@link #CRC} and what is added to it
 * @param sector for {@link #ESP}, in which sector of 4096 bytes the image begins that has the tail; otherwise 0
 */
record Tail(int kind, int sector) {
    /** Checksum and SHA-256 of an ESP image ("Firmware Image Format" in Espressif's esptool manual). */
    static final int ESP = 1;

    /** The last four bytes are the CRC-32 (IEEE 802.3) of those before; by default little-endian. */
    static final int CRC = 2;

    /** Added to {@link #CRC}: without the last step, the inversion. */
    static final int PLAIN = 1;

    /** Added to {@link #CRC}: the highest byte first. */
    static final int BIG_ENDIAN = 2;

    static final int LAST_KIND = CRC + PLAIN + BIG_ENDIAN;
    static final int SECTOR_BYTES = 4096;

    private static final int ESP_HEADER_BYTES = 24;
    /** How much must be alike before two tails for their images to end alike. */
    private static final int ALIKE_BYTES = 16;

    /** A rule and the bytes of an image that it gives. */
    record Place(Tail tail, int at, int bytes) {
        private boolean hasSame(byte[] image, Place other, byte[] otherImage) {
            return tail.equals(other.tail)
                    && Arrays.equals(image, at, at + bytes, otherImage, other.at, other.at + other.bytes);
        }

        private boolean comesAfterSame(byte[] image, Place other, byte[] otherImage) {
            int alike = Math.min(ALIKE_BYTES, Math.min(at, other.at));
            return tail.equals(other.tail)
                    && Arrays.equals(image, at - alike, at, otherImage, other.at - alike, other.at);
        }
    }

    /** The rule that gives some bytes of an image. */
    static Optional<Place> of(byte[] image) {
        Optional<Place> esp = Layouts.esp(image, ESP_HEADER_BYTES).flatMap(parts -> {
            Segments.Segment first = parts.list().get(0);
            return new Tail(ESP, (first.offset() - ESP_HEADER_BYTES - 8) / SECTOR_BYTES).in(image);
        });
        for (int kind = CRC; esp.isEmpty() && kind <= LAST_KIND; kind++) {
            Optional<Place> crc = new Tail(kind, 0).in(image);
            if (crc.isPresent()) {
                return crc;
            }
        }
        return esp;
    }

    private Optional<Place> in(byte[] image) {
        byte[] made = image.clone();
        TailMaker maker = begin(image.length);
        try {
            maker.complete(made, made.length);
            maker.end();
        } catch (TailMaker.MisfitException e) {
            return Optional.empty();
        }
        boolean right = Arrays.equals(made, image) && maker.at() + maker.bytes() <= image.length;
        return right ? Optional.of(new Place(this, maker.at(), maker.bytes())) : Optional.empty();
    }

    /** The rule that a patch is worth telling of: none if the tail of the old image is the same. */
    static Optional<Place> worthTelling(byte[] target, byte[] old) {
        Optional<Place> place = of(target);
        Optional<Place> before = place.isPresent() ? of(old) : place;
        boolean same = before.isPresent() && place.get().hasSame(target, before.get(), old);
        return same ? Optional.empty() : place;
    }

    /**
     * A new image with bytes in its tail that cost less: those of the old one if both end alike, else more of the byte
     * before.
     */
    static byte[] cheapened(byte[] target, Place place, byte[] old) {
        byte[] out = target.clone();
        Optional<Place> before = of(old);
        if (before.isPresent() && place.comesAfterSame(target, before.get(), old)) {
            System.arraycopy(old, before.get().at, out, place.at, place.bytes);
        } else {
            Arrays.fill(out, place.at, place.at + place.bytes, place.at == 0 ? 0 : target[place.at - 1]);
        }
        return out;
    }

    /** Begins to make the tail of an image of so many bytes. */
    TailMaker begin(int imageBytes) {
        return kind == ESP ? new EspTail(sector * SECTOR_BYTES, imageBytes) : new CrcTail(kind - CRC, imageBytes);
    }
}
