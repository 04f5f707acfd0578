package dev.fieldproof.ota.delta;

import dev.fieldproof.core.Digest;
import dev.fieldproof.ota.delta.codec.CopyMap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * What is left to do once a patch has been decoded, as it lies in the journal: the copies, and for each block of the
 * new image its hash and what must be added to the copied bytes. Unlike the patch it can be carried out from any block
 * on, with nothing remembered. A record in the journal's first sector makes it valid.
 */
final class InPlaceProgram {
    private static final int MAGIC = 0x46504A31;
    private static final int RECORD_BYTES = 4 + 4 + 4 + 4 + 4 + 32 + 32;
    private static final int PART_HEADER_BYTES = 12;

    private final InPlaceFlash flash;
    private final Entry record;
    final InPlaceOrder order;
    private final CopyMap copies;
    private final int[] partAt;
    private final long[] hashes;

    /** How the journal begins. */
    record Entry(int programBytes, int copyBytes, int copies, int newBytes, Digest program, Digest target) {
        byte[] bytes() {
            ByteBuffer out = ByteBuffer.allocate(RECORD_BYTES + 8).putInt(MAGIC);
            out.putInt(programBytes).putInt(copyBytes).putInt(copies).putInt(newBytes);
            out.put(program.bytes()).put(target.bytes());
            byte[] checked = java.util.Arrays.copyOf(out.array(), RECORD_BYTES);
            return out.putLong(InPlaceFlash.hash(checked)).array();
        }

        static Optional<Entry> read(InPlaceFlash flash) throws IOException {
            byte[] bytes = flash.read(flash.layout.journalAt(), RECORD_BYTES + 8);
            ByteBuffer in = ByteBuffer.wrap(bytes);
            long check = InPlaceFlash.hash(java.util.Arrays.copyOf(bytes, RECORD_BYTES));
            if (in.getInt() != MAGIC || in.getLong(RECORD_BYTES) != check) {
                return Optional.empty();
            }
            int programBytes = in.getInt();
            int copyBytes = in.getInt();
            int copies = in.getInt();
            int newBytes = in.getInt();
            byte[] digests = new byte[64];
            in.get(digests);
            Digest program = Digest.of(java.util.Arrays.copyOf(digests, 32));
            Digest target = Digest.of(java.util.Arrays.copyOfRange(digests, 32, 64));
            return Optional.of(new Entry(programBytes, copyBytes, copies, newBytes, program, target));
        }
    }

    /** Opens a program that a record makes valid. */
    InPlaceProgram(InPlaceFlash flash, Entry record) throws IOException {
        this.flash = flash;
        this.record = record;
        int at = flash.layout.programAt(flash.flash);
        if (!digest(flash, at, record.programBytes).equals(record.program)) {
            throw new IOException("the journal does not hold what was written to it");
        }
        ByteBuffer list = ByteBuffer.wrap(inflate(flash.read(at, record.copyBytes), 12 * record.copies));
        copies = new CopyMap(record.copies);
        for (int i = 0; i < record.copies; i++) {
            copies.add(list.getInt(), list.getInt(), list.getInt());
        }
        order = new InPlaceOrder(copies, record.newBytes, flash.blockBytes);
        partAt = new int[order.order().length];
        hashes = new long[partAt.length];
        at += record.copyBytes;
        for (int block = 0; block < partAt.length; block++) {
            ByteBuffer part = ByteBuffer.wrap(flash.read(at, PART_HEADER_BYTES));
            partAt[block] = at;
            at += PART_HEADER_BYTES + part.getInt();
            hashes[block] = part.getLong();
        }
    }

    static Digest digest(InPlaceFlash flash, int from, int length) throws IOException {
        MessageDigest digest = Digest.newSha256();
        for (int at = 0; at < length; at += flash.blockBytes) {
            digest.update(flash.read(from + at, Math.min(flash.blockBytes, length - at)));
        }
        return Digest.of(digest.digest());
    }

    Entry record() {
        return record;
    }

    /** Whether flash contents are a block of the new image. */
    boolean holds(int at, int block) throws IOException {
        return flash.hash(at, flash.blockLength(block, record.newBytes)) == hashes[block];
    }

    /** Whether a block is made from bytes in its own place, so that only a spare copy survives a cut. */
    boolean readsItself(int block) {
        int at = block * flash.blockBytes;
        int end = at + flash.blockLength(block, record.newBytes);
        for (int copy = order.copyAt(at); copy < order.copies() && order.startOf(copy) < end; copy++) {
            int from = order.oldAt(copy, Math.max(at, order.startOf(copy)));
            int to = order.oldAt(copy, Math.min(end, order.endOf(copy)));
            if (from < at + flash.blockBytes && to > at) {
                return true;
            }
        }
        return false;
    }

    /** Makes a block of the new image from what is left of the old one. */
    byte[] make(int block) throws IOException {
        int length = flash.blockLength(block, record.newBytes);
        int size = ByteBuffer.wrap(flash.read(partAt[block], 4)).getInt();
        byte[] bytes = inflate(flash.read(partAt[block] + PART_HEADER_BYTES, size), length);
        combine(flash, order, block, bytes, 1);
        if (InPlaceFlash.hash(bytes) != hashes[block]) {
            throw new IOException("block " + block + " cannot be made: the image or the journal has changed");
        }
        return bytes;
    }

    /** Adds the copied bytes to a block, or takes them away. */
    private static void combine(InPlaceFlash flash, InPlaceOrder order, int block, byte[] bytes, int sign)
            throws IOException {
        byte[] old = new byte[flash.blockBytes];
        int start = block * flash.blockBytes;
        int at = start;
        for (int copy = order.copyAt(start); at < start + bytes.length && copy < order.copies(); copy++) {
            at = Math.max(at, order.startOf(copy));
            int end = Math.min(order.endOf(copy), start + bytes.length);
            while (at < end) {
                int from = order.oldAt(copy, at);
                int count = Math.min(end - at, flash.blockBytes - from % flash.blockBytes);
                if (order.isThere(from, block)) {
                    flash.flash.read(flash.layout.imageAt() + from, old, 0, count);
                    for (int i = 0; i < count; i++) {
                        bytes[at - start + i] += (byte) (sign * old[i]);
                    }
                }
                at += count;
            }
        }
    }

    /** The copies as they begin the program. */
    static byte[] list(CopyMap copies) {
        ByteBuffer list = ByteBuffer.allocate(12 * copies.size());
        for (int i = 0; i < copies.size(); i++) {
            list.putInt(copies.target(i)).putInt(copies.old(i)).putInt(copies.length(i));
        }
        return deflate(list.array());
    }

    /** One block as it follows in the program. */
    static byte[] part(InPlaceFlash flash, InPlaceOrder order, int block, byte[] content) throws IOException {
        byte[] difference = content.clone();
        combine(flash, order, block, difference, -1);
        byte[] packed = deflate(difference);
        return ByteBuffer.allocate(PART_HEADER_BYTES + packed.length)
                .putInt(packed.length)
                .putLong(InPlaceFlash.hash(content))
                .put(packed)
                .array();
    }

    private static byte[] deflate(byte[] bytes) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try {
            deflater.setInput(bytes);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[4096];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    private static byte[] inflate(byte[] packed, int length) throws IOException {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(packed);
            byte[] out = new byte[length];
            int done = 0;
            while (done < length) {
                int count = inflater.inflate(out, done, length - done);
                if (count == 0) {
                    throw new IOException("the journal is damaged");
                }
                done += count;
            }
            return out;
        } catch (DataFormatException e) {
            throw new IOException("the journal is damaged", e);
        } finally {
            inflater.end();
        }
    }
}
