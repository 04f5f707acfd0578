package dev.fieldproof.ota.delta;

import dev.fieldproof.ota.delta.isa.Segments;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The framing of a regular Intel HEX file (Hexadecimal Object File Format Specification, revision A, 1988): runs of
 * data at ascending addresses in records of one length, of which the last of a run may be shorter.
 *
 * @param style how it is written, a set of the flags below
 * @param recordBytes data bytes of a full record
 * @param start content of the record that tells the entry point, if there is one
 * @param runs the data
 */
record IntelHex(int style, int recordBytes, int start, List<Run> runs) implements Framing {
    static final int LOWER_CASE = 1;
    static final int CARRIAGE_RETURNS = 2;
    /** The upper half of the address is told also where it is 0 from the beginning on. */
    static final int UPPER_FIRST = 4;
    /** By segment (type 2), not by its upper half (type 4). */
    static final int SEGMENTED = 8;

    static final int START_LINEAR = 16;
    static final int START_SEGMENT = 32;
    static final int NO_LAST_LINE_END = 64;
    static final int KNOWN = 127;

    static final int MAX_RUNS = 128;
    static final int MAX_PAYLOAD_BYTES = 1 << 28;
    /** As many as a small decoder takes. */
    private static final int MAX_PARTS = 16;

    private static final int DATA = 0;
    private static final int END = 1;
    private static final int SEGMENT = 2;
    private static final int UPPER = 4;

    /** Bytes that follow each other in records of full length, but for the last. */
    record Run(int address, int bytes) {}

    /** Copies the list. */
    IntelHex {
        runs = List.copyOf(runs);
    }

    @Override
    public int payloadBytes() {
        return runs.stream().mapToInt(Run::bytes).sum();
    }

    /** Recognises a file that {@link #wrap} gives back byte for byte. */
    static Optional<IntelHex> of(byte[] file) {
        Parser parser = new Parser();
        if (file.length < 11 || file[0] != ':' || !parser.parse(file) || parser.runs.isEmpty()) {
            return Optional.empty();
        }
        if (parser.runs.size() > MAX_RUNS || parser.recordBytes > 255) {
            return Optional.empty();
        }
        int style = parser.style;
        IntelHex found = new IntelHex(style, parser.recordBytes, parser.start, parser.runs);
        ByteArrayOutputStream again = new ByteArrayOutputStream(file.length);
        try {
            byte[] payload = parser.payload.toByteArray();
            found.wrap(again::write).write(payload, 0, payload.length);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return java.util.Arrays.equals(again.toByteArray(), file) ? Optional.of(found) : Optional.empty();
    }

    /** Where the data is loaded: runs that touch are one part. */
    Segments segments() {
        List<Segments.Segment> parts = new ArrayList<>();
        int at = 0;
        for (Run run : runs) {
            Segments.Segment last = parts.isEmpty() ? null : parts.get(parts.size() - 1);
            if (last != null && last.address() + last.length() == run.address) {
                parts.set(
                        parts.size() - 1,
                        new Segments.Segment(last.offset(), last.length() + run.bytes, last.address()));
            } else if (parts.size() < MAX_PARTS) {
                parts.add(new Segments.Segment(at, run.bytes, run.address));
            }
            at += run.bytes;
        }
        return new Segments(parts);
    }

    /** The data of a file that {@link #of} recognised. */
    static byte[] unwrap(byte[] file) {
        Parser parser = new Parser();
        return parser.parse(file) ? parser.payload.toByteArray() : new byte[0];
    }

    @Override
    public SourceImage payload(SourceImage file) throws IOException, MalformedPatchException {
        if (file.sizeBytes() > MAX_PAYLOAD_BYTES) {
            throw new MalformedPatchException(0, "an Intel HEX source must be at most " + MAX_PAYLOAD_BYTES + " bytes");
        }
        byte[] text = new byte[(int) file.sizeBytes()];
        file.read(0, text, 0, text.length);
        return SourceImage.of(unwrap(text));
    }

    @Override
    public TargetSink wrap(TargetSink sink) {
        return new Writer(sink);
    }

    /** Writes records as payload comes. */
    private final class Writer implements TargetSink {
        private final TargetSink sink;
        private final byte[] record = new byte[256];
        private int fill;
        private int run;
        private int inRun;
        private int upper;

        Writer(TargetSink sink) {
            this.sink = sink;
            upper = (style & UPPER_FIRST) != 0 ? -1 : 0;
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            for (int i = 0; i < length && run < runs.size(); i++) {
                record[fill++] = buffer[offset + i];
                int address = runs.get(run).address() + inRun;
                int room = Math.min(recordBytes, 0x1_0000 - (address & 0xFFFF));
                if (fill == Math.min(room, runs.get(run).bytes() - inRun)) {
                    endRecord(address);
                }
            }
        }

        private void endRecord(int address) throws IOException {
            if (address >>> 16 != upper) {
                upper = address >>> 16;
                boolean segmented = (style & SEGMENTED) != 0;
                number(0, segmented ? SEGMENT : UPPER, segmented ? upper << 12 : upper, 2);
            }
            line(address & 0xFFFF, DATA, record, fill);
            inRun += fill;
            fill = 0;
            if (inRun == runs.get(run).bytes()) {
                inRun = 0;
                run++;
            }
            if (run == runs.size()) {
                if ((style & (START_LINEAR | START_SEGMENT)) != 0) {
                    number(0, (style & START_LINEAR) != 0 ? 5 : 3, start, 4);
                }
                line(0, END, record, 0);
            }
        }

        private void number(int address, int type, int value, int bytes) throws IOException {
            byte[] data = new byte[bytes];
            for (int i = 0; i < bytes; i++) {
                data[i] = (byte) (value >>> (8 * (bytes - 1 - i)));
            }
            line(address, type, data, bytes);
        }

        private void line(int address, int type, byte[] data, int length) throws IOException {
            StringBuilder text = new StringBuilder(2 * length + 13).append(':');
            int sum = octet(text, length) + octet(text, address >>> 8) + octet(text, address) + octet(text, type);
            for (int i = 0; i < length; i++) {
                sum += octet(text, data[i]);
            }
            octet(text, -sum);
            if (type != END || (style & NO_LAST_LINE_END) == 0) {
                text.append((style & CARRIAGE_RETURNS) != 0 ? "\r\n" : "\n");
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
            sink.write(bytes, 0, bytes.length);
        }

        private int octet(StringBuilder text, int value) {
            String digits = (style & LOWER_CASE) != 0 ? "0123456789abcdef" : "0123456789ABCDEF";
            text.append(digits.charAt(value >>> 4 & 15)).append(digits.charAt(value & 15));
            return value & 0xFF;
        }
    }

    /** Reads records; what it does not understand ends the attempt. */
    private static final class Parser {
        private final ByteArrayOutputStream payload = new ByteArrayOutputStream();
        private final List<Run> runs = new ArrayList<>();
        private final byte[] data = new byte[255];
        private int style = NO_LAST_LINE_END;
        private int recordBytes;
        private int start;
        private int upper;
        private int end;
        private int lastLength;
        private boolean over;

        /** Whether the file is records to its end, each with its checksum. */
        boolean parse(byte[] file) {
            int at = 0;
            while (at < file.length && !over) {
                int next = record(file, at);
                if (next < 0) {
                    return false;
                }
                at = next;
            }
            return over && at == file.length;
        }

        private int record(byte[] file, int from) {
            if (file[from] != ':') {
                return -1;
            }
            int length = octet(file, from + 1);
            int high = octet(file, from + 3);
            int low = octet(file, from + 5);
            int type = octet(file, from + 7);
            if (length < 0 || high < 0 || low < 0 || type < 0) {
                return -1;
            }
            int sum = length + high + low + type;
            int at = from + 9;
            for (int i = 0; i < length; i++, at += 2) {
                int octet = octet(file, at);
                if (octet < 0) {
                    return -1;
                }
                data[i] = (byte) octet;
                sum += octet;
            }
            int checksum = octet(file, at);
            if (checksum < 0 || (sum + checksum & 0xFF) != 0 || !take(type, high << 8 | low, length)) {
                return -1;
            }
            return lineEnd(file, at + 2);
        }

        private int lineEnd(byte[] file, int from) {
            int at = from;
            if (at < file.length && file[at] == '\r') {
                style |= CARRIAGE_RETURNS;
                at++;
            }
            if (at < file.length && file[at] == '\n') {
                if (over) {
                    style &= ~NO_LAST_LINE_END;
                }
                return at + 1;
            }
            return over && at == from ? at : -1;
        }

        private boolean take(int type, int address, int length) {
            switch (type) {
                case DATA -> {
                    return length > 0 && data(upper + address, length);
                }
                case END -> over = true;
                case SEGMENT, UPPER -> {
                    if (length != 2) {
                        return false;
                    }
                    style |= type == SEGMENT ? SEGMENTED : 0;
                    style |= runs.isEmpty() && number(2) == 0 ? UPPER_FIRST : 0;
                    upper = type == SEGMENT ? number(2) << 4 : number(2) << 16;
                }
                case 3, 5 -> {
                    style |= type == 5 ? START_LINEAR : START_SEGMENT;
                    start = number(4);
                    return length == 4;
                }
                default -> {
                    return false;
                }
            }
            return true;
        }

        private boolean data(int address, int length) {
            if (payload.size() > MAX_PAYLOAD_BYTES - length || runs.size() > MAX_RUNS) {
                return false;
            }
            Run last = runs.isEmpty() ? new Run(0, 0) : runs.get(runs.size() - 1);
            boolean full = lastLength == recordBytes || (end & 0xFFFF) == 0;
            if (!runs.isEmpty() && address == end && full && length <= recordBytes) {
                runs.set(runs.size() - 1, new Run(last.address, last.bytes + length));
            } else if (runs.isEmpty() || Integer.compareUnsigned(address, end) >= 0) {
                runs.add(new Run(address, length));
            } else {
                return false;
            }
            recordBytes = Math.max(recordBytes, length);
            lastLength = length;
            end = address + length;
            payload.write(data, 0, length);
            return true;
        }

        private int number(int bytes) {
            int value = 0;
            for (int i = 0; i < bytes; i++) {
                value = value << 8 | (data[i] & 0xFF);
            }
            return value;
        }

        private int octet(byte[] file, int at) {
            int high = digit(file, at);
            int low = digit(file, at + 1);
            return high < 0 || low < 0 ? -1 : high << 4 | low;
        }

        private int digit(byte[] file, int at) {
            if (at >= file.length) {
                return -1;
            }
            if (file[at] >= 'a') {
                style |= LOWER_CASE;
            }
            return Character.digit(file[at], 16);
        }
    }
}
