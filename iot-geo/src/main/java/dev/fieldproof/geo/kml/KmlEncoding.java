package dev.fieldproof.geo.kml;

import dev.fieldproof.geo.kml.KmlException.Rule;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds a file's encoding as XML 1.0, appendix F, says, and turns what is not UTF-8 into it. */
final class KmlEncoding {
    private static final int LOOK_BYTES = 200;
    private static final Pattern DECLARED =
            Pattern.compile("^<\\?xml[^>]*?encoding\\s*=\\s*[\"']([A-Za-z][A-Za-z0-9._-]*)[\"']");

    private KmlEncoding() {}

    static InputStream toUtf8(InputStream in) throws IOException, KmlException {
        byte[] start = in.readNBytes(LOOK_BYTES);
        PushbackInputStream whole = new PushbackInputStream(in, LOOK_BYTES);
        whole.unread(start);
        Charset charset = charset(start);
        return charset.equals(StandardCharsets.UTF_8) ? whole : new Transcoded(whole, charset);
    }

    private static Charset charset(byte[] start) throws KmlException {
        if (start.length >= 2) {
            int mark = ((start[0] & 0xff) << 8) | (start[1] & 0xff);
            if (mark == 0xfeff || mark == 0xfffe) {
                return StandardCharsets.UTF_16;
            } else if (mark == '<') {
                return StandardCharsets.UTF_16BE;
            } else if (mark == '<' << 8) {
                return StandardCharsets.UTF_16LE;
            }
        }
        Matcher declared = DECLARED.matcher(new String(start, StandardCharsets.ISO_8859_1));
        if (!declared.find()) {
            return StandardCharsets.UTF_8;
        }
        try {
            Charset named = Charset.forName(declared.group(1));
            return named.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : named;
        } catch (IllegalArgumentException e) {
            throw new KmlException(Rule.BAD_ENCODING, 0, "encoding '" + declared.group(1) + "' is not known");
        }
    }

    /** Decodes from one charset and encodes in UTF-8, a block at a time. */
    private static final class Transcoded extends InputStream {
        private final InputStreamReader reader;
        private final CharBuffer chars = CharBuffer.allocate(8192).limit(0);
        private final ByteBuffer bytes = ByteBuffer.allocate(32768).limit(0);
        private final CharsetEncoder encoder = StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);

        Transcoded(InputStream in, Charset charset) {
            reader = new InputStreamReader(
                    in,
                    charset.newDecoder()
                            .onMalformedInput(CodingErrorAction.REPLACE)
                            .onUnmappableCharacter(CodingErrorAction.REPLACE));
        }

        @Override
        public int read() throws IOException {
            return refill() ? bytes.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (!refill()) {
                return -1;
            }
            int n = Math.min(length, bytes.remaining());
            bytes.get(into, offset, n);
            return n;
        }

        private boolean refill() throws IOException {
            while (!bytes.hasRemaining()) {
                chars.compact();
                int n = reader.read(chars);
                chars.flip();
                if (n < 0) {
                    return false;
                }
                bytes.clear();
                encoder.encode(chars, bytes, false);
                bytes.flip();
            }
            return true;
        }
    }
}
