package dev.fieldproof.ota.site;

import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonReader;
import dev.fieldproof.ota.json.JsonValue;
import dev.fieldproof.ota.record.RecordStore;
import dev.fieldproof.ota.record.RecordStore.Table;
import dev.fieldproof.ota.record.RecordStore.Transaction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Outcomes of a site, numbered from 1 in the transaction that records each, and kept until upstream says that it has
 * them. The numbers belong to this copy of the records: an instance, named at random when it begins. Thread-safe.
 */
final class Outbox {
    static final int MAX_BATCH = 50;

    private static final String MINE = "mine";
    private static final int INSTANCE_BYTES = 12;

    /** What a wrong outbox would do; a test has to find each. */
    enum Mutant {
        /** What was sent is forgotten before upstream said that it has it. */
        FORGOTTEN_WHEN_SENT,
        /** How far upstream is is not kept. */
        PROGRESS_NOT_KEPT
    }

    private final RecordStore store;
    private final Set<Mutant> mutants;

    Outbox(RecordStore store) {
        this(store, EnumSet.noneOf(Mutant.class));
    }

    Outbox(RecordStore store, Set<Mutant> mutants) {
        this.store = store;
        this.mutants = mutants;
    }

    private record Progress(String instance, long acknowledged) {
        String json() {
            return JsonObject.builder()
                    .put("instance", instance)
                    .put("acknowledged", acknowledged)
                    .build()
                    .toString();
        }

        static Optional<Progress> of(Transaction records) throws IOException {
            Optional<String> json = records.get(Table.SITE_PROGRESS, MINE);
            return json.isEmpty() ? Optional.empty() : Optional.of(read(json.get()));
        }

        private static Progress read(String json) throws IOException {
            try {
                JsonObject object = JsonReader.object(json.getBytes(StandardCharsets.UTF_8));
                return new Progress(object.text("instance"), object.whole("acknowledged", 0));
            } catch (JsonException e) {
                throw new IOException("a damaged record of what upstream has", e);
            }
        }
    }

    static String key(long number) {
        return String.format(Locale.ROOT, "%019d", number);
    }

    /** Puts an outcome behind the others. */
    static void add(Transaction records, RandomGenerator random, JsonObject outcome) throws IOException {
        Optional<Progress> progress = Progress.of(records);
        if (progress.isEmpty()) {
            byte[] name = new byte[INSTANCE_BYTES];
            random.nextBytes(name);
            records.put(Table.SITE_PROGRESS, MINE, new Progress(HexFormat.of().formatHex(name), 0).json());
        }
        records.put(
                Table.OUTBOX,
                key(last(records, progress.map(Progress::acknowledged).orElse(0L)) + 1),
                outcome.toString());
    }

    private static long last(Transaction records, long acknowledged) throws IOException {
        Optional<RecordStore.Entry> last = records.last(Table.OUTBOX);
        return last.isEmpty() ? acknowledged : Long.parseLong(last.get().key());
    }

    /** How many wait. */
    long waiting() throws IOException {
        return store.transact(records -> {
            long acknowledged = Progress.of(records).map(Progress::acknowledged).orElse(0L);
            return last(records, acknowledged) - acknowledged;
        });
    }

    /** The oldest outcomes that upstream has not said to have; empty if it has all. */
    Optional<byte[]> next() throws IOException {
        return store.transact(records -> {
            Optional<Progress> progress = Progress.of(records);
            List<RecordStore.Entry> waiting = records.list(
                    Table.OUTBOX, key(progress.map(Progress::acknowledged).orElse(0L)), MAX_BATCH);
            if (waiting.isEmpty()) {
                return Optional.empty();
            }
            List<JsonValue> outcomes = new ArrayList<>();
            for (RecordStore.Entry entry : waiting) {
                outcomes.add(outcome(entry.json()));
            }
            if (mutants.contains(Mutant.FORGOTTEN_WHEN_SENT)) {
                forget(
                        records,
                        progress.orElseThrow(),
                        Long.parseLong(waiting.get(waiting.size() - 1).key()));
            }
            return Optional.of(JsonObject.builder()
                    .put("instance", progress.orElseThrow().instance())
                    .put("from", Long.parseLong(waiting.get(0).key()))
                    .put("outcomes", new JsonValue.Array(outcomes))
                    .build()
                    .toString()
                    .getBytes(StandardCharsets.UTF_8));
        });
    }

    private static JsonObject outcome(String json) throws IOException {
        try {
            return JsonReader.object(json.getBytes(StandardCharsets.UTF_8));
        } catch (JsonException e) {
            throw new IOException("a damaged record of an outcome", e);
        }
    }

    private void forget(Transaction records, Progress progress, long have) throws IOException {
        List<RecordStore.Entry> waiting =
                records.list(Table.OUTBOX, key(progress.acknowledged()), RecordStore.MAX_LIST);
        for (RecordStore.Entry entry : waiting) {
            if (Long.parseLong(entry.key()) <= have) {
                records.delete(Table.OUTBOX, entry.key());
            }
        }
        if (!mutants.contains(Mutant.PROGRESS_NOT_KEPT)) {
            records.put(Table.SITE_PROGRESS, MINE, new Progress(progress.instance(), have).json());
        }
    }

    /**
     * Takes what upstream says to have; said again, late or of another instance it changes nothing. More than was ever
     * numbered means that these records are an old copy, and nothing more can be sent without harm.
     */
    boolean acknowledged(byte[] answer) throws IOException, JsonException {
        JsonObject object = JsonReader.object(answer);
        String instance = object.text("instance");
        long have = object.whole("have", 0);
        return store.transact(records -> {
            Optional<Progress> progress = Progress.of(records);
            if (progress.isEmpty()
                    || !progress.get().instance().equals(instance)
                    || have <= progress.get().acknowledged()) {
                return true;
            }
            if (have > last(records, progress.get().acknowledged())) {
                return false;
            }
            forget(records, progress.get(), have);
            return true;
        });
    }
}
