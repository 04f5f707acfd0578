package dev.fieldproof.ota.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one request from bytes that come in any pieces: the outcome depends on the bytes alone. Keeps no more than
 * came. Not thread-safe.
 */
final class RequestReader {
    private static final byte[] NONE = {};
    private static final int FIRST_BYTES = 256;
    private static final int MAX_LINE_BYTES = 256;
    private static final int MAX_TRAILER_BYTES = 4096;
    private static final int MAX_SIZE_DIGITS = 7;

    /** What a wrong reader would do; a test has to find each. */
    enum Mutant {
        /** A CR that ends a piece is forgotten. */
        CR_FORGOTTEN,
        /** A line that is cut begins anew with the next piece. */
        LINE_ANEW,
        /** The size of a chunk is counted from the piece that it begins in. */
        CHUNK_ANEW,
        /** A bare LF ends a line. */
        BARE_LF
    }

    private enum Phase {
        HEAD,
        FIXED,
        SIZE,
        CHUNK,
        CHUNK_END,
        TRAILER,
        WHOLE
    }

    private final HttpLimits limits;
    private final Set<Mutant> mutants;
    private Phase phase = Phase.HEAD;
    private byte[] text = NONE;
    private int textBytes;
    private int lineBegin;
    private int lines;
    private boolean afterCr;
    private boolean skipped;
    private @Nullable RequestHead head;
    private byte[] body = NONE;
    private int bodyBytes;
    private int leftBytes;
    private long offsetBytes;

    RequestReader(HttpLimits limits) {
        this(limits, EnumSet.noneOf(Mutant.class));
    }

    RequestReader(HttpLimits limits, Set<Mutant> mutants) {
        this.limits = limits;
        this.mutants = mutants;
    }

    /** Takes bytes until the request is whole; what follows it stays in the buffer. */
    Optional<HttpRequest> take(ByteBuffer in) throws RefusedRequestException {
        mutate();
        while (in.hasRemaining() && phase != Phase.WHOLE) {
            switch (phase) {
                case HEAD, SIZE, CHUNK_END, TRAILER -> line(in.get());
                default -> copy(in);
            }
        }
        RequestHead known = head;
        return phase == Phase.WHOLE && known != null
                ? Optional.of(new HttpRequest(known, bodyBytes == body.length ? body : Arrays.copyOf(body, bodyBytes)))
                : Optional.empty();
    }

    private void mutate() {
        if (mutants.contains(Mutant.CR_FORGOTTEN) && afterCr) {
            afterCr = false;
        }
        if (mutants.contains(Mutant.LINE_ANEW) && phase == Phase.SIZE) {
            textBytes = 0;
        }
        if (mutants.contains(Mutant.CHUNK_ANEW) && phase == Phase.CHUNK) {
            leftBytes = Math.min(leftBytes + 1, limits.maxBodyBytes());
        }
    }

    Optional<RequestHead> head() {
        return Optional.ofNullable(head);
    }

    /** Method and path as far as they came, for the log; never what follows a question mark. */
    String about() {
        RequestHead known = head;
        if (known != null) {
            return known.method() + " " + known.path();
        }
        String line = new String(text, 0, Math.min(textBytes, MAX_LINE_BYTES), StandardCharsets.ISO_8859_1);
        String[] words = line.split("[\\r ]", 3);
        return words.length < 2 ? words[0] : words[0] + " " + words[1].split("\\?", 2)[0];
    }

    /** How much of the request is kept. */
    int bufferedBytes() {
        return text.length + body.length;
    }

    private void line(byte next) throws RefusedRequestException {
        offsetBytes++;
        if (afterCr != (next == '\n') && !(mutants.contains(Mutant.BARE_LF) && next == '\n')) {
            throw refused(400, "a line ends in CR LF, and nowhere else is either");
        }
        if (next == '\n') {
            afterCr = false;
            lineEnded();
            return;
        }
        afterCr = next == '\r';
        if (!afterCr) {
            if ((next >= 0 && next < ' ' && next != '\t') || next == 0x7F) {
                throw refused(400, "a control character");
            }
            requireRoom();
            append(next);
        }
    }

    private void append(byte next) {
        if (textBytes == text.length) {
            text = Arrays.copyOf(text, Math.max(FIRST_BYTES, 2 * textBytes));
        }
        text[textBytes++] = next;
    }

    private void requireRoom() throws RefusedRequestException {
        switch (phase) {
            case HEAD -> {
                if (textBytes >= limits.maxHeadBytes()) {
                    throw refused(lines == 0 ? 414 : 431, "a head of more than " + limits.maxHeadBytes() + " bytes");
                }
            }
            case TRAILER -> {
                if (textBytes >= MAX_TRAILER_BYTES) {
                    throw refused(431, "a trailer of more than " + MAX_TRAILER_BYTES + " bytes");
                }
            }
            case CHUNK_END -> throw refused(400, "a chunk ends in CR LF");
            default -> {
                if (textBytes >= MAX_LINE_BYTES) {
                    throw refused(400, "the size of a chunk on a line of " + MAX_LINE_BYTES + " bytes");
                }
            }
        }
    }

    private RefusedRequestException refused(int status, String rule) {
        return new RefusedRequestException(status, offsetBytes - 1, rule);
    }

    private void lineEnded() throws RefusedRequestException {
        boolean empty = textBytes == lineBegin;
        switch (phase) {
            case HEAD -> headLine(empty);
            case SIZE -> chunkBegins();
            case CHUNK_END -> phase = Phase.SIZE;
            default -> {
                lineBegin = textBytes; // what trailers say is not listened to
                phase = empty ? Phase.WHOLE : Phase.TRAILER;
            }
        }
    }

    private void headLine(boolean empty) throws RefusedRequestException {
        if (empty && lines == 0) {
            if (skipped) {
                throw refused(400, "more than one empty line before a request"); // RFC 9112, section 2.2, takes one
            }
            skipped = true;
            return;
        }
        append((byte) '\r');
        append((byte) '\n');
        lines++;
        lineBegin = textBytes;
        if (empty) {
            RequestHead parsed = RequestHead.parse(text, textBytes, limits);
            head = parsed;
            text = NONE;
            textBytes = 0;
            lineBegin = 0;
            leftBytes = Math.max(0, parsed.bodyBytes());
            phase = parsed.bodyBytes() == RequestHead.CHUNKED
                    ? Phase.SIZE
                    : parsed.bodyBytes() == 0 ? Phase.WHOLE : Phase.FIXED;
        }
    }

    private void chunkBegins() throws RefusedRequestException {
        int digits = 0;
        int size = 0;
        while (digits < textBytes && Character.digit(text[digits], 16) >= 0) {
            size = (size << 4) + Character.digit(text[digits], 16);
            digits++;
            if (digits > MAX_SIZE_DIGITS) {
                throw RequestHead.tooLarge(offsetBytes, limits);
            }
        }
        boolean extended = digits < textBytes && (text[digits] == ';' || text[digits] == ' ' || text[digits] == '\t');
        if (digits == 0 || (digits < textBytes && !extended)) {
            throw refused(400, "a chunk begins with its size in hexadecimal");
        }
        if (size > limits.maxBodyBytes() - bodyBytes) {
            throw RequestHead.tooLarge(offsetBytes, limits);
        }
        textBytes = 0;
        leftBytes = size;
        phase = size == 0 ? Phase.TRAILER : Phase.CHUNK;
    }

    private void copy(ByteBuffer in) {
        int count = Math.min(leftBytes, in.remaining());
        if (bodyBytes + count > body.length) {
            // Not what is declared, but what came: a client that promises much and sends little costs little.
            body = Arrays.copyOf(body, Math.max(bodyBytes + count, Math.min(2 * body.length, limits.maxBodyBytes())));
        }
        in.get(body, bodyBytes, count);
        bodyBytes += count;
        leftBytes -= count;
        offsetBytes += count;
        if (leftBytes == 0) {
            phase = phase == Phase.FIXED ? Phase.WHOLE : Phase.CHUNK_END;
        }
    }
}
