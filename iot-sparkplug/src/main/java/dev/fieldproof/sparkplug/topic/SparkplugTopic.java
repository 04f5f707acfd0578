package dev.fieldproof.sparkplug.topic;

import dev.fieldproof.sparkplug.EdgeNodeDescriptor;
import dev.fieldproof.sparkplug.SparkplugId;

/** A topic of the namespace {@code spBv1.0} (Sparkplug 3.0, section 4.1). Immutable. */
public sealed interface SparkplugTopic {
    /** The first level of every topic. */
    String NAMESPACE = "spBv1.0";

    /**
     * The topic name.
     *
     * @return levels joined by slashes
     */
    String name();

    /**
     * A topic of an edge node.
     *
     * @param type one for which {@link MessageType#isDevice()} is false
     * @param node the edge node
     */
    record Node(MessageType type, EdgeNodeDescriptor node) implements SparkplugTopic {
        /**
         * Checks the type.
         *
         * @throws IllegalArgumentException if it needs a device
         */
        public Node {
            if (type.isDevice()) {
                throw new IllegalArgumentException(type + " needs a device");
            }
        }

        @Override
        public String name() {
            return NAMESPACE + "/" + node.groupId() + "/" + type + "/" + node.edgeNodeId();
        }
    }

    /**
     * A topic of a device.
     *
     * @param type one for which {@link MessageType#isDevice()} is true
     * @param node the edge node it is attached to
     * @param deviceId the device
     */
    record Device(MessageType type, EdgeNodeDescriptor node, String deviceId) implements SparkplugTopic {
        /**
         * Checks type and identifier.
         *
         * @throws IllegalArgumentException if the type knows no device or the identifier breaks a rule
         */
        public Device {
            if (!type.isDevice()) {
                throw new IllegalArgumentException(type + " knows no device");
            }
            SparkplugId.require("device id", deviceId);
        }

        @Override
        public String name() {
            return NAMESPACE + "/" + node.groupId() + "/" + type + "/" + node.edgeNodeId() + "/" + deviceId;
        }
    }

    /**
     * The topic on which a host application tells whether it is online.
     *
     * @param hostId the host application
     */
    record State(String hostId) implements SparkplugTopic {
        /**
         * Checks the identifier.
         *
         * @throws IllegalArgumentException if it breaks a rule
         */
        public State {
            SparkplugId.require("host id", hostId);
        }

        @Override
        public String name() {
            return NAMESPACE + "/STATE/" + hostId;
        }
    }

    /**
     * A topic that is not of this namespace, or breaks its rules.
     *
     * @param name the topic name
     * @param rule what should have held
     */
    record Foreign(String name, String rule) implements SparkplugTopic {}

    /**
     * Reads a topic name.
     *
     * @param name an MQTT topic name
     * @return its parts, or {@link Foreign}
     */
    static SparkplugTopic parse(String name) {
        String[] levels = name.split("/", 6);
        if (!levels[0].equals(NAMESPACE)) {
            return new Foreign(name, "the first level is " + NAMESPACE);
        }
        for (int i = 1; i < levels.length; i++) {
            String broken = SparkplugId.brokenRule(levels[i]);
            if (broken != null) {
                return new Foreign(name, "level " + i + " " + broken);
            }
        }
        if (levels.length == 3 && levels[1].equals("STATE")) {
            return new State(levels[2]);
        }
        if (levels.length < 4 || levels.length > 5) {
            return new Foreign(name, "a topic has 4 levels for an edge node and 5 for a device");
        }
        MessageType type;
        try {
            type = MessageType.valueOf(levels[2]);
        } catch (IllegalArgumentException e) {
            return new Foreign(name, "'" + levels[2] + "' is no message type");
        }
        if (type.isDevice() != (levels.length == 5)) {
            return new Foreign(name, type + (type.isDevice() ? " needs a device" : " knows no device"));
        }
        EdgeNodeDescriptor node = new EdgeNodeDescriptor(levels[1], levels[3]);
        return type.isDevice() ? new Device(type, node, levels[4]) : new Node(type, node);
    }
}
