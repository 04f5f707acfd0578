package dev.fieldproof.ota.site;

import dev.fieldproof.core.Digest;
import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonReader;
import dev.fieldproof.ota.record.RecordStore;
import dev.fieldproof.ota.record.RecordStore.Table;
import dev.fieldproof.ota.record.RecordStore.Transaction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Who did what, in a chain of hashes: nothing can be changed or left out without breaking it. A line is written in the
 * transaction of what it tells of. Thread-safe.
 */
public final class AuditLog {
    private static final Digest START = Digest.sha256(new byte[0]);
    private static final int MAX_CHARS = 2000;

    private final RecordStore store;

    /**
     * Goes on with what a store holds.
     *
     * @param store stays the caller's
     */
    public AuditLog(RecordStore store) {
        this.store = store;
    }

    /**
     * One line of the log.
     *
     * @param at when
     * @param who did it
     * @param what was done
     * @param chain SHA-256 over the chain of the line before and this line
     */
    public record Entry(Instant at, String who, String what, Digest chain) {
        private String json() {
            return JsonObject.builder()
                    .put("at", at.toString())
                    .put("who", who)
                    .put("what", what)
                    .put("chain", chain.hex())
                    .build()
                    .toString();
        }

        private static Entry of(RecordStore.Entry record) throws IOException {
            try {
                JsonObject object = JsonReader.object(record.json().getBytes(StandardCharsets.UTF_8));
                return new Entry(
                        Instant.parse(object.text("at")),
                        object.text("who"),
                        object.text("what"),
                        Digest.of(HexFormat.of().parseHex(object.text("chain"))));
            } catch (JsonException | DateTimeException | IllegalArgumentException e) {
                throw new IOException("line " + record.key() + " of the audit log is damaged", e);
            }
        }
    }

    /** Appends a line within a transaction; what is too long is cut. */
    static void add(Transaction records, Instant at, String who, String what) throws IOException {
        Optional<RecordStore.Entry> last = records.last(Table.AUDIT);
        long number = last.isEmpty() ? 0 : Long.parseLong(last.get().key()) + 1;
        Digest before = last.isEmpty() ? START : Entry.of(last.get()).chain();
        String name = who.substring(0, Math.min(who.length(), MAX_CHARS));
        String line = what.substring(0, Math.min(what.length(), MAX_CHARS));
        records.put(Table.AUDIT, key(number), new Entry(at, name, line, link(before, at, name, line)).json());
    }

    private static String key(long number) {
        return String.format(Locale.ROOT, "%019d", number);
    }

    private static Digest link(Digest before, Instant at, String who, String what) {
        String line = before.hex() + '\n' + at + '\n' + who.length() + ' ' + who + '\n' + what;
        return Digest.sha256(line.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The log.
     *
     * @return all of it, oldest first
     * @throws IOException if the storage fails, or a line is damaged
     */
    public List<Entry> entries() throws IOException {
        List<Entry> entries = new ArrayList<>();
        String after = "";
        while (true) {
            String from = after;
            List<RecordStore.Entry> page =
                    store.transact(records -> records.list(Table.AUDIT, from, RecordStore.MAX_LIST));
            if (page.isEmpty()) {
                return entries;
            }
            for (RecordStore.Entry record : page) {
                entries.add(Entry.of(record));
            }
            after = page.get(page.size() - 1).key();
        }
    }

    /**
     * The end of the log.
     *
     * @param count how many lines at most, 1 to {@value RecordStore#MAX_LIST}
     * @return oldest first
     * @throws IOException if the storage fails, or a line is damaged
     */
    public List<Entry> latest(int count) throws IOException {
        List<RecordStore.Entry> page = store.transact(records -> {
            Optional<RecordStore.Entry> last = records.last(Table.AUDIT);
            long from = last.isEmpty() ? 0 : Long.parseLong(last.get().key()) - count;
            return records.list(Table.AUDIT, from < 0 ? "" : key(from), count);
        });
        List<Entry> entries = new ArrayList<>();
        for (RecordStore.Entry record : page) {
            entries.add(Entry.of(record));
        }
        return entries;
    }

    /**
     * Checks a log.
     *
     * @param entries oldest first, from the beginning
     * @return whether the chain holds
     */
    public static boolean verify(List<Entry> entries) {
        Digest before = START;
        for (Entry entry : entries) {
            if (!entry.chain().equals(link(before, entry.at(), entry.who(), entry.what()))) {
                return false;
            }
            before = entry.chain();
        }
        return true;
    }
}
