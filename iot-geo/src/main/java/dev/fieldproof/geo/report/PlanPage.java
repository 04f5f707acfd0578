package dev.fieldproof.geo.report;

import dev.fieldproof.geo.plan.PowerForecast;
import dev.fieldproof.geo.plan.SitePlan;
import java.util.List;
import java.util.Locale;

/** One page of a plan for reading and printing: map and tables, no script, nothing from outside. Stateless. */
final class PlanPage {
    private static final String STYLE = """
            :root{--page:#fff;--ink:#16202b;--soft:#475462;--line:#c3c8ce;--band:#f3f5f7}
            @media (prefers-color-scheme:dark){:root{--page:#10161d;--ink:#eef2f6;--soft:#b4c0cc;--line:#46505b;\
            --band:#18212b}}
            @media print{:root{--page:#fff;--ink:#16202b;--soft:#475462;--line:#c3c8ce;--band:#f3f5f7}\
            section{break-inside:avoid}}
            body{margin:0 auto;max-width:75rem;padding:1.5rem;background:var(--page);color:var(--ink);\
            font:1rem/1.5 Helvetica,Arial,'Liberation Sans',sans-serif}
            h1{font-size:1.9rem;margin:0}h2{font-size:1.25rem;margin:2rem 0 .5rem}
            .soft{color:var(--soft)}code{overflow-wrap:anywhere}
            svg{width:100%;height:auto;border:1px solid var(--line)}
            .wide{overflow-x:auto}
            table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
            th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
            th{color:var(--soft);font-weight:600}tbody tr:nth-child(even){background:var(--band)}
            td.n,th.n{text-align:right}
            """;

    private PlanPage() {}

    static String render(SitePlan plan, List<String> drawings, List<Table> tables) {
        StringBuilder page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width\"><title>Plan of ")
                .append(text(plan.site().name()))
                .append("</title><style>")
                .append(STYLE)
                .append("</style></head><body><h1>")
                .append(text(plan.site().name()))
                .append("</h1><p>")
                .append(plan.nodes().size())
                .append(" nodes see ")
                .append(String.format(
                        Locale.ROOT, "%.1f", Math.floor(plan.coverage().coveredShare() * 1000) / 10))
                .append(" % of the ground that must be seen; fewer than ")
                .append(plan.lowerBound())
                .append(" cannot see as much. ")
                .append(plan.coverage().blindSpots().size())
                .append(" blind spots are left.</p><p>")
                .append(text(power(plan.forecast())))
                .append("</p><p class=\"soft\">Model <code>")
                .append(plan.digest())
                .append("</code></p>");
        drawings.forEach(drawing -> page.append("<section>").append(drawing).append("</section>"));
        if (!plan.remarks().isEmpty()) {
            page.append("<section><h2>To know before relying on it</h2><ul>");
            plan.remarks()
                    .forEach(remark -> page.append("<li>").append(text(remark)).append("</li>"));
            page.append("</ul></section>");
        }
        tables.forEach(table -> table(page, table));
        return page.append("</body></html>\n").toString();
    }

    /** What matters most about power. */
    private static String power(PowerForecast forecast) {
        return String.format(
                Locale.ROOT,
                "Nodes without mains draw %.2f Wh a day, last %.1f days in the dark when new and live %s; %s. What"
                        + " matters most: %s.%s",
                forecast.year().loadWattHoursPerDay(),
                forecast.year().autonomyDays().get(2),
                forecast.life(),
                forecast.sun(),
                forecast.dominating(),
                forecast.isBrownOut() ? " They would reset when they send: see below." : "");
    }

    private static void table(StringBuilder page, Table table) {
        page.append("<section><h2>").append(text(table.title())).append("</h2><div class=\"wide\"><table><thead><tr>");
        for (int i = 0; i < table.heading().size(); i++) {
            page.append("<th scope=\"col\"").append(isNumber(table, i) ? " class=\"n\">" : ">");
            page.append(text(table.heading().get(i).replace('_', ' '))).append("</th>");
        }
        page.append("</tr></thead><tbody>");
        for (List<String> row : table.rows()) {
            page.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                page.append(isNumber(table, i) ? "<td class=\"n\">" : "<td>");
                page.append(text(row.get(i))).append("</td>");
            }
            page.append("</tr>\n");
        }
        page.append("</tbody></table></div></section>\n");
    }

    private static boolean isNumber(Table table, int column) {
        return !table.rows().isEmpty()
                && table.rows().stream().allMatch(row -> row.get(column).matches("[-0-9.]*"));
    }

    static String text(String raw) {
        return raw.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
