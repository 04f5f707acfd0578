package dev.fieldproof.benchmarks.page;

import java.util.List;

/** Builds one self-contained page, section by section. Not thread-safe. */
public final class Html {
    private static final String STYLE = """
            :root{color-scheme:light dark;--bg:#fbfaf7;--card:#fff;--ink:#1c2328;--soft:#55626b;--line:#d9dcd6;
            --accent:#0b6e69;--good:#1a6b3c;--bad:#a3311f;--bar:#0b6e69;--rival:#b5762a}
            @media(prefers-color-scheme:dark){:root{--bg:#14181b;--card:#1c2226;--ink:#e8ebe6;--soft:#a4b0b6;
            --line:#343d43;--accent:#5cc8bf;--good:#7fd39b;--bad:#ff9b85;--bar:#4fb8af;--rival:#d79a52}}
            *{box-sizing:border-box}
            body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",
            Roboto,"Noto Sans",sans-serif}
            main{max-width:68rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
            h1{font-size:2.1rem;line-height:1.2;margin:0 0 .4rem;letter-spacing:-.01em}
            h2{font-size:1.25rem;margin:2.6rem 0 .8rem}
            .lead{color:var(--soft);max-width:46rem;margin:0 0 1.6rem}
            .scroll{overflow-x:auto}
            table{border-collapse:collapse;width:100%;background:var(--card);border:1px solid var(--line);
            font-variant-numeric:tabular-nums}
            th,td{padding:.5rem .75rem;text-align:left;vertical-align:top;border-top:1px solid var(--line)}
            thead th{border-top:0;font-size:.8rem;color:var(--soft);font-weight:600;white-space:nowrap}
            td.n,th.n{text-align:right;white-space:nowrap}
            .yes{color:var(--good);font-weight:600}.no{color:var(--bad);font-weight:600}
            figure{margin:0;background:var(--card);border:1px solid var(--line);padding:1rem}
            figure svg{display:block;width:100%;height:auto}
            figcaption{color:var(--soft);font-size:.9rem;margin-top:.6rem}
            dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));gap:1px;background:var(--line);
            border:1px solid var(--line);margin:0}
            dl div{background:var(--card);padding:.8rem 1rem}dt{color:var(--soft);font-size:.85rem}
            dd{margin:0;font-size:1.5rem;font-weight:600;font-variant-numeric:tabular-nums}
            code{font:.9em ui-monospace,"DejaVu Sans Mono",monospace}
            footer{margin-top:3rem;color:var(--soft);font-size:.85rem}
            @media print{:root{--bg:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--accent:#000;--good:#000;
            --bad:#000;--bar:#444;--rival:#aaa}html,body{font-size:10px}th,td{padding:.3rem .6rem}
            main{padding:0;max-width:none}h2{break-after:avoid}tr,figure{break-inside:avoid}}
            """;

    private final StringBuilder body = new StringBuilder();
    private final String title;

    /**
     * Begins a page.
     *
     * @param title of the page, plain text
     * @param lead what it is about, plain text
     */
    public Html(String title, String lead) {
        this.title = title;
        body.append("<h1>").append(escape(title)).append("</h1>\n<p class=\"lead\">");
        body.append(escape(lead)).append("</p>\n");
    }

    /**
     * A figure of the head of the page.
     *
     * @param label plain text
     * @param value plain text
     */
    public record Fact(String label, String value) {}

    /**
     * A table cell.
     *
     * @param text plain text
     * @param style a class of the style sheet: empty, {@code n} for numbers, {@code yes} or {@code no}
     */
    public record Cell(String text, String style) {
        /**
         * A plain cell.
         *
         * @param text plain text
         * @return the cell
         */
        public static Cell of(String text) {
            return new Cell(text, "");
        }

        /**
         * A right-aligned cell.
         *
         * @param text a number
         * @return the cell
         */
        public static Cell number(String text) {
            return new Cell(text, "n");
        }

        /**
         * A verdict.
         *
         * @param good whether it is good
         * @param text plain text
         * @return the cell
         */
        public static Cell verdict(boolean good, String text) {
            return new Cell(text, good ? "yes" : "no");
        }
    }

    /**
     * Adds a row of key figures.
     *
     * @param facts in reading order
     * @return this page
     */
    public Html facts(List<Fact> facts) {
        body.append("<dl>");
        for (Fact fact : facts) {
            body.append("<div><dt>").append(escape(fact.label)).append("</dt><dd>");
            body.append(escape(fact.value)).append("</dd></div>");
        }
        body.append("</dl>\n");
        return this;
    }

    /**
     * Adds a heading.
     *
     * @param text plain text
     * @return this page
     */
    public Html heading(String text) {
        body.append("<h2>").append(escape(text)).append("</h2>\n");
        return this;
    }

    /**
     * Adds a paragraph.
     *
     * @param text plain text
     * @return this page
     */
    public Html paragraph(String text) {
        body.append("<p>").append(escape(text)).append("</p>\n");
        return this;
    }

    /**
     * Adds a table.
     *
     * @param head one cell for each column; its style is used for the heading too
     * @param rows cells in the order of the columns
     * @return this page
     */
    public Html table(List<Cell> head, List<List<Cell>> rows) {
        body.append("<div class=\"scroll\"><table><thead><tr>");
        head.forEach(cell -> cell(cell, "th scope=\"col\"", "th"));
        body.append("</tr></thead><tbody>\n");
        for (List<Cell> row : rows) {
            body.append("<tr>");
            row.forEach(cell -> cell(cell, "td", "td"));
            body.append("</tr>\n");
        }
        body.append("</tbody></table></div>\n");
        return this;
    }

    private void cell(Cell cell, String open, String close) {
        body.append('<').append(open);
        if (!cell.style.isEmpty()) {
            body.append(" class=\"").append(cell.style).append('"');
        }
        body.append('>').append(escape(cell.text)).append("</").append(close).append('>');
    }

    /**
     * Adds a drawing.
     *
     * @param svg a complete {@code svg} element, trusted
     * @param caption plain text
     * @return this page
     */
    public Html figure(String svg, String caption) {
        body.append("<figure>").append(svg.replaceFirst("(?s)^<\\?xml.*?\\?>\\s*", ""));
        body.append("<figcaption>").append(escape(caption)).append("</figcaption></figure>\n");
        return this;
    }

    /**
     * Ends the page.
     *
     * @param footer plain text
     * @return the whole document
     */
    public String end(String footer) {
        return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escape(title)
                + "</title><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<style>"
                + STYLE.replace("\n", "") + "</style></head>\n<body><main>\n" + body + "<footer>" + escape(footer)
                + "</footer>\n</main></body></html>\n";
    }

    /**
     * Makes plain text safe inside markup.
     *
     * @param text plain text
     * @return text with {@code & < > "} replaced
     */
    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
