package dev.fieldproof.geo.kml;

import dev.fieldproof.geo.geojson.Positions;
import dev.fieldproof.geo.kml.KmlException.Rule;
import dev.fieldproof.geo.text.DecimalCursor;
import dev.fieldproof.geo.text.Decimals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the text of a coordinates element straight from the scanner's window into numbers. A comma, with space around
 * it or not, joins the numbers of a position; space without a comma ends one; longer runs are cut into threes, which is
 * how Google Earth takes them. Not thread-safe.
 */
final class CoordinateReader {
    private static final int MAX_NUMBER_BYTES = 512;

    private final XmlScanner xml;
    private final int maxPositions;
    private final DecimalCursor cursor = new DecimalCursor();
    private double[] values = new double[3 * 256];
    private int count;
    private boolean altitudes;

    /** Numbers left over that make no position. */
    private int strays;

    CoordinateReader(XmlScanner xml, int maxPositions) {
        this.xml = xml;
        this.maxPositions = maxPositions;
    }

    /** Forgets the positions read so far. */
    void clear() {
        count = 0;
        altitudes = false;
    }

    int size() {
        return count / 3;
    }

    int takeStrays() {
        int taken = strays;
        strays = 0;
        return taken;
    }

    /** The positions since {@link #clear}. */
    Positions positions() {
        if (altitudes) {
            return Positions.copyOf(values, count, 3);
        }
        double[] flat = new double[count / 3 * 2];
        for (int i = 0, j = 0; i < count; i += 3, j += 2) {
            flat[j] = values[i];
            flat[j + 1] = values[i + 1];
        }
        return Positions.of(flat, 2);
    }

    /** Adds the positions of the element just started, and ends it. */
    void readCommas() throws IOException, KmlException {
        if (!xml.isEmptyElement()) {
            int run = 0;
            plain();
            while (skipSpace()) {
                run = number(run);
                skipSpace();
                if (!take((byte) ',')) {
                    endRun(run);
                    run = 0;
                    plain();
                }
            }
            endRun(run);
        }
        xml.skip();
    }

    /**
     * The common case: adds positions written as "x,y" or "x,y,z" with a space between, as long as they are all in the
     * window, and stops before whatever else there is.
     */
    private void plain() {
        byte[] w = xml.window();
        int limit = xml.limit();
        int i = xml.position();
        while (count + 3 < values.length) {
            while (i < limit && XmlScanner.isSpace(w[i])) {
                i++;
            }
            int at = cursor.read(w, i, limit);
            double x = cursor.value();
            if (at < 0 || w[at] != ',') {
                break;
            }
            at = cursor.read(w, at + 1, limit);
            double y = cursor.value();
            boolean deep = at >= 0 && w[at] == ',';
            if (deep) {
                at = cursor.read(w, at + 1, limit);
            }
            // A comma behind the space would make the next number one of this position.
            boolean ends = at >= 0 && (w[at] == '<' || (w[at] == ' ' && at + 1 < limit && startsNumber(w[at + 1])));
            if (!ends || x > 360 || x < -360 || y > 90 || y < -90) {
                break;
            }
            values[count++] = x;
            values[count++] = y;
            values[count++] = deep ? cursor.value() : 0;
            altitudes |= deep;
            i = at;
        }
        xml.position(i);
    }

    private static boolean startsNumber(byte b) {
        return (b >= '-' && b <= '9') || b == '<';
    }

    /** Adds the position of a gx:coord, three numbers with space between, and ends the element. */
    void readSpaced() throws IOException, KmlException {
        int run = 0;
        while (!xml.isEmptyElement() && skipSpace()) {
            run = number(run);
        }
        endRun(run);
        xml.skip();
    }

    private boolean take(byte wanted) throws IOException, KmlException {
        if (xml.available(1) && xml.window()[xml.position()] == wanted) {
            xml.position(xml.position() + 1);
            return true;
        }
        return false;
    }

    /** Goes to the next number; false at the end of the text. */
    private boolean skipSpace() throws IOException, KmlException {
        while (true) {
            byte[] w = xml.window();
            int i = xml.position();
            int end = xml.limit();
            while (i < end && (XmlScanner.isSpace(w[i]) || w[i] == ']')) {
                i++;
            }
            xml.position(i);
            if (i < end && w[i] != '<') {
                if (w[i] == '>' && i > 0 && w[i - 1] == ']') {
                    xml.position(i + 1);
                    continue;
                }
                return true;
            }
            if (i < end ? !xml.skipMarkup() : !xml.available(1)) {
                return false;
            }
        }
    }

    private int number(int run) throws IOException, KmlException {
        // A number never straddles the window's end once this many bytes are there.
        xml.available(MAX_NUMBER_BYTES);
        byte[] w = xml.window();
        int from = xml.position();
        int end = xml.limit();
        int i = cursor.read(w, from, end);
        double value = cursor.value();
        if (i < 0 || !isDelimiter(w[i])) {
            i = from;
            while (i < end && !isDelimiter(w[i])) {
                i++;
            }
            value = i - from > MAX_NUMBER_BYTES ? Double.NaN : Decimals.parse(w, from, i);
            if (Double.isNaN(value)) {
                String text = new String(w, from, Math.min(i - from, 40), StandardCharsets.UTF_8);
                throw xml.broken(Rule.BAD_COORDINATES, "'" + text + "' is no coordinate");
            }
        }
        if (count + 1 >= values.length) {
            grow();
        }
        values[count++] = value;
        xml.position(i);
        if (run < 2) {
            double limit = run == 0 ? 360 : 90;
            if (value > limit || value < -limit) {
                throw xml.broken(
                        Rule.COORDINATE_RANGE, (run == 0 ? "longitude " : "latitude ") + value + " is out of range");
            }
            return run + 1;
        }
        altitudes = true;
        // The third number completes a position: what a comma adds belongs to the next one.
        return 0;
    }

    /** Bytes beyond ASCII are negative, and no number goes on with one. */
    private static boolean isDelimiter(byte b) {
        return b == ',' || b <= ' ' || b == '<' || b == ']';
    }

    private void endRun(int run) {
        if (run == 1) {
            count--;
            strays++;
        } else if (run == 2) {
            values[count++] = 0;
        }
    }

    private void grow() throws KmlException {
        if (count / 3 >= maxPositions) {
            throw xml.broken(Rule.LIMIT_EXCEEDED, "more than " + maxPositions + " positions in one geometry");
        }
        values = Arrays.copyOf(values, values.length * 2);
    }
}
