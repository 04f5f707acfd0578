package dev.fieldproof.benchmarks.scenario;

import dev.fieldproof.core.key.KeyAlgorithm;
import dev.fieldproof.core.key.MemoryKeyStore;
import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.Faults;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.ota.identity.ClaimLedger;
import dev.fieldproof.ota.identity.ClaimPolicy;
import dev.fieldproof.ota.identity.DeviceClaim;
import dev.fieldproof.ota.identity.ProvisioningResult;
import dev.fieldproof.ota.identity.ProvisioningService;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Nodes that left the factory alike turn a shared claim into identities of their own, over a bad network. */
final class IdentityStep implements Step {
    private static final String MODULE = "iot-ota";
    private static final String DEVICE_KEY = "device";
    private static final String AUTHORITY_KEY = "ca";
    private static final String TEMPLATE = "site";
    private static final int POWER_CUT_EVERY = 4;
    private static final Faults BAD_NETWORK = new Faults(0.1, 0.1, 0.2, Duration.ofMillis(10), Duration.ofMillis(200));

    @Override
    public Chapter run(Day day) throws IOException {
        int all = day.nodeIds().size();
        ClaimLedger ledger = new ClaimLedger();
        Map<String, MemoryKeyStore> flash = new LinkedHashMap<>();
        List<CompletableFuture<ProvisioningResult>> claims = new ArrayList<>();
        int cut = 0;
        try (MemoryKeyStore authority = new MemoryKeyStore();
                Transport serving = day.connect(ConnectOptions.of("provisioning"))) {
            authority.generate(AUTHORITY_KEY, KeyAlgorithm.P256);
            ProvisioningService service = serve(day, serving, authority, ledger);
            day.broker.faults(BAD_NETWORK);
            for (String id : day.nodeIds()) {
                MemoryKeyStore keys = new MemoryKeyStore();
                flash.put(id, keys);
                Transport link = link(day, id);
                CompletableFuture<ProvisioningResult> claim = claim(day, link, keys, id);
                day.clock.advance(Duration.ofMillis(400));
                if (flash.size() % POWER_CUT_EVERY == 0) {
                    cut++;
                    day.broker.kill(link);
                    claim = claim(day, link(day, id), keys, id);
                }
                claims.add(claim);
            }
            day.clock.advance(Duration.ofHours(1));
            day.broker.faults(Faults.NONE);
            service.close();
        }
        long provisioned = claims.stream()
                .filter(claim -> claim.isDone() && claim.join() instanceof ProvisioningResult.Provisioned)
                .count();
        day.tell(MODULE, provisioned + " nodes have identities of their own");
        return chapter(ledger, flash, provisioned, cut, all);
    }

    private static Chapter chapter(
            ClaimLedger ledger, Map<String, MemoryKeyStore> flash, long provisioned, int cut, int all)
            throws IOException {
        Set<Object> names = new HashSet<>();
        ledger.things().forEach(thing -> names.add(thing.name()));
        int holding = 0;
        for (MemoryKeyStore keys : flash.values()) {
            holding += keys.certificateChain(DEVICE_KEY).size();
        }
        int things = ledger.things().size();
        int certificates = ledger.certificates().size();
        return Chapter.of("A shared claim becomes an identity each", MODULE)
                .figure("network", "10 % lost, 10 % doubled, 20 % out of order")
                .figure("nodes whose power was cut while they claimed", cut)
                .figure("identities issued", things)
                .invariant("every node has its identity", provisioned == all, provisioned + " of " + all)
                .invariant(
                        "no certificate without a node, no name twice",
                        certificates == all && things == all && names.size() == all,
                        certificates + " certificates, " + names.size() + " names")
                .invariant("every node keeps its own key and certificate", holding == all, holding + " of " + all)
                .build();
    }

    private static ProvisioningService serve(Day day, Transport serving, MemoryKeyStore authority, ClaimLedger ledger) {
        ClaimPolicy policy = new ClaimPolicy(
                TEMPLATE, "node-", Duration.ofDays(365), day.nodeIds().size(), parameters -> Optional.empty());
        return new ProvisioningService(
                serving, authority, AUTHORITY_KEY, "CN=Site", policy, ledger, day.clock, day.random("authority"));
    }

    private static Transport link(Day day, String id) {
        Transport link = day.broker.client();
        CompletableFuture<Boolean> unused = link.connect(ConnectOptions.of("claim-" + id));
        return link;
    }

    private static CompletableFuture<ProvisioningResult> claim(
            Day day, Transport link, MemoryKeyStore keys, String id) {
        return new DeviceClaim(
                        link,
                        day.clock,
                        keys,
                        DEVICE_KEY,
                        TEMPLATE,
                        Map.of("SerialNumber", id),
                        Duration.ofSeconds(30),
                        100)
                .start();
    }
}
