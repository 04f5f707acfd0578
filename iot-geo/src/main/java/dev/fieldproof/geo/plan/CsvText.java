package dev.fieldproof.geo.plan;

import java.util.ArrayList;
import java.util.List;

/** Comma-separated values (RFC 4180). Stateless and thread-safe. */
final class CsvText {
    private CsvText() {}

    static String line(List<String> fields) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < fields.size(); i++) {
            line.append(i == 0 ? "" : ",").append(BillOfMaterials.quoted(fields.get(i)));
        }
        return line.append("\r\n").toString();
    }

    /**
     * Reads lines of fields; CR LF or LF ends a line, empty lines are left out.
     *
     * @throws IllegalArgumentException if a quotation mark does not close, or stands inside a bare field; names the
     * line
     */
    static List<List<String>> parse(String text) {
        List<List<String>> lines = new ArrayList<>();
        List<String> fields = new ArrayList<>();
        int line = 1;
        int i = 0;
        while (i < text.length()) {
            StringBuilder field = new StringBuilder();
            if (text.charAt(i) == '"') {
                int close = i + 1;
                while (true) {
                    int next = text.indexOf('"', close);
                    if (next < 0) {
                        throw new IllegalArgumentException("line " + line + ": a quotation mark that does not close");
                    }
                    field.append(text, close, next);
                    close = next + 1;
                    if (close >= text.length() || text.charAt(close) != '"') {
                        break;
                    }
                    field.append('"');
                    close++;
                }
                i = close;
            } else {
                while (i < text.length() && ",\r\n".indexOf(text.charAt(i)) < 0) {
                    field.append(text.charAt(i++));
                }
                if (field.indexOf("\"") >= 0) {
                    throw new IllegalArgumentException("line " + line + ": a quotation mark inside '" + field + "'");
                }
            }
            fields.add(field.toString());
            if (i < text.length() && text.charAt(i) == ',') {
                i++;
                if (i == text.length()) {
                    fields.add("");
                }
                continue;
            }
            i += text.startsWith("\r\n", i) ? 2 : 1;
            line++;
            if (fields.size() > 1 || !fields.get(0).isEmpty()) {
                lines.add(List.copyOf(fields));
            }
            fields.clear();
        }
        if (!fields.isEmpty()) {
            lines.add(List.copyOf(fields));
        }
        return lines;
    }
}
