package dev.fieldproof.geo.report;

import dev.fieldproof.geo.GeoPosition;
import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.coverage.BlindSpot;
import dev.fieldproof.geo.plan.BillOfMaterials;
import dev.fieldproof.geo.plan.Link;
import dev.fieldproof.geo.plan.Node;
import dev.fieldproof.geo.plan.Resilience;
import dev.fieldproof.geo.plan.SitePlan;
import dev.fieldproof.geo.plan.Topology;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The tables of a plan. Stateless and thread-safe. */
final class PlanTables {
    private PlanTables() {}

    static List<Table> of(SitePlan plan) {
        List<Table> tables = new ArrayList<>(
                List.of(nodes(plan), gateways(plan), links(plan), blindSpots(plan), bill(plan), billByZone(plan)));
        tables.addAll(PowerTables.of(plan));
        return tables;
    }

    private static String number(int decimals, double value) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    private static Table nodes(SitePlan plan) {
        Resilience resilience = Resilience.of(plan);
        double cell = plan.coverage().demand().grid().cellSquareMetres();
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < plan.nodes().size(); i++) {
            Node node = plan.nodes().get(i);
            GeoPosition at = plan.site().projection().toPosition(node.mount().position());
            rows.add(List.of(
                    node.id(),
                    node.mount().id(),
                    number(8, at.longitudeDegrees()),
                    number(8, at.latitudeDegrees()),
                    number(3, node.mount().heightMillimetres() / 1000.0),
                    node.sensor().model().name(),
                    number(1, node.sensor().azimuthDegrees()),
                    number(1, node.sensor().tiltDegrees()),
                    node.mount().powered() ? "mains" : "solar",
                    number(2, BillOfMaterials.centsOf(node, plan.options()) / 100.0),
                    number(1, resilience.cellsLost(i) * cell),
                    String.join(" ", resilience.cutOff(i))));
        }
        return new Table(
                "nodes",
                "Nodes",
                List.of(
                        "node",
                        "mount",
                        "longitude",
                        "latitude",
                        "height_m",
                        "model",
                        "azimuth_deg",
                        "tilt_deg",
                        "power",
                        "cost",
                        "unseen_if_it_fails_m2",
                        "cut_off_if_it_fails"),
                rows);
    }

    private static Table gateways(SitePlan plan) {
        Map<String, Integer> carried = plan.topology().carried();
        List<List<String>> rows = new ArrayList<>();
        for (Mount gateway : plan.site().gateways()) {
            GeoPosition at = plan.site().projection().toPosition(gateway.position());
            List<Link> direct = plan.topology().links().stream()
                    .filter(link -> link.to().equals(gateway.id()))
                    .toList();
            List<String> lost = new ArrayList<>(plan.withoutGateway(gateway).unreachable());
            lost.removeAll(plan.topology().unreachable());
            rows.add(List.of(
                    gateway.id(),
                    number(8, at.longitudeDegrees()),
                    number(8, at.latitudeDegrees()),
                    number(3, gateway.heightMillimetres() / 1000.0),
                    String.valueOf(direct.size()),
                    String.valueOf(direct.stream()
                            .mapToInt(link -> carried.get(link.from()))
                            .sum()),
                    String.join(" ", lost)));
        }
        return new Table(
                "gateways",
                "Gateways",
                List.of(
                        "gateway",
                        "longitude",
                        "latitude",
                        "height_m",
                        "nodes_direct",
                        "nodes_in_all",
                        "left_out_if_it_fails"),
                rows);
    }

    private static Table links(SitePlan plan) {
        List<List<String>> rows = new ArrayList<>();
        Map<String, Integer> carried = plan.topology().carried();
        Map<String, Topology.Spare> spares = new HashMap<>();
        plan.topology().spares().forEach(spare -> spares.put(spare.node(), spare));
        for (Link link : plan.topology().links()) {
            Topology.Spare spare = spares.get(link.from());
            rows.add(List.of(
                    link.from(),
                    link.to(),
                    String.valueOf(link.hops()),
                    number(3, link.distanceMetres()),
                    number(2, link.marginDb()),
                    String.join("; ", link.obstacles()),
                    String.valueOf(carried.get(link.from())),
                    spare == null ? "" : spare.via(),
                    spare == null ? "" : number(2, spare.marginDb())));
        }
        for (Topology.Partition partition : plan.topology().partitions()) {
            for (String id : partition.nodes()) {
                rows.add(List.of(id, "", "", "", "", partition.sentence(), "0", "", ""));
            }
        }
        return new Table(
                "links",
                "Radio links",
                List.of(
                        "from",
                        "to",
                        "hops",
                        "distance_m",
                        "margin_db",
                        "obstacles",
                        "nodes_carried",
                        "if_that_fails",
                        "spare_margin_db"),
                rows);
    }

    private static Table blindSpots(SitePlan plan) {
        List<List<String>> rows = new ArrayList<>();
        for (BlindSpot spot : plan.coverage().blindSpots()) {
            rows.add(List.of(String.valueOf(spot.number()), number(1, spot.areaSquareMetres()), spot.cause()));
        }
        return new Table("blind-spots", "Blind spots", List.of("number", "area_m2", "cause"), rows);
    }

    private static Table bill(SitePlan plan) {
        BillOfMaterials bill = plan.bill();
        List<List<String>> rows = new ArrayList<>();
        for (BillOfMaterials.Line line : bill.lines()) {
            rows.add(List.of(
                    line.part(),
                    String.valueOf(line.quantity()),
                    number(2, line.unitCents() / 100.0),
                    number(2, line.totalCents() / 100.0),
                    bill.currency(),
                    line.purpose()));
        }
        rows.add(List.of("total", "", "", number(2, bill.totalCents() / 100.0), bill.currency(), ""));
        return new Table(
                "bill-of-materials",
                "Bill of materials",
                List.of("part", "quantity", "unit_price", "total", "currency", "purpose"),
                rows);
    }

    private static Table billByZone(SitePlan plan) {
        List<List<String>> rows = new ArrayList<>();
        for (BillOfMaterials.ZoneTotal total : BillOfMaterials.byZone(plan)) {
            rows.add(List.of(
                    total.zone(),
                    String.valueOf(total.nodes()),
                    number(2, total.cents() / 100.0),
                    plan.bill().currency()));
        }
        rows.add(List.of(
                "total",
                String.valueOf(plan.nodes().size()),
                number(2, plan.bill().totalCents() / 100.0),
                plan.bill().currency()));
        return new Table(
                "bill-by-zone", "Bill of materials by zone", List.of("zone", "nodes", "total", "currency"), rows);
    }
}
