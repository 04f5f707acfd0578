package dev.fieldproof.ota.site;

import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonReader;
import dev.fieldproof.ota.record.RecordStore.Table;
import dev.fieldproof.ota.record.RecordStore.Transaction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * That a site decides only what upstream lets it decide. Judges within the transaction that keeps the decision, so that
 * no policy changes in between. Immutable.
 *
 * @param site the site's name, as its policies say it
 * @param target under which upstream publishes its policy
 */
public record Governance(String site, String target) {
    private static final String CURRENT = "current";
    /** For what began by itself: it needs a grant, whoever has it. */
    static final String ANYONE = "";

    /**
     * Checks the names.
     *
     * @throws IllegalArgumentException if one is empty
     */
    public Governance {
        if (site.isEmpty() || target.isEmpty()) {
            throw new IllegalArgumentException("a site '" + site + "' with a policy '" + target + "'");
        }
    }

    static Optional<SitePolicy> policy(Transaction records) throws IOException {
        Optional<String> json = records.get(Table.POLICY, CURRENT);
        try {
            return json.isEmpty()
                    ? Optional.empty()
                    : Optional.of(SitePolicy.parse(json.get().getBytes(StandardCharsets.UTF_8)));
        } catch (MalformedPolicyException e) {
            throw new IOException("a damaged record of the site's policy", e);
        }
    }

    private static Verdict none() {
        return new Verdict.Refused(Verdict.Rule.NO_POLICY, "upstream has signed no policy for this site");
    }

    /** Whether anything may go on at all. */
    Verdict holds(Transaction records, Instant now) throws IOException {
        Optional<SitePolicy> policy = policy(records);
        return policy.isEmpty() ? none() : policy.get().holds(site, now);
    }

    /**
     * Whether a wave may go: the devices that the phases up to it reach. A wave that belongs to no order is judged by
     * its own name.
     */
    Verdict judge(Transaction records, String wave, String who, Instant now) throws IOException {
        Optional<SitePolicy> policy = policy(records);
        if (policy.isEmpty()) {
            return none();
        }
        int slash = wave.lastIndexOf('/');
        Optional<String> json = slash < 1 ? Optional.empty() : records.get(Table.ROLLOUT, wave.substring(0, slash));
        if (json.isEmpty()) {
            return policy.get().judge(site, who, wave, 0, now);
        }
        RolloutOrder order = order(json.get());
        int phase = Integer.parseInt(wave.substring(slash + 1));
        return policy.get().judge(site, who, order.target(), reached(order, phase), now);
    }

    private static RolloutOrder order(String json) throws IOException {
        try {
            JsonObject object = JsonReader.object(json.getBytes(StandardCharsets.UTF_8));
            return RolloutOrder.of(object, List.of());
        } catch (JsonException | IllegalArgumentException e) {
            throw new IOException("a damaged record of a rollout", e);
        }
    }

    /** How many devices have the update by the end of a phase, from 1. */
    private static int reached(RolloutOrder order, int phase) {
        int percent = phase < 1 || phase > order.phases().size()
                ? 100
                : order.phases().get(phase - 1).percent();
        return (int) ((order.devices().size() * (long) percent + 99) / 100);
    }

    /** Whether an order may stand: as far as its phases begin without an approval. */
    Verdict judge(Transaction records, RolloutOrder order, String who, Instant now) throws IOException {
        Optional<SitePolicy> policy = policy(records);
        if (policy.isEmpty()) {
            return none();
        }
        int alone = 0;
        for (int phase = 1; phase <= order.phases().size(); phase++) {
            alone = order.phases().get(phase - 1).approval() ? alone : reached(order, phase);
        }
        return policy.get().judge(site, who, order.target(), alone, now);
    }

    /** Keeps a policy unless it is older than what is there; whether it did. */
    static boolean keep(Transaction records, SitePolicy policy) throws IOException {
        Optional<SitePolicy> known = policy(records);
        if (known.isPresent() && policy.version() <= known.get().version()) {
            return false;
        }
        records.put(Table.POLICY, CURRENT, new String(policy.json(), StandardCharsets.UTF_8));
        return true;
    }
}
