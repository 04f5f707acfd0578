/**
 * The service provider interfaces and values that every Fieldproof module shares: {@code Transport}, {@code
 * ArtifactStore} and {@code KeyStore}, each with embedded defaults that need no server, and a simulation kit.
 */
@SuppressWarnings("requires-automatic") // the MQTT and metrics libraries have no descriptors, only names
@org.jspecify.annotations.NullMarked
module dev.fieldproof.core {
    requires static com.hivemq.client.mqtt;
    requires static micrometer.core;
    requires static org.jspecify;
    requires org.slf4j;

    exports dev.fieldproof.core;
    exports dev.fieldproof.core.anomaly;
    exports dev.fieldproof.core.health;
    exports dev.fieldproof.core.health.crash;
    exports dev.fieldproof.core.health.micrometer;
    exports dev.fieldproof.core.health.trend;
    exports dev.fieldproof.core.key;
    exports dev.fieldproof.core.sim;
    exports dev.fieldproof.core.store;
    exports dev.fieldproof.core.transport;
    exports dev.fieldproof.core.transport.mqtt;

    uses dev.fieldproof.core.key.KeyStoreProvider;
    uses dev.fieldproof.core.store.ArtifactStoreProvider;
    uses dev.fieldproof.core.transport.TransportProvider;

    provides dev.fieldproof.core.transport.TransportProvider with
            dev.fieldproof.core.transport.MemoryTransportProvider,
            dev.fieldproof.core.transport.mqtt.MqttTransportProvider;
    provides dev.fieldproof.core.store.ArtifactStoreProvider with
            dev.fieldproof.core.store.DefaultStoreProvider;
    provides dev.fieldproof.core.key.KeyStoreProvider with
            dev.fieldproof.core.key.DefaultKeyStoreProvider;
}
