package dev.fieldproof.ota.site;

import dev.fieldproof.ota.record.RecordStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The power goes at one write; nothing answers after that. */
final class CutStore implements RecordStore {
    private final RecordStore under;
    private final boolean atomic;
    private int writesLeft;
    int writes;

    CutStore(RecordStore under, boolean atomic, int writesLeft) {
        this.under = under;
        this.atomic = atomic;
        this.writesLeft = writesLeft;
    }

    private void write() throws IOException {
        writes++;
        if (--writesLeft <= 0) {
            throw new IOException("power cut");
        }
    }

    @Override
    public <T> T transact(Work<T> work) throws IOException {
        if (writesLeft <= 0) {
            throw new IOException("no power");
        }
        int before = writes;
        T result = atomic
                ? under.transact(records -> work.run(new Counted(records)))
                : work.run(new Counted(new EachForItself(under)));
        if (writes > before) {
            write(); // the power goes after the commit, before anybody hears of it
        }
        return result;
    }

    /** Passes everything on. */
    static class Through implements Transaction {
        private final Transaction records;

        Through(Transaction records) {
            this.records = records;
        }

        @Override
        public Optional<String> get(Table table, String key) throws IOException {
            return records.get(table, key);
        }

        @Override
        public void put(Table table, String key, String json) throws IOException {
            records.put(table, key, json);
        }

        @Override
        public boolean delete(Table table, String key) throws IOException {
            return records.delete(table, key);
        }

        @Override
        public List<Entry> list(Table table, String afterKey, int limit) throws IOException {
            return records.list(table, afterKey, limit);
        }

        @Override
        public Optional<Entry> last(Table table) throws IOException {
            return records.last(table);
        }
    }

    private final class Counted extends Through {
        Counted(Transaction records) {
            super(records);
        }

        @Override
        public void put(Table table, String key, String json) throws IOException {
            write();
            super.put(table, key, json);
        }

        @Override
        public boolean delete(Table table, String key) throws IOException {
            write();
            return super.delete(table, key);
        }
    }

    @Override
    public void close() {}

    /** The mutant: every write is a transaction of its own. */
    private record EachForItself(RecordStore under) implements RecordStore.Transaction {
        @Override
        public Optional<String> get(Table table, String key) throws IOException {
            return under.transact(records -> records.get(table, key));
        }

        @Override
        public void put(Table table, String key, String json) throws IOException {
            under.transact(records -> {
                records.put(table, key, json);
                return true;
            });
        }

        @Override
        public boolean delete(Table table, String key) throws IOException {
            return under.transact(records -> records.delete(table, key));
        }

        @Override
        public List<RecordStore.Entry> list(Table table, String afterKey, int limit) throws IOException {
            return under.transact(records -> records.list(table, afterKey, limit));
        }

        @Override
        public Optional<RecordStore.Entry> last(Table table) throws IOException {
            return under.transact(records -> records.last(table));
        }
    }
}
