package dev.fieldproof.core.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.fieldproof.core.contract.TransportContract;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** The contract on the in-process broker in real time, found by address. */
class MemoryTransportContractTest extends TransportContract {
    private static final URI HERE = URI.create("memory:/contract");

    @Override
    protected Transport newClient(String clientId) throws IOException {
        return Transport.open(HERE);
    }

    @Override
    protected boolean eventually(BooleanSupplier condition) {
        for (int i = 0; i < 30_000 && !condition.getAsBoolean(); i++) {
            LockSupport.parkNanos(1_000_000);
        }
        return condition.getAsBoolean();
    }

    @Override
    protected void settle() {
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }

    @Override
    protected void cut(String clientId) {
        MemoryTransportProvider.broker("contract").cut(clientId);
    }

    @Override
    protected void restore(String clientId) {
        MemoryTransportProvider.broker("contract").restore(clientId);
    }

    @Test
    void brokersOfOtherNamesAreOtherBrokers() throws Exception {
        CompletableFuture<Message> heard = new CompletableFuture<>();
        try (Transport sender = Transport.open(URI.create("memory:/one"));
                Transport same = Transport.open(URI.create("memory:/one"));
                Transport other = Transport.open(URI.create("memory:/two"))) {
            CompletableFuture<Message> misheard = new CompletableFuture<>();
            for (Transport each : List.of(sender, same, other)) {
                each.connect(ConnectOptions.of("c" + each.hashCode())).get(60, TimeUnit.SECONDS);
            }
            same.subscribe(new TopicFilter("t"), Qos.AT_LEAST_ONCE, heard::complete)
                    .granted()
                    .get(60, TimeUnit.SECONDS);
            other.subscribe(new TopicFilter("t"), Qos.AT_LEAST_ONCE, misheard::complete)
                    .granted()
                    .get(60, TimeUnit.SECONDS);
            Message message = new Message("t", new byte[1], Qos.AT_LEAST_ONCE, false);
            sender.publish(message).get(60, TimeUnit.SECONDS);
            assertEquals(message, heard.get(60, TimeUnit.SECONDS));
            assertFalse(misheard.isDone());
        }
    }

    @Test
    void otherAddressesAreRefused() {
        for (String bad : List.of("memory:x", "memory:/", "memory://host/x", "memory:/x?y")) {
            assertThrows(IllegalArgumentException.class, () -> open(bad), bad);
        }
    }

    private static void open(String address) throws IOException {
        Transport.open(URI.create(address)).close();
    }
}
