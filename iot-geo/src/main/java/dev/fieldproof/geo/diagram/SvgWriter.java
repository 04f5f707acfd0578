package dev.fieldproof.geo.diagram;

import java.util.ArrayDeque;
import java.util.Deque;

/** Writes SVG with numbers of two decimals and everything else escaped. Not thread-safe. */
final class SvgWriter {
    private final StringBuilder out = new StringBuilder(1 << 16);
    private final Deque<String> open = new ArrayDeque<>();

    /** Opens an element; attributes are name, value, name, value. */
    SvgWriter open(String element, Object... attributes) {
        tag(element, attributes);
        out.append(">");
        open.push(element);
        return this;
    }

    SvgWriter close() {
        out.append("</").append(open.pop()).append(">\n");
        return this;
    }

    /** An element without content. */
    SvgWriter empty(String element, Object... attributes) {
        tag(element, attributes);
        out.append("/>\n");
        return this;
    }

    /** An element with text only. */
    SvgWriter text(String element, String text, Object... attributes) {
        tag(element, attributes);
        out.append('>');
        escape(text);
        out.append("</").append(element).append(">\n");
        return this;
    }

    /** A label. */
    SvgWriter label(String text, double x, double y, String classes) {
        return text("text", text, "x", x, "y", y, "class", classes);
    }

    private void tag(String element, Object... attributes) {
        out.append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            if (attributes[i + 1] instanceof Double number) {
                out.append(number(number));
            } else {
                escape(attributes[i + 1].toString());
            }
            out.append('"');
        }
    }

    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                default -> out.append(c < 0x20 || c == 0xfffe || c == 0xffff ? ' ' : c);
            }
        }
    }

    /** Two decimals at most, without needless zeros, the same in every locale. */
    static String number(double value) {
        long hundredths = Math.round(value * 100);
        long whole = Math.abs(hundredths) / 100;
        long rest = Math.abs(hundredths) % 100;
        String sign = hundredths < 0 ? "-" : "";
        if (rest == 0) {
            return sign + whole;
        }
        return sign + whole + "." + rest / 10 + (rest % 10 == 0 ? "" : String.valueOf(rest % 10));
    }

    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("not closed: " + open);
        }
        return out.toString();
    }
}
