package dev.fieldproof.ota.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.ota.record.RecordStore.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Optional;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2RecordStoreTest extends RecordStoreContract {
    @TempDir
    Path directory;

    private JdbcDataSource database() {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:" + directory.resolve("node"));
        return database;
    }

    @Override
    RecordStore store() throws IOException {
        return new JdbcRecordStore(database());
    }

    @Test
    void whatWasPutSurvivesTheProcess() throws IOException {
        try (RecordStore store = store()) {
            store.transact(records -> {
                records.put(Table.WAVE, "w", "{}");
                return true;
            });
        }
        try (RecordStore store = store()) {
            assertEquals(Optional.of("{}"), store.transact(records -> records.get(Table.WAVE, "w")));
        }
    }

    @Test
    void aDatabaseOfTheFirstReleaseIsBroughtUpToDate() throws Exception {
        FirstSchema.assertIsMigrated(database(), "");
    }

    @Test
    void aDatabaseOfANewerReleaseIsRefused() throws Exception {
        store().close();
        try (Connection connection = database().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO fieldproof_schema VALUES (99)");
        }
        IOException refused = assertThrows(IOException.class, this::store);
        assertTrue(String.valueOf(refused.getMessage()).contains("version 99"), refused.toString());
    }
}
