package dev.fieldproof.geo.kml;

import dev.fieldproof.geo.kml.KmlException.Rule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Walks the tags of UTF-8 XML in a sliding window over a stream. It knows no document types and no entities but the
 * five of XML and character references, so there is nothing to expand and nothing to fetch. Not thread-safe.
 */
final class XmlScanner {
    private static final int WINDOW_BYTES = 1 << 16;
    private static final byte[] COMMENT = ascii("!--");
    private static final byte[] CDATA = ascii("![CDATA[");

    private final InputStream in;
    private final KmlLimits limits;
    private byte[] window = new byte[WINDOW_BYTES];
    private int pos;
    private int end;
    private long windowOffset;

    /** What must stay in the window when it slides; -1 for nothing before {@link #pos}. */
    private int mark = -1;

    private byte[] openNames = new byte[1024];
    private int[] openEnds = new int[64];
    private Tag[] openTags = new Tag[64];
    private int depth;

    private Tag tag = Tag.OTHER;
    private boolean endPending;
    private int attributesFrom;
    private int attributesTo;

    XmlScanner(InputStream in, KmlLimits limits) throws IOException, KmlException {
        this.in = in;
        this.limits = limits;
        if (available(3) && window[0] == (byte) 0xef && window[1] == (byte) 0xbb && window[2] == (byte) 0xbf) {
            pos = 3;
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The tag of the last start or end. */
    Tag tag() {
        return tag;
    }

    /** How many elements are open. */
    int depth() {
        return depth;
    }

    /** The offset of the next byte. */
    long offset() {
        return windowOffset + pos;
    }

    KmlException broken(Rule rule, String detail) {
        return new KmlException(rule, offset(), detail);
    }

    /** The local name of the innermost open element. */
    String name() {
        return new String(openNames, openStart(), openEnds[depth - 1] - openStart(), StandardCharsets.UTF_8);
    }

    private int openStart() {
        return depth < 2 ? 0 : openEnds[depth - 2];
    }

    /**
     * Goes on to the next start or end tag, over text, comments and instructions.
     *
     * @return true for a start, false for an end
     */
    boolean nextStart() throws IOException, KmlException {
        if (!next()) {
            throw broken(Rule.TRUNCATED, depth == 0 ? "the file has no element" : "the file ends inside " + name());
        }
        return !ended;
    }

    private boolean ended;

    /** Goes on to the next tag; false at the end of the file. */
    private boolean next() throws IOException, KmlException {
        if (endPending) {
            endPending = false;
            ended = true;
            pop();
            return true;
        }
        while (true) {
            if ((pos == end || window[pos] != '<') && !seek((byte) '<')) {
                return false;
            }
            if (!available(2)) {
                throw broken(Rule.TRUNCATED, "the file ends inside a tag");
            }
            byte second = window[pos + 1];
            if (second == '/') {
                endTag();
                return true;
            } else if (second == '?') {
                pos += 2;
                skipPast("?>", "instruction");
            } else if (second == '!') {
                declaration();
            } else {
                startTag();
                return true;
            }
        }
    }

    private void declaration() throws IOException, KmlException {
        if (at(1, COMMENT)) {
            pos += 4;
            skipPast("-->", "comment");
        } else if (at(1, CDATA)) {
            pos += 9;
            skipPast("]]>", "CDATA section");
        } else {
            if (!available(9)) {
                throw broken(Rule.TRUNCATED, "the file ends inside a declaration");
            }
            throw broken(Rule.DOCTYPE_REFUSED, "document type declarations are refused");
        }
    }

    private void startTag() throws IOException, KmlException {
        if (isPlainStart()) {
            return;
        }
        int close = tagEnd();
        int from = pos + 1;
        int to = close;
        endPending = window[close - 1] == '/';
        if (endPending) {
            to--;
        }
        int nameEnd = from;
        int local = from;
        while (nameEnd < to && !isSpace(window[nameEnd])) {
            if (window[nameEnd] == ':') {
                local = nameEnd + 1;
            }
            nameEnd++;
        }
        if (nameEnd == local) {
            throw broken(Rule.MALFORMED_XML, "a tag without a name");
        }
        boolean foreign = local > from && isForeign(from, local - 1);
        tag = foreign ? Tag.OTHER : Tag.of(window, local, nameEnd);
        push(local, nameEnd);
        attributesFrom = nameEnd;
        attributesTo = to;
        ended = false;
        pos = close + 1;
    }

    /** The common case: letters between the brackets, all in the window. */
    private boolean isPlainStart() throws KmlException {
        byte[] w = window;
        int from = pos + 1;
        int i = from;
        int hash = 0;
        while (i < end && w[i] > '>') {
            hash = Tag.hash(hash, w[i++]);
        }
        if (i == end || w[i] != '>' || i == from) {
            return false;
        }
        tag = Tag.of(hash, w, from, i);
        push(from, i);
        endPending = false;
        ended = false;
        attributesFrom = i;
        attributesTo = i;
        pos = i + 1;
        return true;
    }

    /** Atom and xAL have a name or link of their own that must not be taken for KML's. */
    private boolean isForeign(int from, int to) {
        int n = to - from;
        return (n == 4 && window[from] == 'a' && window[from + 1] == 't')
                || (n == 3 && window[from] == 'x' && window[from + 1] == 'a');
    }

    private void endTag() throws IOException, KmlException {
        if (isPlainEnd()) {
            return;
        }
        int close = tagEnd();
        int from = pos + 2;
        int to = close;
        while (to > from && isSpace(window[to - 1])) {
            to--;
        }
        for (int i = from; i < to; i++) {
            if (window[i] == ':') {
                from = i + 1;
            }
        }
        if (depth == 0 || !Arrays.equals(window, from, to, openNames, openStart(), openEnds[depth - 1])) {
            throw broken(
                    Rule.MISMATCHED_TAG,
                    "end of " + new String(window, from, to - from, StandardCharsets.UTF_8) + " where "
                            + (depth == 0 ? "nothing" : name()) + " is open");
        }
        pos = close + 1;
        ended = true;
        pop();
    }

    /** The common case: the name of the innermost open element as it is, all in the window. */
    private boolean isPlainEnd() {
        if (depth == 0) {
            return false;
        }
        int start = openStart();
        int length = openEnds[depth - 1] - start;
        int from = pos + 2;
        if (end - from <= length || window[from + length] != '>') {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (window[from + i] != openNames[start + i]) {
                return false;
            }
        }
        pos = from + length + 1;
        ended = true;
        pop();
        return true;
    }

    private void pop() {
        tag = openTags[--depth];
    }

    private void push(int from, int to) throws KmlException {
        if (depth >= limits.maxDepth()) {
            throw broken(Rule.LIMIT_EXCEEDED, "elements nested deeper than " + limits.maxDepth());
        }
        int start = depth == 0 ? 0 : openEnds[depth - 1];
        if (start + to - from > openNames.length) {
            openNames = Arrays.copyOf(openNames, Math.max(openNames.length * 2, start + to - from));
        }
        if (depth == openEnds.length) {
            openEnds = Arrays.copyOf(openEnds, depth * 2);
            openTags = Arrays.copyOf(openTags, depth * 2);
        }
        System.arraycopy(window, from, openNames, start, to - from);
        openTags[depth] = tag;
        openEnds[depth++] = start + to - from;
    }

    /** Finds the '>' of the tag at {@link #pos}, over quoted attributes; the whole tag is then in the window. */
    private int tagEnd() throws IOException, KmlException {
        mark = pos;
        int i = pos + 1;
        byte quote = 0;
        while (true) {
            if (i == end) {
                int moved = mark;
                if (!fill()) {
                    throw broken(Rule.TRUNCATED, "the file ends inside a tag");
                }
                i -= moved - mark;
            }
            byte b = window[i];
            if (quote != 0) {
                quote = b == quote ? 0 : quote;
            } else if (b == '>') {
                mark = -1;
                return i;
            } else if (b == '"' || b == '\'') {
                quote = b;
            } else if (b == '<') {
                throw broken(Rule.MALFORMED_XML, "a '<' inside a tag");
            }
            i++;
        }
    }

    /** An attribute of the start tag just read, or null; to be asked before anything else is read. */
    @Nullable
    String attribute(String name) throws KmlException {
        int i = attributesFrom;
        while (true) {
            while (i < attributesTo && isSpace(window[i])) {
                i++;
            }
            int nameFrom = i;
            while (i < attributesTo && window[i] != '=' && !isSpace(window[i])) {
                i++;
            }
            int nameTo = i;
            while (i < attributesTo && window[i] != '"' && window[i] != '\'') {
                i++;
            }
            if (i >= attributesTo) {
                return null;
            }
            byte quote = window[i];
            int from = ++i;
            while (i < attributesTo && window[i] != quote) {
                i++;
            }
            if (i >= attributesTo) {
                throw broken(Rule.MALFORMED_XML, "an attribute without its closing quote");
            }
            if (nameTo - nameFrom == name.length() && matches(nameFrom, name)) {
                return XmlText.decoded(window, from, i, windowOffset + from);
            }
            i++;
        }
    }

    private boolean matches(int from, String name) {
        for (int i = 0; i < name.length(); i++) {
            if (window[from + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The text of the element just started, without surrounding space, and without its children's; ends it. */
    String text() throws IOException, KmlException {
        if (!endPending) {
            String plain = plainText();
            if (plain != null) {
                return plain;
            }
        }
        StringBuilder text = new StringBuilder();
        int floor = depth;
        while (depth >= floor) {
            if (!endPending) {
                appendText(depth == floor ? text : null);
            }
            if (!next()) {
                throw broken(Rule.TRUNCATED, "the file ends inside " + name());
            }
            if (text.length() > limits.maxTextBytes()) {
                throw broken(Rule.LIMIT_EXCEEDED, "text longer than " + limits.maxTextBytes() + " bytes");
            }
        }
        return text.toString().strip();
    }

    /** The common case: characters up to the end tag, all in the window; null if it is not that. */
    private @Nullable String plainText() throws IOException, KmlException {
        int i = pos;
        while (i < end && window[i] != '<') {
            i++;
        }
        if (i + 1 >= end || window[i] != '<' || window[i + 1] != '/') {
            return null;
        }
        int from = pos;
        int to = i;
        while (from < to && isSpace(window[from])) {
            from++;
        }
        while (to > from && isSpace(window[to - 1])) {
            to--;
        }
        String text = XmlText.decoded(window, from, to, windowOffset + from);
        pos = i;
        endTag();
        return text;
    }

    /** Appends text and CDATA up to the next tag, comment or instruction; null skips it. */
    private void appendText(@Nullable StringBuilder text) throws IOException, KmlException {
        while (available(1)) {
            if (window[pos] == '<') {
                if (!at(1, CDATA)) {
                    return;
                }
                pos += 9;
                appendUntil("]]>", false, text);
                pos += 3;
            } else {
                appendUntil("<", true, text);
            }
        }
    }

    private void appendUntil(String stop, boolean entities, @Nullable StringBuilder text)
            throws IOException, KmlException {
        mark = pos;
        int i = pos;
        while (!startsWith(i, stop)) {
            if (i + stop.length() >= end) {
                int moved = mark;
                if (!fill()) {
                    throw broken(Rule.TRUNCATED, "the file ends inside text");
                }
                i -= moved - mark;
            } else {
                i++;
            }
        }
        if (text != null) {
            XmlText.appendDecoded(window, mark, i, entities, text, windowOffset + mark);
        }
        mark = -1;
        pos = i;
    }

    private boolean startsWith(int i, String stop) {
        if (i + stop.length() > end) {
            return false;
        }
        for (int j = 0; j < stop.length(); j++) {
            if (window[i + j] != stop.charAt(j)) {
                return false;
            }
        }
        return true;
    }

    private void skipPast(String stop, String what) throws IOException, KmlException {
        while (!startsWith(pos, stop)) {
            if (pos + stop.length() < end) {
                pos++;
            } else if (!fill()) {
                throw broken(Rule.TRUNCATED, "the file ends inside a " + what);
            }
        }
        pos += stop.length();
    }

    /** Goes past the element just started, with all that is in it. */
    void skip() throws IOException, KmlException {
        int floor = depth;
        while (depth >= floor) {
            if (!next()) {
                throw broken(Rule.TRUNCATED, "the file ends inside " + name());
            }
        }
    }

    /** Checks that only space, comments and instructions follow. */
    void finish() throws IOException, KmlException {
        if (next()) {
            throw broken(Rule.MALFORMED_XML, "an element after the end of the document");
        }
    }

    /** Makes the window's next bytes ready; false if the file ends before. */
    boolean available(int bytes) throws IOException, KmlException {
        while (end - pos < bytes) {
            if (!fill()) {
                return false;
            }
        }
        return true;
    }

    /** Whether the bytes after the next few are these. */
    private boolean at(int ahead, byte[] bytes) throws IOException, KmlException {
        return available(ahead + bytes.length)
                && Arrays.equals(window, pos + ahead, pos + ahead + bytes.length, bytes, 0, bytes.length);
    }

    private boolean seek(byte wanted) throws IOException, KmlException {
        while (true) {
            byte[] w = window;
            for (int i = pos; i < end; i++) {
                if (w[i] == wanted) {
                    pos = i;
                    return true;
                }
                if (depth == 0 && !isSpace(w[i])) {
                    pos = i;
                    throw broken(Rule.NOT_KML, "text outside of any element");
                }
            }
            pos = end;
            if (!fill()) {
                return false;
            }
        }
    }

    /** Reads on, sliding or growing the window; false at the end of the file. */
    private boolean fill() throws IOException, KmlException {
        int keep = mark >= 0 ? mark : pos;
        if (keep > 0) {
            System.arraycopy(window, keep, window, 0, end - keep);
            windowOffset += keep;
            end -= keep;
            pos -= keep;
            if (mark >= 0) {
                mark = 0;
            }
        }
        if (end == window.length) {
            if (end >= limits.maxTextBytes()) {
                throw broken(Rule.LIMIT_EXCEEDED, "text or tag longer than " + limits.maxTextBytes() + " bytes");
            }
            window = Arrays.copyOf(window, Math.min(end * 2, Math.max(limits.maxTextBytes(), WINDOW_BYTES)));
        }
        int n = in.read(window, end, window.length - end);
        if (n <= 0) {
            return false;
        }
        end += n;
        if (windowOffset + end > limits.maxBytes()) {
            throw broken(Rule.LIMIT_EXCEEDED, "file larger than " + limits.maxBytes() + " bytes");
        }
        return true;
    }

    /** The window, for readers of numbers; valid until anything else is read. */
    byte[] window() {
        return window;
    }

    int position() {
        return pos;
    }

    int limit() {
        return end;
    }

    void position(int newPosition) {
        pos = newPosition;
    }

    /** Whether the element just started was written as an empty one. */
    boolean isEmptyElement() {
        return endPending;
    }

    /** Steps over a comment or the mark of a CDATA section in coordinates; false before a real tag. */
    boolean skipMarkup() throws IOException, KmlException {
        if (at(1, CDATA)) {
            pos += 9;
            return true;
        }
        if (at(1, COMMENT)) {
            pos += 4;
            skipPast("-->", "comment");
            return true;
        }
        return false;
    }

    static boolean isSpace(byte b) {
        return b <= ' ' && (b == ' ' || b == '\n' || b == '\r' || b == '\t');
    }
}
