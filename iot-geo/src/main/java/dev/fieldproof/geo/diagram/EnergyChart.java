package dev.fieldproof.geo.diagram;

import dev.fieldproof.geo.plan.EnergyYear;
import java.util.Locale;

/** A node's year of energy: a bar for each month's harvest and a line for the load. Stateless and thread-safe. */
public final class EnergyChart {
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };
    private static final double LEFT = 20;
    private static final double BOTTOM = 78;
    private static final double HEIGHT = 60;
    private static final double STEP = 14;

    private EnergyChart() {}

    /**
     * Draws the chart.
     *
     * @param year what to draw
     * @param digest of the model
     * @return SVG 1.1; the same for the same year
     */
    public static String render(EnergyYear year, String digest) {
        SvgWriter svg = new SvgWriter();
        double used = year.loadWattHoursPerDay() + year.selfDischargeWattHoursPerDay();
        double most = used;
        for (double harvest : year.harvestWattHoursPerDay()) {
            most = Math.max(most, harvest);
        }
        svg.open(
                "svg",
                "xmlns",
                "http://www.w3.org/2000/svg",
                "viewBox",
                "0 0 200 90",
                "role",
                "img",
                "aria-labelledby",
                "et ed");
        svg.text("title", "Energy of a node through the year", "id", "et");
        svg.text(
                "desc",
                "Harvest of each month in watt-hours a day, and the load of " + wattHours(used)
                        + ", the battery's self-discharge included. The worst month is " + MONTHS[year.worstMonth()]
                        + " with "
                        + wattHours(year.harvestWattHoursPerDay().get(year.worstMonth())) + ".",
                "id",
                "ed");
        svg.text("metadata", "model " + digest);
        svg.text("style", Theme.styleSheet());
        svg.empty("rect", "width", 200.0, "height", 90.0, "class", "page");
        svg.label("Harvest and load, Wh a day", LEFT - 12, 8, "bold");
        for (int month = 0; month < MONTHS.length; month++) {
            double harvest = year.harvestWattHoursPerDay().get(month);
            double height = HEIGHT * harvest / most;
            double x = LEFT + month * STEP;
            svg.open("rect", "x", x, "y", BOTTOM - height, "width", STEP - 4, "height", height, "class", "seen3");
            svg.text("title", MONTHS[month] + ": " + wattHours(harvest));
            svg.close();
            svg.label(
                    String.format(Locale.ROOT, "%.1f", harvest),
                    x + (STEP - 4) / 2,
                    BOTTOM - height - 1.5,
                    "mid small");
            svg.label(MONTHS[month], x + (STEP - 4) / 2, BOTTOM + 5, month == year.worstMonth() ? "mid bold" : "mid");
        }
        double load = BOTTOM - HEIGHT * used / most;
        double end = LEFT + MONTHS.length * STEP - 4;
        svg.empty("line", "x1", LEFT - 2, "y1", load, "x2", end, "y2", load, "class", "link");
        svg.label("load", LEFT - 3, load + 1, "end small");
        svg.empty("line", "x1", LEFT - 2, "y1", BOTTOM, "x2", end, "y2", BOTTOM, "class", "rule");
        svg.close();
        return svg.toString();
    }

    private static String wattHours(double value) {
        return String.format(Locale.ROOT, "%.2f Wh", value);
    }
}
