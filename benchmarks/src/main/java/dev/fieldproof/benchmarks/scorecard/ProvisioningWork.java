package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.core.key.MemoryKeyStore;
import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.LoopbackBroker;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.ota.identity.ClaimEnumeration;
import dev.fieldproof.ota.identity.ClaimLedger;
import dev.fieldproof.ota.identity.ClaimPolicy;
import dev.fieldproof.ota.identity.DeviceClaim;
import dev.fieldproof.ota.identity.IssuerKeyStore;
import dev.fieldproof.ota.identity.ProvisioningService;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Identities by claim: how many the service issues, and every schedule in a small scope. */
final class ProvisioningWork {
    private static final int DEVICES = 1_000;
    private static final int ROUNDS = 6;
    private static final String CREATE = "$aws/certificates/create-from-csr/json";
    private static final String REGISTER = "$aws/provisioning-templates/site/provision/json";
    private static final Pattern TOKEN = Pattern.compile("\"certificateOwnershipToken\":\"([^\"]+)\"");
    /** Devices, losses, doubles, device cuts, service cuts, expiries, early retries. */
    private static final List<ClaimEnumeration.Scope> SCOPES = List.of(
            new ClaimEnumeration.Scope(1, 1, 1, 0, 1, 1, 0),
            new ClaimEnumeration.Scope(1, 2, 0, 2, 0, 0, 1),
            new ClaimEnumeration.Scope(1, 0, 0, 2, 2, 1, 0),
            new ClaimEnumeration.Scope(2, 1, 0, 0, 1, 0, 0));

    private ProvisioningWork() {}

    @SuppressWarnings("FutureReturnValueIgnored") // failing throws in the callback, within the advance of the clock
    private static Transport connected(LoopbackBroker broker, SimClock clock, String name) {
        Transport transport = broker.client();
        transport.connect(ConnectOptions.of(name)).whenComplete((present, failure) -> {
            if (failure != null) {
                throw new IllegalStateException(name, failure);
            }
        });
        clock.advance(Duration.ofSeconds(1));
        return transport;
    }

    /** Signing requests as devices send them; nobody answers yet. */
    @SuppressWarnings("FutureReturnValueIgnored") // nobody answers
    private static List<byte[]> requests(int devices) {
        SimClock clock = new SimClock(Instant.EPOCH);
        LoopbackBroker broker = new LoopbackBroker(clock, new SplittableRandom(1));
        List<byte[]> requests = new ArrayList<>();
        connected(broker, clock, "tap")
                .subscribe(new TopicFilter(CREATE), Qos.AT_LEAST_ONCE, message -> requests.add(message.payload()));
        clock.runUntilIdle(100);
        for (int i = 0; i < devices; i++) {
            new DeviceClaim(
                            connected(broker, clock, "d" + i),
                            clock,
                            new MemoryKeyStore(),
                            "device",
                            "site",
                            Map.of("SerialNumber", "S" + i),
                            Duration.ofDays(1),
                            2)
                    .start();
            clock.advance(Duration.ofSeconds(1)); // long before it would ask again
        }
        if (requests.size() != devices) {
            throw new IllegalStateException(requests.size() + " requests of " + devices);
        }
        return requests;
    }

    /** Identities for each second of CPU time of the service: verify the request, sign, register; the best of five. */
    static double perSecond() throws IOException, GeneralSecurityException {
        List<byte[]> requests = requests(DEVICES);
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
        double best = 0;
        for (int round = 0; round < ROUNDS; round++) {
            best = Math.max(best, round(requests, key));
        }
        return best;
    }

    private static double round(List<byte[]> requests, byte[] key) throws IOException {
        SimClock clock = new SimClock(Instant.EPOCH);
        LoopbackBroker broker = new LoopbackBroker(clock, new SplittableRandom(1));
        IssuerKeyStore authority = IssuerKeyStore.of("ca", key, List.of());
        ClaimLedger ledger = new ClaimLedger();
        ClaimPolicy policy =
                new ClaimPolicy("site", "node-", Duration.ofDays(365), requests.size(), unused -> Optional.empty());
        Transport device = connected(broker, clock, "devices");
        List<String> tokens = new ArrayList<>();
        device.subscribe(new TopicFilter(CREATE + "/accepted"), Qos.AT_LEAST_ONCE, message -> {
            Matcher token = TOKEN.matcher(new String(message.payload(), StandardCharsets.UTF_8));
            if (token.find()) {
                tokens.add(token.group(1));
            }
        });
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        ProvisioningService service = new ProvisioningService(
                connected(broker, clock, "service"),
                authority,
                "ca",
                "CN=Site",
                policy,
                ledger,
                clock,
                new SplittableRandom(2));
        for (byte[] request : requests) {
            send(device, clock, CREATE, request);
        }
        for (int i = 0; i < tokens.size(); i++) {
            String body = "{\"certificateOwnershipToken\":\"" + tokens.get(i)
                    + "\",\"parameters\":{\"SerialNumber\":\"S" + i + "\"}}";
            send(device, clock, REGISTER, body.getBytes(StandardCharsets.UTF_8));
        }
        service.close();
        long spent = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
        if (ledger.things().size() != requests.size()) {
            throw new IllegalStateException(ledger.things().size() + " identities for " + requests.size());
        }
        return requests.size() * 1e9 / spent;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // as above
    private static void send(Transport device, SimClock clock, String topic, byte[] payload) {
        device.publish(new Message(topic, payload, Qos.AT_LEAST_ONCE, false)).whenComplete((sent, failure) -> {
            if (failure != null) {
                throw new IllegalStateException(topic, failure);
            }
        });
        clock.runUntilIdle(1000);
    }

    /** Schedules that were played, if none left an orphan or a double name; else 0. */
    static double schedules() throws IOException {
        long schedules = 0;
        for (ClaimEnumeration.Scope scope : SCOPES) {
            ClaimEnumeration.Tally tally = ClaimEnumeration.run(scope, Long.MAX_VALUE);
            if (tally.bad() > 0) {
                return 0;
            }
            schedules += tally.schedules();
        }
        return schedules;
    }
}
