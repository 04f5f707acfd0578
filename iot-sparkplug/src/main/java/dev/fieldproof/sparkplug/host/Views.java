package dev.fieldproof.sparkplug.host;

import dev.fieldproof.sparkplug.host.NodeRecord.DeviceRecord;
import dev.fieldproof.sparkplug.host.NodeView.DeviceView;
import dev.fieldproof.sparkplug.host.NodeView.MetricView;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Makes views of records. Stateless. */
final class Views {
    private Views() {}

    static NodeView of(NodeRecord record) {
        synchronized (record) {
            NodeView.Status status = switch (record.session.status()) {
                case ONLINE -> NodeView.Status.ONLINE;
                case UNKNOWN -> NodeView.Status.STALE;
                case OFFLINE -> NodeView.Status.OFFLINE;
            };
            Map<String, DeviceView> devices = new HashMap<>();
            for (Map.Entry<String, DeviceRecord> each : record.devices.entrySet()) {
                DeviceRecord device = each.getValue();
                NodeView.Status own = device.online ? status : NodeView.Status.OFFLINE;
                devices.put(
                        each.getKey(),
                        new DeviceView(own, Instant.ofEpochMilli(device.sinceMillis), metrics(device.table, own)));
            }
            ReceiptLedger ledger = record.ledger;
            return new NodeView(
                    record.node,
                    status,
                    Instant.ofEpochMilli(record.sinceMillis),
                    metrics(record.table, status),
                    devices,
                    ledger == null ? 0 : ledger.lost(),
                    ledger == null ? 0 : ledger.missing(),
                    ledger == null ? 0 : ledger.duplicates());
        }
    }

    private static Map<String, MetricView> metrics(MetricTable table, NodeView.Status status) {
        Map<String, MetricView> metrics = new HashMap<>();
        for (int i = 0; i < table.layout().size(); i++) {
            metrics.put(
                    table.layout().name(i),
                    new MetricView(
                            table.value(i), Instant.ofEpochMilli(table.millis(i)), status != NodeView.Status.ONLINE));
        }
        return metrics;
    }
}
