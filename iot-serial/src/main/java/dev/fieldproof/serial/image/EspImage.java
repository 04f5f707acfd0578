package dev.fieldproof.serial.image;

import dev.fieldproof.core.Digest;
import dev.fieldproof.serial.Chip;
import dev.fieldproof.serial.rom.Command;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A bootable image: header, segments, checksum and, on all chips but the ESP8266, an appended SHA-256 (vendor's
 * "Firmware Image Format"). Immutable.
 *
 * @param chipId the chip it is built for; -1 for an ESP8266 image, which has no extended header
 * @param flashMode 0 QIO, 1 QOUT, 2 DIO, 3 DOUT
 * @param flashSizeAndSpeed size in the high four bits, speed in the low four
 * @param entry address of the first instruction
 * @param minRevision lowest chip revision, major x 100 + minor; 0 for any
 * @param maxRevision highest chip revision, 65535 for any
 * @param segments 1 to 16 pieces
 * @param hashed whether a SHA-256 is appended
 * @param lengthBytes length of header, segments, padding, checksum and hash together
 */
public record EspImage(
        int chipId,
        int flashMode,
        int flashSizeAndSpeed,
        int entry,
        int minRevision,
        int maxRevision,
        List<Segment> segments,
        boolean hashed,
        int lengthBytes) {
    /** First byte of every image. */
    public static final int MAGIC = 0xE9;

    /** Most segments of an image. */
    public static final int MAX_SEGMENTS = 16;

    private static final int HEADER_BYTES = 8;
    private static final int EXTENDED_HEADER_BYTES = 16;

    /** Copies the list. */
    public EspImage {
        segments = List.copyOf(segments);
    }

    /**
     * A piece of memory.
     *
     * @param address where it is loaded or mapped
     * @param offsetBytes where its bytes begin in the image
     * @param lengthBytes how many
     */
    public record Segment(int address, int offsetBytes, int lengthBytes) {}

    /**
     * Reads and checks an image: every length, the segment checksum and, if present, the SHA-256. What follows the
     * image (a signature, padding) is not looked at.
     *
     * @param bytes the file or partition
     * @param chip the chip it must be for
     * @return the image
     * @throws ImageFormatException naming the first rule broken; a wrong chip is one of them
     */
    public static EspImage parse(byte[] bytes, Chip chip) throws ImageFormatException {
        int headerBytes = headerBytes(chip);
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < headerBytes) {
            throw new ImageFormatException(bytes.length, "an image header has " + headerBytes + " bytes");
        }
        if ((bytes[0] & 0xFF) != MAGIC) {
            throw new ImageFormatException(0, "an image begins with E9");
        }
        int chipId = -1;
        int minRevision = 0;
        int maxRevision = 0xFFFF;
        boolean hashed = false;
        if (headerBytes > HEADER_BYTES) {
            chipId = in.getShort(12) & 0xFFFF;
            if (chipId != chip.id()) {
                String built = Chip.ofId(chipId).map(Chip::label).orElse("unknown chip " + chipId);
                throw new ImageFormatException(12, "the image is for " + built + ", not for " + chip);
            }
            minRevision = in.getShort(15) & 0xFFFF;
            maxRevision = in.getShort(17) & 0xFFFF;
            // Images from before these fields have a byte instead, which counts major numbers, on the ESP32-C3 minor
            // ones.
            if (maxRevision == 0 || (maxRevision == 0xFFFF && minRevision == 0)) {
                minRevision = (bytes[14] & 0xFF) * (chip == Chip.ESP32C3 ? 1 : 100);
                maxRevision = 0xFFFF;
            }
            if (bytes[23] != 0 && bytes[23] != 1) {
                throw new ImageFormatException(23, "the hash flag is 0 or 1");
            }
            hashed = bytes[23] == 1;
        }
        if ((bytes[2] & 0xFF) > 5) {
            throw new ImageFormatException(2, "the flash mode is 0 to 5");
        }
        List<Segment> segments = segments(in, headerBytes, bytes[1] & 0xFF);
        Segment last = segments.get(segments.size() - 1);
        int end = checkSum(bytes, segments, last.offsetBytes() + last.lengthBytes());
        if (hashed) {
            end = checkHash(bytes, end);
        } else if (headerBytes > HEADER_BYTES && isHashOfHashed(bytes, end)) {
            throw new ImageFormatException(23, "the hash flag is 0, yet the SHA-256 of the image with 1 follows");
        }
        int entry = in.getInt(4);
        return new EspImage(
                chipId, bytes[2] & 0xFF, bytes[3] & 0xFF, entry, minRevision, maxRevision, segments, hashed, end);
    }

    /**
     * Whether some revisions of the chip must not run it.
     *
     * @return false if it is for any revision
     */
    public boolean limitsRevision() {
        return minRevision > 0 || maxRevision < 0xFFFF;
    }

    private static int headerBytes(Chip chip) {
        return chip == Chip.ESP8266 ? HEADER_BYTES : HEADER_BYTES + EXTENDED_HEADER_BYTES;
    }

    private static List<Segment> segments(ByteBuffer in, int from, int count) throws ImageFormatException {
        if (count < 1 || count > MAX_SEGMENTS) {
            throw new ImageFormatException(1, "an image has 1 to " + MAX_SEGMENTS + " segments, not " + count);
        }
        List<Segment> segments = new ArrayList<>();
        int at = from;
        for (int i = 0; i < count; i++) {
            if (in.limit() - at < 8) {
                throw new ImageFormatException(at, "header of segment " + i + " is cut off");
            }
            int address = in.getInt(at);
            int length = in.getInt(at + 4);
            at += 8;
            if (length < 0 || length > in.limit() - at) {
                throw new ImageFormatException(at - 4, "segment " + i + " is cut off: its length is " + length);
            }
            segments.add(new Segment(address, at, length));
            at += length;
        }
        return segments;
    }

    private static int checkSum(byte[] bytes, List<Segment> segments, int end) throws ImageFormatException {
        int sumAt = paddedEnd(end) - 1;
        if (sumAt >= bytes.length) {
            throw new ImageFormatException(bytes.length, "the checksum is cut off");
        }
        int sum = 0xEF;
        for (Segment segment : segments) {
            for (int i = 0; i < segment.lengthBytes(); i++) {
                sum ^= bytes[segment.offsetBytes() + i] & 0xFF;
            }
        }
        if ((bytes[sumAt] & 0xFF) != sum) {
            throw new ImageFormatException(sumAt, "the segment checksum does not match");
        }
        return sumAt + 1;
    }

    private static int checkHash(byte[] bytes, int end) throws ImageFormatException {
        if (bytes.length - end < Digest.LENGTH_BYTES) {
            throw new ImageFormatException(bytes.length, "the appended SHA-256 is cut off");
        }
        Digest expected = Digest.of(Arrays.copyOfRange(bytes, end, end + Digest.LENGTH_BYTES));
        if (!Digest.sha256(ByteBuffer.wrap(bytes, 0, end)).equals(expected)) {
            throw new ImageFormatException(end, "the appended SHA-256 does not match");
        }
        return end + Digest.LENGTH_BYTES;
    }

    /** Whether all that is wrong with a hashed image is its flag: without it nobody would look at the hash. */
    private static boolean isHashOfHashed(byte[] bytes, int end) {
        if (bytes.length - end < Digest.LENGTH_BYTES) {
            return false;
        }
        byte[] hashed = Arrays.copyOf(bytes, end);
        hashed[23] = 1;
        return Digest.sha256(hashed).equals(Digest.of(Arrays.copyOfRange(bytes, end, end + Digest.LENGTH_BYTES)));
    }

    /** The checksum is the last byte of a 16-byte line, and at least one byte follows the segments. */
    private static int paddedEnd(int end) {
        return (end + 16) & ~15;
    }

    /**
     * The flash size the header declares.
     *
     * @return size in bytes, or empty if the code is unknown
     */
    public Optional<Integer> declaredFlashSizeBytes() {
        int code = flashSizeAndSpeed >>> 4;
        int[] esp8266MiBytes = {512, 256, 1024, 2048, 4096};
        if (chipId < 0) {
            return code < esp8266MiBytes.length ? Optional.of(esp8266MiBytes[code] << 10) : Optional.empty();
        }
        return code <= 7 ? Optional.of(1 << (20 + code)) : Optional.empty();
    }

    /**
     * Starts an image.
     *
     * @param chip the chip it is for
     * @return a builder with DIO mode, 4 MiB at 40 MHz, an appended hash and no segments
     */
    public static Builder builder(Chip chip) {
        return new Builder(chip);
    }

    /**
     * A small bootable image of any firmware bytes, as one segment mapped from flash.
     *
     * @param chip the chip it is for
     * @param firmware the bytes, padded to a multiple of four
     * @return the image's bytes
     */
    public static byte[] wrap(Chip chip, byte[] firmware) {
        return builder(chip).segment(0x3F40_0020, firmware).entry(0x4008_0000).build();
    }

    /** Assembles an image. Not thread-safe. */
    public static final class Builder {
        @SuppressWarnings("ArrayRecordComponent") // never compared
        private record Piece(int address, byte[] bytes) {}

        private final Chip chip;
        private final List<Piece> pieces = new ArrayList<>();
        private int flashMode = 2;
        private int flashSizeAndSpeed;
        private int entry;
        private int minRevision;
        private int maxRevision = 0xFFFF;
        private boolean hashed;

        private Builder(Chip chip) {
            this.chip = chip;
            this.hashed = chip != Chip.ESP8266;
            this.flashSizeAndSpeed = chip == Chip.ESP8266 ? 0x40 : 0x20;
        }

        /**
         * Adds a segment.
         *
         * @param address where it is loaded
         * @param bytes its content, copied, padded with zeros to a multiple of four
         * @return this
         * @throws IllegalStateException if there are {@link #MAX_SEGMENTS} already
         */
        public Builder segment(int address, byte[] bytes) {
            if (pieces.size() == MAX_SEGMENTS) {
                throw new IllegalStateException("an image has at most " + MAX_SEGMENTS + " segments");
            }
            pieces.add(new Piece(address, Arrays.copyOf(bytes, (bytes.length + 3) & ~3)));
            return this;
        }

        /**
         * Sets the entry point.
         *
         * @param address of the first instruction
         * @return this
         */
        public Builder entry(int address) {
            entry = address;
            return this;
        }

        /**
         * Sets the flash the image declares.
         *
         * @param mode 0 QIO, 1 QOUT, 2 DIO, 3 DOUT
         * @param sizeAndSpeed size code in the high four bits, speed code in the low four
         * @return this
         */
        public Builder flash(int mode, int sizeAndSpeed) {
            flashMode = mode;
            flashSizeAndSpeed = sizeAndSpeed;
            return this;
        }

        /**
         * Limits the chip revisions.
         *
         * @param min lowest, major x 100 + minor
         * @param max highest, 65535 for any
         * @return this
         */
        public Builder revisions(int min, int max) {
            minRevision = min;
            maxRevision = max;
            return this;
        }

        /**
         * Leaves the SHA-256 out or puts it in.
         *
         * @param append whether it is appended
         * @return this
         */
        public Builder hashed(boolean append) {
            hashed = append && chip != Chip.ESP8266;
            return this;
        }

        /**
         * Assembles the image.
         *
         * @return new bytes that {@link EspImage#parse} accepts
         * @throws IllegalStateException if there is no segment
         */
        public byte[] build() {
            if (pieces.isEmpty()) {
                throw new IllegalStateException("an image has at least one segment");
            }
            int headerBytes = headerBytes(chip);
            int end = headerBytes;
            for (Piece piece : pieces) {
                end += 8 + piece.bytes.length;
            }
            int summed = paddedEnd(end);
            ByteBuffer out = ByteBuffer.allocate(summed + (hashed ? Digest.LENGTH_BYTES : 0))
                    .order(ByteOrder.LITTLE_ENDIAN);
            out.put((byte) MAGIC)
                    .put((byte) pieces.size())
                    .put((byte) flashMode)
                    .put((byte) flashSizeAndSpeed);
            out.putInt(entry);
            if (headerBytes > HEADER_BYTES) {
                out.put(8, (byte) 0xEE).putShort(12, (short) chip.id());
                out.putShort(15, (short) minRevision).putShort(17, (short) maxRevision);
                out.put(23, (byte) (hashed ? 1 : 0));
                out.position(headerBytes);
            }
            int sum = 0xEF;
            for (Piece piece : pieces) {
                byte[] bytes = piece.bytes;
                out.putInt(piece.address).putInt(bytes.length).put(bytes);
                sum ^= Command.checksumOf(bytes) ^ 0xEF;
            }
            out.put(summed - 1, (byte) sum).position(summed);
            if (hashed) {
                out.put(Digest.sha256(ByteBuffer.wrap(out.array(), 0, summed)).bytes());
            }
            return out.array();
        }
    }
}
