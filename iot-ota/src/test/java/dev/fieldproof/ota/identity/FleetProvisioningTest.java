package dev.fieldproof.ota.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.key.KeyAlgorithm;
import dev.fieldproof.core.key.MemoryKeyStore;
import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.Faults;
import dev.fieldproof.core.transport.LoopbackBroker;
import dev.fieldproof.core.transport.Transport;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FleetProvisioningTest {
    private static final int DEVICES = 30;

    private final SimClock clock = new SimClock(Instant.parse("2026-03-01T00:00:00Z"));
    private final LoopbackBroker broker = new LoopbackBroker(clock, new SplittableRandom(1));
    private final ClaimLedger ledger = new ClaimLedger();
    private final List<MemoryKeyStore> stores = new ArrayList<>();

    private Transport connected(String name) {
        Transport transport = broker.client();
        CompletableFuture<Boolean> unused = transport.connect(ConnectOptions.of(name));
        return transport;
    }

    private CompletableFuture<ProvisioningResult> claim(int device, Transport transport) {
        return new DeviceClaim(
                        transport,
                        clock,
                        stores.get(device),
                        "device",
                        "site",
                        Map.of("SerialNumber", "S" + device),
                        Duration.ofSeconds(30),
                        100)
                .start();
    }

    @Test
    void aFleetOnABadNetworkWithPowerCutsGetsOneIdentityEach() throws IOException {
        MemoryKeyStore authority = new MemoryKeyStore();
        authority.generate("ca", KeyAlgorithm.P256);
        ClaimPolicy policy =
                new ClaimPolicy("site", "node-", Duration.ofDays(365), DEVICES, parameters -> Optional.empty());
        new ProvisioningService(
                connected("service"), authority, "ca", "CN=Site", policy, ledger, clock, new SplittableRandom(2));
        clock.advance(Duration.ofSeconds(1));
        broker.faults(new Faults(0.1, 0.1, 0.2, Duration.ofMillis(10), Duration.ofMillis(200)));
        List<CompletableFuture<ProvisioningResult>> claims = new ArrayList<>();
        for (int device = 0; device < DEVICES; device++) {
            stores.add(new MemoryKeyStore());
            Transport first = connected("d" + device);
            CompletableFuture<ProvisioningResult> unused = claim(device, first);
            clock.advance(Duration.ofMillis(50L * device));
            broker.kill(first);
            claims.add(claim(device, connected("d" + device + "-again")));
        }
        clock.advance(Duration.ofHours(1));
        Set<String> names = new HashSet<>();
        for (CompletableFuture<ProvisioningResult> claim : claims) {
            assertTrue(claim.isDone());
            names.add(assertInstanceOf(ProvisioningResult.Provisioned.class, claim.join())
                    .thingName());
        }
        assertEquals(DEVICES, names.size());
        assertEquals(DEVICES, ledger.things().size());
        assertEquals(DEVICES, ledger.certificates().size());
    }
}
