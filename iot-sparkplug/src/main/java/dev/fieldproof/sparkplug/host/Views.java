package dev.fieldproof.sparkplug.host;

import dev.fieldproof.sparkplug.host.NodeRecord.DeviceRecord;
import dev.fieldproof.sparkplug.host.NodeView.DeviceView;
import dev.fieldproof.sparkplug.host.NodeView.MetricView;
import dev.fieldproof.sparkplug.session.HostSession;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Makes views of records. Stateless. */
final class Views {
    private Views() {}

    private static NodeView.Status status(HostSession.Status session) {
        if (session == HostSession.Status.UNKNOWN) {
            return NodeView.Status.STALE;
        }
        return session == HostSession.Status.ONLINE ? NodeView.Status.ONLINE : NodeView.Status.OFFLINE;
    }

    static NodeView of(NodeRecord record) {
        synchronized (record) {
            NodeView.Status status = status(record.session.status());
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
