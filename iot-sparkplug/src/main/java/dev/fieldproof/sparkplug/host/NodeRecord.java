package dev.fieldproof.sparkplug.host;

import dev.fieldproof.sparkplug.EdgeNodeDescriptor;
import dev.fieldproof.sparkplug.session.HostSession;
import dev.fieldproof.sparkplug.topic.MessageType;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a host keeps of one edge node; locked by itself. */
final class NodeRecord {
    final EdgeNodeDescriptor node;
    HostSession<Incoming> session = HostSession.initial();
    MetricTable table = MetricTable.EMPTY;

    @Nullable
    ReceiptLedger ledger;

    Map<String, DeviceRecord> devices = Map.of();
    long sinceMillis;
    long heardNanos;
    long acknowledged = -1;
    long lostTold;
    int broker;

    /** A message with its address read. */
    @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
    record Incoming(String topic, MessageType type, String device, byte[] payload) {}

    static final class DeviceRecord {
        final MetricTable table;
        boolean online;
        long sinceMillis;

        DeviceRecord(MetricTable table, long sinceMillis) {
            this.table = table;
            this.online = true;
            this.sinceMillis = sinceMillis;
        }
    }

    NodeRecord(EdgeNodeDescriptor node) {
        this.node = node;
    }

    void putDevice(String id, DeviceRecord device) {
        if (devices.isEmpty()) {
            devices = new TreeMap<>();
        }
        devices.put(id, device);
    }
}
