package dev.fieldproof.ota.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.ota.record.RecordStore.Entry;
import dev.fieldproof.ota.record.RecordStore.Table;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every record store does. */
abstract class RecordStoreContract {
    abstract RecordStore store() throws IOException;

    private static void put(RecordStore store, String key, String json) throws IOException {
        store.transact(records -> {
            records.put(Table.DEVICE, key, json);
            return true;
        });
    }

    private static List<Entry> list(RecordStore store, String after, int limit) throws IOException {
        return store.transact(records -> records.list(Table.DEVICE, after, limit));
    }

    @Test
    void whatIsPutIsThereUntilItIsDeleted() throws IOException {
        try (RecordStore store = store()) {
            put(store, "a", "{\"n\":1}");
            put(store, "a", "{\"n\":\"ä'\\\\\"}");
            assertEquals(Optional.of("{\"n\":\"ä'\\\\\"}"), store.transact(records -> records.get(Table.DEVICE, "a")));
            assertEquals(true, store.<Boolean>transact(records -> records.delete(Table.DEVICE, "a")));
            assertEquals(false, store.<Boolean>transact(records -> records.delete(Table.DEVICE, "a")));
            assertEquals(Optional.empty(), store.transact(records -> records.get(Table.DEVICE, "a")));
        }
    }

    @Test
    void recordsAreListedByTheirKeysCharacters() throws IOException {
        try (RecordStore store = store()) {
            for (String key : List.of("b", "B", "a1", "a-1", "a")) {
                put(store, key, "{}");
            }
            assertEquals(
                    List.of("B", "a", "a-1", "a1", "b"),
                    list(store, "", 10).stream().map(Entry::key).toList());
            assertEquals(List.of(new Entry("a-1", "{}"), new Entry("a1", "{}")), list(store, "a", 2));
            assertEquals(
                    "b",
                    store.transact(records -> records.last(Table.DEVICE))
                            .orElseThrow()
                            .key());
            assertTrue(store.transact(records -> records.last(Table.WAVE)).isEmpty());
        }
    }

    @Test
    void workThatThrowsChangesNothing() throws IOException {
        try (RecordStore store = store()) {
            put(store, "a", "1");
            assertThrows(
                    IOException.class,
                    () -> store.transact(records -> {
                        records.put(Table.DEVICE, "a", "2");
                        records.put(Table.DEVICE, "b", "2");
                        records.delete(Table.DEVICE, "a");
                        throw new IOException("no");
                    }));
            assertEquals(List.of(new Entry("a", "1")), list(store, "", 10));
        }
    }

    @Test
    void keysHaveALength() throws IOException {
        try (RecordStore store = store()) {
            assertThrows(IllegalArgumentException.class, () -> put(store, "", "{}"));
            assertThrows(IllegalArgumentException.class, () -> put(store, "k".repeat(201), "{}"));
            put(store, "k".repeat(200), "{}");
        }
    }
}
