package dev.fieldproof.geo.plan;

import dev.fieldproof.geo.Zone;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What to buy. Prices are the catalogue's, in whole cents of its currency.
 *
 * @param currency ISO 4217 code
 * @param lines one for each part
 */
public record BillOfMaterials(String currency, List<Line> lines) {
    /**
     * One part.
     *
     * @param part name in the catalogue
     * @param quantity how many, spares included
     * @param unitCents price of one
     * @param purpose what it is for
     */
    public record Line(String part, int quantity, long unitCents, String purpose) {
        /**
         * The price of the line.
         *
         * @return cents
         */
        public long totalCents() {
            return quantity * unitCents;
        }
    }

    /** Copies the list. */
    public BillOfMaterials {
        lines = List.copyOf(lines);
    }

    /**
     * The price of everything.
     *
     * @return cents
     */
    public long totalCents() {
        return lines.stream().mapToLong(Line::totalCents).sum();
    }

    /**
     * Counts the parts of a plan.
     *
     * @param nodes to build
     * @param gateways to build
     * @param options of which prices and power count
     * @return the list
     * @throws IllegalArgumentException if the catalogue lacks a part
     */
    public static BillOfMaterials of(List<Node> nodes, int gateways, PlanOptions options) {
        PartCatalogue catalogue = options.catalogue();
        List<Line> lines = new ArrayList<>(ofNodes(nodes, gateways, options));
        lines.add(catalogue.line("Gateway with antenna", gateways, "links the site to the network"));
        int spares = nodes.isEmpty() ? 0 : (nodes.size() + 9) / 10;
        lines.add(catalogue.line("ESP32-S3 controller board", spares, "spare: one in ten, at least one"));
        lines.removeIf(line -> line.quantity() == 0);
        return new BillOfMaterials(catalogue.currency(), lines);
    }

    /** What nodes are made of, and the supplies of gateways. */
    private static List<Line> ofNodes(List<Node> nodes, int gateways, PlanOptions options) {
        PartCatalogue catalogue = options.catalogue();
        NodePower power = options.power();
        Map<String, Integer> cameras = new LinkedHashMap<>();
        int solar = 0;
        for (Node node : nodes) {
            cameras.merge(node.sensor().model().name(), 1, Integer::sum);
            solar += node.mount().powered() ? 0 : 1;
        }
        int mains = nodes.size() - solar;
        List<Line> lines = new ArrayList<>();
        cameras.forEach((name, count) -> lines.add(catalogue.line(name, count, "sees the site")));
        lines.add(catalogue.line("ESP32-S3 controller board", nodes.size(), "runs a node"));
        lines.add(catalogue.line("Enclosure IP65 with bracket", nodes.size(), "houses a node"));
        if (solar > 0) {
            if (power.panels() > 0) {
                lines.add(catalogue.line(panel(power.panel()), solar * power.panels(), "feeds nodes without mains"));
            }
            lines.add(catalogue.line(
                    power.pack().part(), solar * power.packs(), "carries nodes without mains through the dark"));
        }
        lines.add(catalogue.line("Mains supply 5 V 2 A", mains + gateways, "feeds nodes and gateways at mains"));
        return lines;
    }

    /**
     * What one node costs, its supply included.
     *
     * @param node to build
     * @param options of which prices and power count
     * @return cents
     * @throws IllegalArgumentException if the catalogue lacks a part
     */
    public static long centsOf(Node node, PlanOptions options) {
        return ofNodes(List.of(node), 0, options).stream()
                .mapToLong(Line::totalCents)
                .sum();
    }

    /** A panel's name in the catalogue. */
    private static String panel(SolarPanel panel) {
        BigDecimal watts = BigDecimal.valueOf(panel.wattsPeak()).stripTrailingZeros();
        return "Solar panel " + watts.toPlainString() + " W";
    }

    /**
     * What is to be bought for a part of the site.
     *
     * @param zone its name
     * @param nodes how many stand there
     * @param cents the price of their parts, spares and gateways not included
     */
    public record ZoneTotal(String zone, int nodes, long cents) {}

    /**
     * Splits a plan's bill by the zones that nodes stand in, each node in the first that holds its mount, then the
     * nodes elsewhere, then gateways and spares. The totals add up to the bill's.
     *
     * @param plan with a bill of its nodes
     * @return each zone of the site in its order, keep-out zones left out, then the two other rows
     */
    public static List<ZoneTotal> byZone(SitePlan plan) {
        List<ZoneTotal> totals = new ArrayList<>();
        List<Node> left = new ArrayList<>(plan.nodes());
        long rest = plan.bill().totalCents();
        for (Zone zone : plan.site().zones()) {
            if (zone.kind() != Zone.Kind.KEEP_OUT) {
                List<Node> inside = left.stream()
                        .filter(node -> zone.area()
                                .contains(
                                        node.mount().position().xMillimetres(),
                                        node.mount().position().yMillimetres()))
                        .toList();
                left.removeAll(inside);
                totals.add(total(zone.id(), inside, plan));
                rest -= totals.get(totals.size() - 1).cents();
            }
        }
        totals.add(total("elsewhere on the site", left, plan));
        rest -= totals.get(totals.size() - 1).cents();
        totals.add(new ZoneTotal("gateways and spares", 0, rest));
        return totals;
    }

    private static ZoneTotal total(String zone, List<Node> nodes, SitePlan plan) {
        long cents = ofNodes(nodes, 0, plan.options()).stream()
                .mapToLong(Line::totalCents)
                .sum();
        return new ZoneTotal(zone, nodes.size(), cents);
    }

    /**
     * The list as comma-separated values (RFC 4180) with a heading and a total.
     *
     * @return lines that end in CR LF
     */
    public String toCsv() {
        StringBuilder csv = new StringBuilder("part,quantity,unit_price,total,currency,purpose\r\n");
        for (Line line : lines) {
            csv.append(quoted(line.part())).append(',').append(line.quantity()).append(',');
            csv.append(money(line.unitCents()))
                    .append(',')
                    .append(money(line.totalCents()))
                    .append(',');
            csv.append(currency).append(',').append(quoted(line.purpose())).append("\r\n");
        }
        csv.append("total,,,")
                .append(money(totalCents()))
                .append(',')
                .append(currency)
                .append(",\r\n");
        return csv.toString();
    }

    /**
     * The list as a table in Markdown, with a total.
     *
     * @return lines that end in LF
     */
    public String toMarkdown() {
        StringBuilder table = new StringBuilder("""
            | part | quantity | unit price | total | purpose |
            | --- | ---: | ---: | ---: | --- |
            """);
        for (Line line : lines) {
            table.append("| ").append(cell(line.part())).append(" | ").append(line.quantity());
            table.append(" | ").append(money(line.unitCents())).append(" | ").append(money(line.totalCents()));
            table.append(" | ").append(cell(line.purpose())).append(" |\n");
        }
        table.append("| **total, ").append(currency).append("** | | | **").append(money(totalCents()));
        return table.append("** | |\n").toString();
    }

    /** A bar would end the cell. */
    private static String cell(String text) {
        return text.replace("\\", "\\\\").replace("|", "\\|").replace('\n', ' ').replace('\r', ' ');
    }

    static String quoted(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    static String money(long cents) {
        return cents / 100 + "." + (char) ('0' + cents / 10 % 10) + (char) ('0' + cents % 10);
    }
}
