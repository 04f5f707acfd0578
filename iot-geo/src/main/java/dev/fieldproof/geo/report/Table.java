package dev.fieldproof.geo.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A table of a report. Immutable and thread-safe.
 *
 * @param name of its file, without the ending
 * @param title for people
 * @param heading names of the columns; numbers tell their unit
 * @param rows each as long as the heading
 */
record Table(String name, String title, List<String> heading, List<List<String>> rows) {
    Table {
        heading = List.copyOf(heading);
        rows = List.copyOf(rows);
        for (List<String> row : rows) {
            if (row.size() != heading.size()) {
                throw new IllegalArgumentException(name + ": a row of " + row.size() + " fields: " + row);
            }
        }
    }

    /** Comma-separated values (RFC 4180); the last line names the model. */
    String toCsv(String digest) {
        StringBuilder csv = new StringBuilder();
        line(csv, heading);
        rows.forEach(row -> line(csv, row));
        line(csv, List.of("model", digest));
        return csv.toString();
    }

    private static void line(StringBuilder csv, List<String> fields) {
        for (int i = 0; i < fields.size(); i++) {
            String text = fields.get(i);
            boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
            csv.append(i == 0 ? "" : ",").append(plain ? text : '"' + text.replace("\"", "\"\"") + '"');
        }
        csv.append("\r\n");
    }

    /** The rows of comma-separated values as this class writes them, without heading and model. */
    static List<List<String>> rowsOf(String csv) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < csv.length(); i++) {
            char c = csv.charAt(i);
            if (quoted) {
                if (c != '"') {
                    field.append(c);
                } else if (csv.startsWith("\"\"", i)) {
                    field.append('"');
                    i++;
                } else {
                    quoted = false;
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == ',' || c == '\n') {
                row.add(field.toString());
                field.setLength(0);
                if (c == '\n') {
                    rows.add(List.copyOf(row));
                    row.clear();
                }
            } else if (c != '\r') {
                field.append(c);
            }
        }
        return rows.size() < 2 ? List.of() : rows.subList(1, rows.size() - 1);
    }
}
