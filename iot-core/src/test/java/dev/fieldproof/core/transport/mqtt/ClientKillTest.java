package dev.fieldproof.core.transport.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.Transport;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the contract cannot ask for: a killed client. */
class ClientKillTest {
    @TempDir
    Path directory;

    @Test
    void theWillOfAKilledProcessIsPublished() throws Exception {
        try (Mosquitto broker = Mosquitto.start(directory);
                Transport receiver =
                        MqttTransport.builder(Mosquitto.HOST, broker.port()).build()) {
            List<String> wills = new ArrayList<>();
            receiver.connect(ConnectOptions.of("receiver")).get(60, TimeUnit.SECONDS);
            CompletableFuture<Void> heard = new CompletableFuture<>();
            receiver.subscribe(new TopicFilter("will"), Qos.AT_LEAST_ONCE, m -> {
                        wills.add(new String(m.payload(), UTF_8));
                        heard.complete(null);
                    })
                    .granted()
                    .get(60, TimeUnit.SECONDS);
            Process forked = ForkedClient.fork("tcp://" + Mosquitto.HOST + ":" + broker.port());
            try (BufferedReader output = forked.inputReader(UTF_8)) {
                assertEquals("connected", output.readLine());
            } finally {
                forked.destroyForcibly();
            }
            heard.get(30, TimeUnit.SECONDS);
            assertEquals(List.of("killed"), wills);
        }
    }
}
