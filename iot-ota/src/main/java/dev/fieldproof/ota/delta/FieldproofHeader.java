package dev.fieldproof.ota.delta;

import dev.fieldproof.core.Digest;
import dev.fieldproof.ota.delta.codec.BodyHeader;
import dev.fieldproof.ota.delta.isa.Isa;
import dev.fieldproof.ota.delta.isa.Segments;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The header of the {@code fieldproof} format, version 1; DELTA-FORMAT.md gives its layout. */
record FieldproofHeader(
        long sourceBytes,
        long targetBytes,
        Digest source,
        Digest target,
        long bodyBytes,
        BodyHeader body,
        Optional<Framing> framing,
        Optional<Tail> tail,
        int sizeBytes) {
    static final int MAX_BYTES = 2048;

    private static final byte[] MAGIC = {'F', 'P', 'D', '3'};
    private static final int FLAG_FULL = 1;
    private static final int FLAG_UF2 = 2;
    private static final int FLAG_HEX = 4;
    private static final int FLAG_TAIL = 8;
    private static final int MAX_SEGMENTS = 64;

    /** Writes the header; {@code sizeBytes} is not looked at. */
    byte[] bytes() {
        Writer w = new Writer();
        w.raw(MAGIC);
        int framed = framing.map(f -> f instanceof Uf2 ? FLAG_UF2 : FLAG_HEX).orElse(0);
        w.out.write((body.full() ? FLAG_FULL : 0) | framed | (tail.isPresent() ? FLAG_TAIL : 0));
        w.out.write(body.isa());
        w.number(sourceBytes);
        w.number(targetBytes);
        w.number(body.copies());
        w.number(bodyBytes);
        w.raw(source.bytes());
        w.raw(target.bytes());
        if (framing.isPresent()) {
            w.framing(framing.get(), body.oldSize());
        }
        if (tail.isPresent()) {
            w.tail(tail.get());
        }
        if (body.isa() != 0) {
            w.number(body.typeMask() & 0xFFFF_FFFFL);
            w.segments(body.oldSegments(), body.oldSize());
            w.segments(body.newSegments(), body.newSize());
        }
        return w.out.toByteArray();
    }

    /** Tells this patch from any other. */
    Digest identity() {
        return Digest.sha256(bytes());
    }

    /** Reads a header; empty if more bytes are needed. */
    static Optional<FieldproofHeader> read(byte[] bytes, int length) throws MalformedPatchException {
        Reader r = new Reader(bytes, Math.min(length, MAX_BYTES));
        try {
            return Optional.of(read(r));
        } catch (NeedMore e) {
            if (length >= MAX_BYTES) {
                throw new MalformedPatchException(length, "the header must be at most " + MAX_BYTES + " bytes");
            }
            return Optional.empty();
        }
    }

    private static FieldproofHeader read(Reader r) throws MalformedPatchException, NeedMore {
        for (byte b : MAGIC) {
            r.require(r.octet() == b, "it must begin with FPD3");
        }
        int flags = r.octet();
        r.require((flags & ~FLAG_TAIL) < (FLAG_UF2 | FLAG_HEX), "unknown flags must be 0");
        int isa = r.octet();
        r.require(isa < Isa.all().size(), "the instruction set must be a known one");
        long sourceBytes = r.number(Integer.MAX_VALUE - 8);
        long targetBytes = r.number(Integer.MAX_VALUE - 8);
        int copies = (int) r.number(targetBytes);
        long bodyBytes = r.number(Integer.MAX_VALUE);
        Digest source = r.digest();
        Digest target = r.digest();
        Optional<Framing> framing = Optional.empty();
        int oldSize = (int) sourceBytes;
        int newSize = (int) targetBytes;
        if ((flags & FLAG_UF2) != 0) {
            framing = Optional.of(r.uf2(sourceBytes, targetBytes));
            oldSize /= 2;
        } else if ((flags & FLAG_HEX) != 0) {
            oldSize = (int) r.number(sourceBytes / 2);
            framing = Optional.of(r.hex(targetBytes));
        }
        if (framing.isPresent()) {
            newSize = framing.get().payloadBytes();
        }
        Optional<Tail> tail = (flags & FLAG_TAIL) != 0 ? Optional.of(r.tail(newSize)) : Optional.empty();
        int mask = 0;
        Segments old = Segments.NONE;
        Segments now = Segments.NONE;
        if (isa != 0) {
            mask = (int) r.number(0xFFFF_FFFFL);
            old = r.segments(oldSize);
            now = r.segments(newSize);
        }
        BodyHeader body = new BodyHeader((flags & FLAG_FULL) != 0, isa, mask, old, now, oldSize, newSize, copies);
        return new FieldproofHeader(sourceBytes, targetBytes, source, target, bodyBytes, body, framing, tail, r.at);
    }

    /** The input ends within the header. */
    private static final class NeedMore extends Exception {
        private static final long serialVersionUID = 1L;

        NeedMore() {
            super(null, null, false, false);
        }
    }

    private static final class Writer {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        void raw(byte[] bytes) {
            out.writeBytes(bytes);
        }

        void number(long value) {
            long rest = value;
            while (rest >= 0x80) {
                out.write((int) rest | 0x80);
                rest >>>= 7;
            }
            out.write((int) rest);
        }

        void framing(Framing framing, int oldSize) {
            if (framing instanceof Uf2 uf2) {
                number(uf2.flags() & 0xFFFF_FFFFL);
                number(uf2.address() & 0xFFFF_FFFFL);
                number(uf2.family() & 0xFFFF_FFFFL);
            } else if (framing instanceof IntelHex hex) {
                number(oldSize);
                out.write(hex.style());
                out.write(hex.recordBytes());
                number(hex.start() & 0xFFFF_FFFFL);
                number(hex.runs().size());
                int end = 0;
                for (IntelHex.Run run : hex.runs()) {
                    number(run.address() - end & 0xFFFF_FFFFL);
                    number(run.bytes());
                    end = run.address() + run.bytes();
                }
            }
        }

        void tail(Tail tail) {
            out.write(tail.kind());
            if (tail.kind() == Tail.ESP) {
                number(tail.sector());
            }
        }

        void segments(Segments segments, int size) {
            List<Segments.Segment> list = segments.list();
            if (segments.equals(Segments.flat(size, segments.address(0)))) {
                out.write(0);
                number(Integer.reverseBytes(segments.address(0)) & 0xFFFF_FFFFL);
                return;
            }
            out.write(1);
            number(list.size());
            int end = 0;
            for (Segments.Segment s : list) {
                number(s.offset() - end);
                number(s.length());
                number(Integer.toUnsignedLong(s.address()));
                end = s.offset() + s.length();
            }
        }
    }

    private static final class Reader {
        private final byte[] bytes;
        private final int length;
        private int at;

        Reader(byte[] bytes, int length) {
            this.bytes = bytes;
            this.length = length;
        }

        void require(boolean holds, String rule) throws MalformedPatchException {
            if (!holds) {
                throw new MalformedPatchException(at, rule);
            }
        }

        int octet() throws NeedMore {
            if (at >= length) {
                throw new NeedMore();
            }
            return bytes[at++] & 0xFF;
        }

        long number(long max) throws NeedMore, MalformedPatchException {
            long value = 0;
            for (int shift = 0; shift < 63; shift += 7) {
                int octet = octet();
                value |= (long) (octet & 0x7F) << shift;
                if (octet < 0x80) {
                    require(shift == 0 || octet != 0, "a number must be written in its shortest form");
                    require(value <= max, "a number must be at most " + max);
                    return value;
                }
            }
            throw new MalformedPatchException(at, "a number must be at most 9 bytes");
        }

        Digest digest() throws NeedMore {
            if (at + Digest.LENGTH_BYTES > length) {
                throw new NeedMore();
            }
            at += Digest.LENGTH_BYTES;
            return Digest.of(Arrays.copyOfRange(bytes, at - Digest.LENGTH_BYTES, at));
        }

        Framing uf2(long sourceBytes, long targetBytes) throws NeedMore, MalformedPatchException {
            require(
                    sourceBytes % Uf2.BLOCK_BYTES == 0 && targetBytes % Uf2.BLOCK_BYTES == 0,
                    "a UF2 file must be whole blocks");
            int flags = (int) number(0xFFFF_FFFFL);
            int address = (int) number(0xFFFF_FFFFL);
            int family = (int) number(0xFFFF_FFFFL);
            return new Uf2(flags, address, (int) (targetBytes / Uf2.BLOCK_BYTES), family);
        }

        Framing hex(long targetBytes) throws NeedMore, MalformedPatchException {
            int style = octet();
            require(style <= IntelHex.KNOWN, "unknown styles must be 0");
            int recordBytes = octet();
            require(recordBytes > 0, "a record must hold something");
            int start = (int) number(0xFFFF_FFFFL);
            int count = (int) number(IntelHex.MAX_RUNS);
            List<IntelHex.Run> runs = new ArrayList<>(count);
            int end = 0;
            long left = targetBytes / 2;
            for (int i = 0; i < count; i++) {
                int address = end + (int) number(0xFFFF_FFFFL);
                int runBytes = (int) number(left);
                require(runBytes > 0, "a run must hold something");
                left -= runBytes;
                end = address + runBytes;
                runs.add(new IntelHex.Run(address, runBytes));
            }
            return new IntelHex(style, recordBytes, start, runs);
        }

        Tail tail(int size) throws NeedMore, MalformedPatchException {
            int kind = octet();
            require(kind >= Tail.ESP && kind <= Tail.LAST_KIND, "the tail must be of a known kind");
            return new Tail(kind, kind == Tail.ESP ? (int) number(size / Tail.SECTOR_BYTES) : 0);
        }

        Segments segments(int size) throws NeedMore, MalformedPatchException {
            int kind = octet();
            require(kind <= 1, "segments must be flat or listed");
            if (kind == 0) {
                return Segments.flat(size, Integer.reverseBytes((int) number(0xFFFF_FFFFL)));
            }
            int count = (int) number(MAX_SEGMENTS);
            List<Segments.Segment> list = new ArrayList<>(count);
            long end = 0;
            for (int i = 0; i < count; i++) {
                long offset = end + number(size);
                long segmentBytes = number(size);
                end = offset + segmentBytes;
                require(end <= size, "a segment must lie within its image");
                list.add(new Segments.Segment((int) offset, (int) segmentBytes, (int) number(0xFFFF_FFFFL)));
            }
            return new Segments(list);
        }
    }
}
