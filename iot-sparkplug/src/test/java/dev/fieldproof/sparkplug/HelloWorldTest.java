package dev.fieldproof.sparkplug;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.sparkplug.edge.EdgeNode;
import dev.fieldproof.sparkplug.host.HostApplication;
import dev.fieldproof.sparkplug.host.HostEvent;
import dev.fieldproof.sparkplug.payload.Value;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the package's documentation begins with, as it stands there but for the address. */
class HelloWorldTest {
    private static final URI BROKER = URI.create("memory:/hello");

    @Test
    void aNodeOfFiveLinesIsHeardByAHostOfFour() throws InterruptedException {
        CountDownLatch heard = new CountDownLatch(1);
        try (HostApplication host = HostApplication.builder("SCADA", TransportSource.of(BROKER))
                        .onEvent(event -> {
                            if (event instanceof HostEvent.Sample sample
                                    && sample.value().equals(Value.of(21.0))) {
                                heard.countDown();
                            }
                        })
                        .build();
                EdgeNode node = EdgeNode.builder("Plant", "Line 1", TransportSource.of(BROKER))
                        .metric("Temperature", Value.of(20.5))
                        .build()) {
            host.start();
            node.start();
            node.metric("Temperature").set(21.0);
            assertTrue(heard.await(30, TimeUnit.SECONDS));
        }
    }
}
