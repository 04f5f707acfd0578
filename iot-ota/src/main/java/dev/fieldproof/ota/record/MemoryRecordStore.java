package dev.fieldproof.ota.record;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Records in memory, gone with the process. Thread-safe; one transaction at a time. */
public final class MemoryRecordStore implements RecordStore {
    private final Map<Table, NavigableMap<String, String>> tables = new EnumMap<>(Table.class);

    /** Begins empty. */
    public MemoryRecordStore() {
        for (Table table : Table.values()) {
            tables.put(table, new TreeMap<>());
        }
    }

    @Override
    public synchronized <T> T transact(Work<T> work) throws IOException {
        Undo undo = new Undo();
        boolean done = false;
        try {
            T result = work.run(undo);
            done = true;
            return result;
        } finally {
            if (!done) {
                undo.all();
            }
        }
    }

    @Override
    public void close() {}

    private record Change(Table table, String key, @Nullable String before) {}

    /** Changes at once and remembers how it was. */
    private final class Undo implements Transaction {
        private final List<Change> changes = new ArrayList<>();

        private NavigableMap<String, String> records(Table table) {
            NavigableMap<String, String> records = tables.get(table);
            if (records == null) {
                throw new IllegalArgumentException("no table " + table);
            }
            return records;
        }

        @Override
        public Optional<String> get(Table table, String key) {
            return Optional.ofNullable(records(table).get(key));
        }

        @Override
        public void put(Table table, String key, String json) {
            changes.add(new Change(table, key, records(table).put(RecordStore.requireKey(key), json)));
        }

        @Override
        public boolean delete(Table table, String key) {
            String before = records(table).remove(key);
            changes.add(new Change(table, key, before));
            return before != null;
        }

        @Override
        public List<Entry> list(Table table, String afterKey, int limit) {
            return records(table).tailMap(afterKey, false).entrySet().stream()
                    .limit(Math.min(limit, MAX_LIST))
                    .map(entry -> new Entry(entry.getKey(), entry.getValue()))
                    .toList();
        }

        @Override
        public Optional<Entry> last(Table table) {
            return Optional.ofNullable(records(table).lastEntry())
                    .map(entry -> new Entry(entry.getKey(), entry.getValue()));
        }

        void all() {
            for (int i = changes.size() - 1; i >= 0; i--) {
                Change change = changes.get(i);
                if (change.before() == null) {
                    records(change.table()).remove(change.key());
                } else {
                    records(change.table()).put(change.key(), change.before());
                }
            }
        }
    }
}
