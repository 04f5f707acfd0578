package dev.fieldproof.ota.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fieldproof.ota.record.RecordStore.Table;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The store on a PostgreSQL server of its own, from Debian's packages, killed in the middle of a transaction. */
class PostgresRecordStoreTest extends RecordStoreContract {
    private static @Nullable PostgresServer running;

    @BeforeAll
    static void aServerRuns() throws Exception {
        running = PostgresServer.start().orElse(null);
        assumeTrue(running != null, "skipped: postgresql is not installed");
    }

    @AfterAll
    static void theServerEnds() throws Exception {
        if (running != null) {
            running.close();
        }
    }

    private static PostgresServer server() {
        if (running == null) {
            throw new IllegalStateException("no server");
        }
        return running;
    }

    @Override
    RecordStore store() throws IOException {
        return new JdbcRecordStore(server().empty());
    }

    @Test
    void aDatabaseOfTheFirstReleaseIsBroughtUpToDate() throws Exception {
        server().empty();
        FirstSchema.assertIsMigrated(server().database(), " COLLATE \"C\"");
    }

    @Test
    void aServerKilledInMidTransactionUndoesItAndIsFoundAgain() throws Exception {
        try (RecordStore store = store()) {
            store.transact(records -> {
                records.put(Table.WAVE, "before", "{}");
                return true;
            });
            assertThrows(
                    IOException.class,
                    () -> store.transact(records -> {
                        records.put(Table.WAVE, "during", "{}");
                        try {
                            server().kill();
                        } catch (Exception e) {
                            throw new IOException(e);
                        }
                        return true;
                    }));
            server().startAgain();
            assertEquals(Optional.of("{}"), store.transact(records -> records.get(Table.WAVE, "before")));
            assertEquals(Optional.empty(), store.transact(records -> records.get(Table.WAVE, "during")));
            store.transact(records -> {
                records.put(Table.WAVE, "after", "{}");
                return true;
            });
        }
    }
}
