package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.benchmarks.page.Html;
import java.util.List;
import java.util.Locale;

/** Horizontal bars on a logarithmic scale: how far a figure is from its rival's. */
final class RatioChart {
    private static final int LABEL = 300;
    private static final int WIDTH = 1000;
    private static final int STEP = 30;

    private RatioChart() {}

    static String svg(List<Result> results) {
        double decades = 1;
        for (Result result : results) {
            decades = Math.max(
                    decades,
                    Math.ceil(Math.abs(Math.log10(clamped(result.ratio().median())))));
        }
        int height = results.size() * STEP + 40;
        StringBuilder svg = new StringBuilder();
        svg.append(format(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" font-family=\"system-ui,sans-serif\" font-size=\"13\">",
                WIDTH, height));
        svg.append("<title>Ratios</title><desc>Ours divided by the rival's for each figure</desc>");
        for (int decade = (int) -decades; decade <= decades; decade++) {
            double x = x(Math.pow(10, decade), decades);
            svg.append(format(
                    "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"0\" y2=\"%d\" stroke=\"var(--line)\" stroke-width=\"%s\"/>",
                    x, x, height - 24, decade == 0 ? "2" : "1"));
            svg.append(format(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"var(--soft)\">%s</text>",
                    x, height - 8, decade == 0 ? "1" : "10" + superscript(decade)));
        }
        for (int i = 0; i < results.size(); i++) {
            bar(svg, results.get(i), i * STEP + 6, decades);
        }
        return svg.append("</svg>").toString();
    }

    private static void bar(StringBuilder svg, Result result, int y, double decades) {
        double tie = x(1, decades);
        double end = x(clamped(result.ratio().median()), decades);
        svg.append(format(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"var(--ink)\">%s</text>",
                LABEL - 12, y + 13, Html.escape(result.row().name())));
        svg.append(format(
                "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"18\" fill=\"var(--%s)\"><title>%s</title></rect>",
                Math.min(tie, end),
                y,
                Math.max(1, Math.abs(end - tie)),
                result.isMet() ? "bar" : "rival",
                Html.escape(Goal.plain(result.ratio().median()) + ", goal "
                        + result.row().goal())));
        double goal = goalRatio(result.row().goal());
        if (!Double.isNaN(goal)) {
            double x = x(clamped(goal), decades);
            svg.append(format(
                    "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"var(--ink)\" stroke-width=\"2\"/>",
                    x, x, y - 3, y + 21));
        }
    }

    private static double goalRatio(Goal goal) {
        if (goal instanceof Goal.RatioAtMost atMost) {
            return atMost.limit();
        }
        return goal instanceof Goal.RatioAtLeast atLeast ? atLeast.limit() : Double.NaN;
    }

    private static double clamped(double ratio) {
        return Math.min(1e6, Math.max(1e-6, ratio));
    }

    private static double x(double ratio, double decades) {
        double middle = (LABEL + WIDTH) / 2.0;
        double reach = Math.max(-1, Math.min(1, Math.log10(ratio) / decades));
        return middle + reach * (WIDTH - LABEL - 20) / 2.0;
    }

    private static String superscript(int exponent) {
        String digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
        return (exponent < 0 ? "⁻" : "") + digits.charAt(Math.abs(exponent));
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
