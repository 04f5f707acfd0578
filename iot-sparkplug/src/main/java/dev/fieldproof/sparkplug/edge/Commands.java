package dev.fieldproof.sparkplug.edge;

import dev.fieldproof.core.transport.Message;
import dev.fieldproof.sparkplug.StoreAndForward;
import dev.fieldproof.sparkplug.payload.DataType;
import dev.fieldproof.sparkplug.payload.Metric;
import dev.fieldproof.sparkplug.payload.Payload;
import dev.fieldproof.sparkplug.payload.PayloadDecoder;
import dev.fieldproof.sparkplug.payload.PayloadException;
import dev.fieldproof.sparkplug.payload.Value;
import dev.fieldproof.sparkplug.session.EdgeSession;
import dev.fieldproof.sparkplug.topic.MessageType;
import dev.fieldproof.sparkplug.topic.SparkplugTopic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads NCMD and DCMD: what hosts may order, checked against what the births said. Stateless once made. */
final class Commands {
    private final EdgeDevice self;
    private final Map<String, EdgeDevice> devices;
    private final Map<Long, EdgeMetric> byAlias = new HashMap<>();
    private final long acknowledgedAlias;

    /** What a command amounts to. */
    sealed interface Order {
        record Rebirth() implements Order {}

        record DeviceRebirth(String device) implements Order {}

        record NextServer() implements Order {}

        record Acknowledge(long position) implements Order {}

        record Tell(EdgeEvent event) implements Order {}
    }

    Commands(boolean aliases, Births births, EdgeDevice self, Map<String, EdgeDevice> devices) {
        this.self = self;
        this.devices = devices;
        this.acknowledgedAlias = aliases ? births.acknowledgedAlias() : -1;
        if (aliases) {
            self.metrics().forEach(metric -> byAlias.put(metric.alias(), metric));
            devices.values().forEach(device -> device.metrics().forEach(metric -> byAlias.put(metric.alias(), metric)));
        }
    }

    List<Order> read(SparkplugTopic topic, Message message) {
        String device;
        if (topic instanceof SparkplugTopic.Node node && node.type() == MessageType.NCMD) {
            device = EdgeSession.NODE;
        } else if (topic instanceof SparkplugTopic.Device of && of.type() == MessageType.DCMD) {
            device = of.deviceId();
        } else {
            return List.of();
        }
        EdgeDevice target = device.isEmpty() ? self : devices.get(device);
        if (target == null) {
            return List.of(refused(message, "there is no device '" + device + "'"));
        }
        Payload payload;
        try {
            payload = PayloadDecoder.DEFAULT.decode(message.payload());
        } catch (PayloadException e) {
            return List.of(refused(message, e.getMessage()));
        }
        List<Order> orders = new ArrayList<>();
        for (Metric metric : payload.metrics()) {
            orders.add(order(target, metric, message));
        }
        return orders;
    }

    private Order order(EdgeDevice target, Metric metric, Message message) {
        String name = metric.name();
        boolean onNode = target == self;
        if (onNode && Births.REBIRTH.equals(name)) {
            return isTrue(metric.value()) ? new Order.Rebirth() : refused(message, name + " is not true");
        }
        if (onNode && Births.NEXT_SERVER.equals(name)) {
            return isTrue(metric.value()) ? new Order.NextServer() : refused(message, name + " is not true");
        }
        boolean rebirthByAlias = metric.alias() != null && metric.alias() == target.controlAlias();
        if (!onNode && (Births.DEVICE_REBIRTH.equals(name) || rebirthByAlias)) {
            return isTrue(metric.value())
                    ? new Order.DeviceRebirth(target.id())
                    : refused(message, Births.DEVICE_REBIRTH + " is not true");
        }
        try {
            boolean acknowledges = StoreAndForward.ACKNOWLEDGED.equals(name)
                    || (metric.alias() != null && metric.alias() == acknowledgedAlias);
            if (onNode && acknowledges) {
                Value position = typed(metric.value(), DataType.INT64);
                return position instanceof Value.Whole whole
                        ? new Order.Acknowledge(whole.value())
                        : refused(message, "a position is not null");
            }
            EdgeMetric known = find(target, metric);
            if (known == null) {
                return refused(message, "there is no metric '" + (name == null ? metric.alias() : name) + "'");
            }
            if (!known.writable()) {
                return refused(message, "metric '" + known.name() + "' is not writable");
            }
            return new Order.Tell(
                    new EdgeEvent.Command(target.id(), known.name(), typed(metric.value(), known.type())));
        } catch (PayloadException e) {
            return refused(message, e.rule());
        }
    }

    private @Nullable EdgeMetric find(EdgeDevice target, Metric metric) {
        if (metric.name() != null) {
            return target.find(metric.name());
        }
        EdgeMetric known = metric.alias() == null ? null : byAlias.get(metric.alias());
        return known != null && target.find(known.name()) == known ? known : null;
    }

    private static Value typed(Value value, DataType type) throws PayloadException {
        Value typed = value instanceof Value.Raw raw ? raw.as(type) : value;
        if (typed instanceof Value.Null) {
            return new Value.Null(type);
        }
        if (typed.type() != type) {
            throw new PayloadException(0, "the value is a " + typed.type() + ", not a " + type);
        }
        return typed;
    }

    private static boolean isTrue(Value value) {
        return (value instanceof Value.Flag flag && flag.value())
                || (value instanceof Value.Raw raw && raw.slot() == Value.Slot.BOOLEAN && raw.bits() != 0);
    }

    private static Order refused(Message message, String reason) {
        return new Order.Tell(new EdgeEvent.CommandRefused(message.topic(), reason));
    }
}
