package dev.fieldproof.core.transport.mqtt;

import dev.fieldproof.core.contract.TransportContract;
import dev.fieldproof.core.transport.Backoff;
import dev.fieldproof.core.transport.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The contract over a real broker, in both versions of the protocol. */
class MosquittoContractTest {
    @TempDir
    static Path directory;

    private static Mosquitto broker;

    @BeforeAll
    static void startBroker() throws IOException {
        broker = Mosquitto.start(directory);
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) {
            broker.close();
        }
    }

    abstract static class OnMosquitto extends TransportContract {
        private final MqttVersion version;
        private final Map<String, Relay> relays = new ConcurrentHashMap<>();

        OnMosquitto(MqttVersion version) {
            this.version = version;
        }

        @Override
        protected Transport newClient(String clientId) throws IOException {
            Relay relay = relays.computeIfAbsent(clientId, id -> new Relay(broker.port()));
            return MqttTransport.builder(Mosquitto.HOST, relay.port())
                    .version(version)
                    .backoff(new Backoff(Duration.ofMillis(10), Duration.ofMillis(100)))
                    .build();
        }

        @Override
        protected boolean eventually(BooleanSupplier condition) {
            return Mosquitto.poll(condition);
        }

        @Override
        protected void settle() {
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }

        @Override
        protected void cut(String clientId) {
            relays.get(clientId).cut();
        }

        @Override
        protected void restore(String clientId) {
            relays.get(clientId).restore();
        }

        @AfterEach
        void closeRelays() throws IOException {
            for (Relay relay : relays.values()) {
                relay.close();
            }
        }
    }

    @Nested
    class Version5 extends OnMosquitto {
        Version5() {
            super(MqttVersion.V5);
        }
    }

    @Nested
    class Version311 extends OnMosquitto {
        Version311() {
            super(MqttVersion.V3_1_1);
        }
    }
}
