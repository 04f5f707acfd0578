package dev.fieldproof.geo.coverage;

import dev.fieldproof.geo.coverage.ElevationException.Rule;
import dev.fieldproof.geo.text.Decimals;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one elevation file. Used once; not thread-safe. */
final class ElevationFile {
    private static final Pattern TILE = Pattern.compile("([ns])(\\d{2})([ew])(\\d{3})\\.hgt", Pattern.CASE_INSENSITIVE);
    private static final short TILE_VOID = Short.MIN_VALUE;
    private static final int MAX_WORD_BYTES = 64;
    private static final int MAX_HEADING_LINES = 8;
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path file;
    private final byte[] word = new byte[MAX_WORD_BYTES];
    private int wordBytes;
    private long offsetBytes;

    ElevationFile(Path file) {
        this.file = file;
    }

    ElevationModel read() throws IOException, ElevationException {
        String name = String.valueOf(file.getFileName());
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
            if (name.toLowerCase(Locale.ROOT).endsWith(".hgt")) {
                Matcher place = TILE.matcher(name);
                if (!place.matches()) {
                    throw new ElevationException(
                            Rule.BAD_HEADING, -1, "a tile's name says where it lies, like N54E009.hgt");
                }
                return tile(in, place);
            }
            return grid(in);
        }
    }

    /** Big-endian metres from the north-west, edges shared with the neighbouring tiles. */
    private ElevationModel tile(InputStream in, Matcher place) throws IOException, ElevationException {
        long bytes = Files.size(file);
        int side = (int) Math.rint(Math.sqrt(Math.min(bytes, Integer.MAX_VALUE) / 2.0));
        if (bytes != 2L * side * side || (side != 1201 && side != 3601)) {
            throw new ElevationException(
                    Rule.WRONG_LENGTH, bytes, "a tile has 1201 or 3601 heights a side, two bytes each");
        }
        double south = Integer.parseInt(place.group(2)) * (place.group(1).equalsIgnoreCase("n") ? 1 : -1);
        double west = Integer.parseInt(place.group(4)) * (place.group(3).equalsIgnoreCase("e") ? 1 : -1);
        if (Math.abs(west) > 180 || south < -90 || south > 89) {
            throw new ElevationException(Rule.BAD_HEADING, -1, "no such tile: " + file.getFileName());
        }
        int[] heights = new int[side * side];
        DataInputStream data = new DataInputStream(in);
        for (int i = 0; i < heights.length; i++) {
            short metres = data.readShort();
            heights[i] = metres == TILE_VOID ? ElevationModel.UNKNOWN : checked(metres, 2L * i);
        }
        double spacing = 1.0 / (side - 1);
        return new ElevationModel(side, side, west, south + 1, spacing, spacing, heights);
    }

    private ElevationModel grid(InputStream in) throws IOException, ElevationException {
        Map<String, Double> heading = new HashMap<>();
        String first = heading(in, heading);
        int columns = count(heading, "ncols");
        int rows = count(heading, "nrows");
        long posts = (long) columns * rows;
        // Every height is a digit and a space at least, so a heading cannot ask for more than the file holds.
        if (posts > ElevationModel.MAX_POSTS || 2 * posts - 1 > Files.size(file)) {
            throw new ElevationException(
                    posts > ElevationModel.MAX_POSTS ? Rule.LIMIT_EXCEEDED : Rule.WRONG_LENGTH,
                    offsetBytes,
                    columns + " by " + rows + " heights");
        }
        double dx = size(heading, "dx");
        double dy = size(heading, "dy");
        double west =
                heading.containsKey("xllcenter") ? number(heading, "xllcenter") : number(heading, "xllcorner") + dx / 2;
        double south =
                heading.containsKey("yllcenter") ? number(heading, "yllcenter") : number(heading, "yllcorner") + dy / 2;
        double north = south + (rows - 1) * dy;
        if (!(west >= -361 && west <= 361) || !(south >= -91) || !(north <= 91) || columns * dx > 361) {
            throw new ElevationException(
                    Rule.BAD_HEADING, 0, "the grid is not in degrees of longitude and latitude (WGS 84)");
        }
        double missing = heading.getOrDefault("nodata_value", -9999.0);
        int[] heights = new int[(int) posts];
        for (int i = 0; i < heights.length; i++) {
            if (i > 0 && !next(in)) {
                throw new ElevationException(Rule.WRONG_LENGTH, offsetBytes, "only " + i + " of " + posts + " heights");
            }
            double metres = i == 0 ? parse(first) : Decimals.parse(word, 0, wordBytes);
            if (Double.isNaN(metres)) {
                throw new ElevationException(Rule.BAD_NUMBER, offsetBytes, "'" + text() + "' is no height");
            }
            heights[i] = metres == missing ? ElevationModel.UNKNOWN : checked(metres, offsetBytes);
        }
        if (next(in)) {
            throw new ElevationException(Rule.WRONG_LENGTH, offsetBytes, "more than " + posts + " heights");
        }
        return new ElevationModel(columns, rows, west, north, dx, dy, heights);
    }

    /** Reads words and their values up to the first height, which it returns. */
    private String heading(InputStream in, Map<String, Double> heading) throws IOException, ElevationException {
        while (next(in)) {
            String key = text().toLowerCase(Locale.ROOT);
            if (!Character.isLetter(key.charAt(0)) || key.equals("nan")) {
                return key;
            }
            if (heading.size() == MAX_HEADING_LINES || !next(in) || Double.isNaN(parse(text()))) {
                throw new ElevationException(
                        Rule.BAD_HEADING, offsetBytes, "an ASCII grid begins with ncols, nrows and where it lies");
            }
            heading.put(key, parse(text()));
        }
        throw new ElevationException(Rule.WRONG_LENGTH, offsetBytes, "no heights");
    }

    private static double parse(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return Decimals.parse(bytes, 0, bytes.length);
    }

    private static double number(Map<String, Double> heading, String key) throws ElevationException {
        @Nullable Double value = heading.get(key);
        if (value == null) {
            throw new ElevationException(Rule.BAD_HEADING, 0, "the heading lacks " + key);
        }
        return value;
    }

    private static int count(Map<String, Double> heading, String key) throws ElevationException {
        double value = number(heading, key);
        if (!(value >= 1 && value <= ElevationModel.MAX_POSTS) || value != Math.rint(value)) {
            throw new ElevationException(Rule.BAD_HEADING, 0, key + " is " + value);
        }
        return (int) value;
    }

    private static double size(Map<String, Double> heading, String key) throws ElevationException {
        double value = number(heading, heading.containsKey(key) ? key : "cellsize");
        if (!(value > 0 && value <= 10)) {
            throw new ElevationException(Rule.BAD_HEADING, 0, "cells of " + value + " degrees");
        }
        return value;
    }

    private static int checked(double metres, long offsetBytes) throws ElevationException {
        double millimetres = Math.rint(metres * 1000);
        if (Math.abs(millimetres) > Terrain.MAX_HEIGHT_MILLIMETRES) {
            throw new ElevationException(Rule.HEIGHT_RANGE, offsetBytes, "a height of " + metres + " m");
        }
        return (int) millimetres;
    }

    private String text() {
        return new String(word, 0, wordBytes, StandardCharsets.ISO_8859_1);
    }

    /** Reads the next word; false at the end of the file. */
    private boolean next(InputStream in) throws IOException, ElevationException {
        wordBytes = 0;
        for (int b = in.read(); b >= 0; b = in.read()) {
            offsetBytes++;
            if (b > ' ') {
                if (wordBytes == MAX_WORD_BYTES) {
                    throw new ElevationException(Rule.BAD_NUMBER, offsetBytes, "a word of more than 64 bytes");
                }
                word[wordBytes++] = (byte) b;
            } else if (wordBytes > 0) {
                return true;
            }
        }
        return wordBytes > 0;
    }
}
