package dev.fieldproof.ota.site;

import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.Subscription;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonReader;
import dev.fieldproof.ota.record.RecordStore;
import dev.fieldproof.ota.record.RecordStore.Table;
import dev.fieldproof.ota.record.RecordStore.Transaction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Upstream's side of reconciliation: takes the outcomes of any number of sites, each exactly once and in order, however
 * often and in whatever order the messages come, and whenever either side loses its power. Thread-safe.
 */
public final class OutcomeCollector implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutcomeCollector.class);
    private static final TopicFilter ALL = new TopicFilter("fieldproof/site/+/outcomes");
    private static final int SITE_LEVEL = 2;

    /** What a wrong collector would do; a test has to find each. */
    enum Mutant {
        /** Takes whatever comes as new. */
        NO_NUMBERS,
        /** Takes what comes behind a gap. */
        GAPS_TAKEN
    }

    private final Transport transport;
    private final RecordStore store;
    private final Subscription subscription;

    /**
     * Begins to take outcomes.
     *
     * @param transport connected, stays the caller's; its broker says who may publish under which site's name
     * @param store upstream's records, stay the caller's
     */
    public OutcomeCollector(Transport transport, RecordStore store) {
        this.transport = transport;
        this.store = store;
        subscription = transport.subscribe(ALL, Qos.AT_LEAST_ONCE, this::heard);
    }

    /**
     * One outcome of a site.
     *
     * @param site the site's name
     * @param number from 1, in the order of the site
     * @param device which device
     * @param version of the software that it was told to install
     * @param end how it ended: the name of a {@link Deployments.ActionState}
     * @param atMillis when, by the site's clock
     */
    public record Outcome(String site, long number, String device, String version, String end, long atMillis) {}

    static String topic(String site) {
        return "fieldproof/site/" + site + "/outcomes";
    }

    private void heard(Message message) {
        String site = message.topic().split("/", -1)[SITE_LEVEL];
        try {
            byte[] answer = take(store, site, message.payload(), EnumSet.noneOf(Mutant.class));
            CompletableFuture<Void> unused = transport
                    .publish(new Message(message.topic() + "/accepted", answer, Qos.AT_LEAST_ONCE, false))
                    .whenComplete((sent, failure) -> {
                        if (failure != null) {
                            LOG.debug("site {} was not answered; it will ask again", site, failure);
                        }
                    });
        } catch (JsonException e) {
            LOG.warn("the site {} sent what is no list of outcomes: {}", site, e.getMessage());
        } catch (IOException e) {
            LOG.error("outcomes of the site {} could not be kept; it will send them again", site, e);
        }
    }

    /** Keeps what is new, durably, and says how far the site's outcomes have come. */
    static byte[] take(RecordStore store, String site, byte[] batch, Set<Mutant> mutants)
            throws IOException, JsonException {
        JsonObject object = JsonReader.object(batch);
        String instance = object.text("instance");
        long from = object.whole("from", 1);
        List<JsonObject> outcomes = object.objects("outcomes");
        if (!instance.matches("[0-9a-f]{1,64}") || site.length() > 100 || outcomes.size() > Outbox.MAX_BATCH) {
            throw object.broken("an instance in hexadecimal, and at most " + Outbox.MAX_BATCH + " outcomes");
        }
        String key = site + "\n" + instance;
        long have = store.transact(records -> {
            long known = known(records, key);
            long first = mutants.contains(Mutant.NO_NUMBERS) ? known + 1 : from;
            if (first > known + 1 && !mutants.contains(Mutant.GAPS_TAKEN)) {
                return known; // the site goes on from there
            }
            for (int i = 0; i < outcomes.size(); i++) {
                if (first + i > known) {
                    known = first + i;
                    records.put(
                            Table.SITE_OUTCOME,
                            key + "\n" + Outbox.key(known),
                            outcomes.get(i).toString());
                }
            }
            records.put(
                    Table.SITE_PROGRESS,
                    key,
                    JsonObject.builder().put("have", known).build().toString());
            return known;
        });
        return JsonObject.builder()
                .put("instance", instance)
                .put("have", have)
                .build()
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    private static long known(Transaction records, String key) throws IOException {
        Optional<String> json = records.get(Table.SITE_PROGRESS, key);
        try {
            return json.isEmpty()
                    ? 0
                    : JsonReader.object(json.get().getBytes(StandardCharsets.UTF_8))
                            .whole("have", 0);
        } catch (JsonException e) {
            throw new IOException("a damaged record of how far a site is", e);
        }
    }

    /**
     * What a site has sent, oldest first.
     *
     * @param store upstream's records
     * @param site the site's name
     * @return all of it
     * @throws IOException if the storage fails
     */
    public static List<Outcome> outcomes(RecordStore store, String site) throws IOException {
        List<Outcome> all = new ArrayList<>();
        String after = site + "\n";
        while (true) {
            String from = after;
            List<RecordStore.Entry> page =
                    store.transact(records -> records.list(Table.SITE_OUTCOME, from, RecordStore.MAX_LIST));
            for (RecordStore.Entry entry : page) {
                if (!entry.key().startsWith(site + "\n")) {
                    return all;
                }
                all.add(outcome(site, entry));
            }
            if (page.isEmpty()) {
                return all;
            }
            after = page.get(page.size() - 1).key();
        }
    }

    private static Outcome outcome(String site, RecordStore.Entry entry) throws IOException {
        try {
            JsonObject object = JsonReader.object(entry.json().getBytes(StandardCharsets.UTF_8));
            long number = Long.parseLong(entry.key().substring(entry.key().lastIndexOf('\n') + 1));
            return new Outcome(
                    site,
                    number,
                    object.text("device"),
                    object.text("version"),
                    object.text("end"),
                    object.whole("atMillis", 0));
        } catch (JsonException e) {
            throw new IOException("a damaged record of an outcome", e);
        }
    }

    /** Takes no more outcomes. */
    @Override
    public void close() {
        subscription.close();
    }
}
