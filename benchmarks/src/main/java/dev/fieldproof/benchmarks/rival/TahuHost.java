package dev.fieldproof.benchmarks.rival;

import java.util.function.DoubleConsumer;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.tahu.exception.TahuException;
import org.eclipse.tahu.host.CommandPublisher;
import org.eclipse.tahu.host.TahuPayloadHandler;
import org.eclipse.tahu.host.api.MultiHostApplicationEventHandler;
import org.eclipse.tahu.message.SparkplugBPayloadDecoder;
import org.eclipse.tahu.message.model.DeviceDescriptor;
import org.eclipse.tahu.message.model.EdgeNodeDescriptor;
import org.eclipse.tahu.message.model.Message;
import org.eclipse.tahu.message.model.Metric;
import org.eclipse.tahu.message.model.SparkplugBPayload;
import org.eclipse.tahu.message.model.SparkplugDescriptor;
import org.eclipse.tahu.message.model.Topic;
import org.eclipse.tahu.mqtt.MqttClientId;
import org.eclipse.tahu.mqtt.MqttServerName;

/**
 * Eclipse Tahu's host application without its broker: its handler is called directly, on the caller's thread, with the
 * topic already split, and without its queues and its reordering.
 */
public final class TahuHost {
    private final MqttServerName server = new MqttServerName("broker");
    private final MqttClientId client;
    private final TahuPayloadHandler handler;

    /**
     * A host that knows no nodes. Tahu keeps nodes in static fields: all hosts of a process share them.
     *
     * @param numbers told of each value of a data message
     */
    public TahuHost(DoubleConsumer numbers) {
        try {
            client = new MqttClientId("host", false);
        } catch (TahuException e) {
            throw new IllegalStateException(e);
        }
        handler = new TahuPayloadHandler(new Values(numbers), new NoCommands(), new SparkplugBPayloadDecoder());
    }

    /**
     * Takes one message.
     *
     * @param topic its name
     * @param levels the name's levels
     * @param payload the message's bytes
     */
    public void received(String topic, String[] levels, byte[] payload) {
        handler.handlePayload(topic, levels, new MqttMessage(payload), server, client);
    }

    private static final class NoCommands implements CommandPublisher {
        @Override
        public void publishCommand(Topic topic, SparkplugBPayload payload) {
            throw new IllegalStateException("a host that follows asks for nothing");
        }

        @Override
        public void publishCommand(MqttServerName server, Topic topic, SparkplugBPayload payload) {
            throw new IllegalStateException("a host that follows asks for nothing");
        }
    }

    private record Values(DoubleConsumer numbers) implements MultiHostApplicationEventHandler {
        @Override
        public void onDataMetric(MqttServerName server, SparkplugDescriptor from, Metric metric) {
            numbers.accept((double) metric.getValue());
        }

        @Override
        public void onConnect(MqttServerName server) {}

        @Override
        public void onDisconnect(MqttServerName server) {}

        @Override
        public void onMessage(MqttServerName server, SparkplugDescriptor from, Message message) {}

        @Override
        public void onNodeBirthArrived(MqttServerName server, EdgeNodeDescriptor node, Message message) {}

        @Override
        public void onNodeBirthComplete(MqttServerName server, EdgeNodeDescriptor node) {}

        @Override
        public void onNodeDataArrived(MqttServerName server, EdgeNodeDescriptor node, Message message) {}

        @Override
        public void onNodeDataComplete(MqttServerName server, EdgeNodeDescriptor node) {}

        @Override
        public void onNodeDeath(MqttServerName server, EdgeNodeDescriptor node, Message message) {}

        @Override
        public void onNodeDeathComplete(MqttServerName server, EdgeNodeDescriptor node) {}

        @Override
        public void onDeviceBirthArrived(MqttServerName server, DeviceDescriptor device, Message message) {}

        @Override
        public void onDeviceBirthComplete(MqttServerName server, DeviceDescriptor device) {}

        @Override
        public void onDeviceDataArrived(MqttServerName server, DeviceDescriptor device, Message message) {}

        @Override
        public void onDeviceDataComplete(MqttServerName server, DeviceDescriptor device) {}

        @Override
        public void onDeviceDeath(MqttServerName server, DeviceDescriptor device, Message message) {}

        @Override
        public void onDeviceDeathComplete(MqttServerName server, DeviceDescriptor device) {}

        @Override
        public void onBirthMetric(MqttServerName server, SparkplugDescriptor from, Metric metric) {}

        @Override
        public void onStale(MqttServerName server, SparkplugDescriptor from, Metric metric) {}
    }
}
