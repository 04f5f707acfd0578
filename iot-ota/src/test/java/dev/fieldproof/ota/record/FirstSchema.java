package dev.fieldproof.ota.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.ota.record.RecordStore.Table;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** A database as version 1 of the schema left it, spelled out: it must not follow what later code says. */
final class FirstSchema {
    private static final List<String> TABLES = List.of(
            "fp_claim",
            "fp_certificate",
            "fp_certificate_index",
            "fp_thing",
            "fp_device",
            "fp_wave",
            "fp_action",
            "fp_open_action",
            "fp_outcome",
            "fp_audit",
            "fp_operator");

    private FirstSchema() {}

    static void assertIsMigrated(DataSource database, String collation) throws Exception {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE fieldproof_schema (version INT NOT NULL)");
            for (String table : TABLES) {
                statement.execute("CREATE TABLE " + table + " (id VARCHAR(200)" + collation
                        + " PRIMARY KEY, body VARCHAR(1000000) NOT NULL)");
                statement.execute("INSERT INTO " + table + " VALUES ('old', '{\"of\":\"" + table + "\"}')");
            }
            statement.execute("INSERT INTO fieldproof_schema VALUES (1)");
        }
        for (int opening = 0; opening < 2; opening++) {
            try (RecordStore store = new JdbcRecordStore(database)) {
                for (Table table : Table.values()) {
                    Optional<String> old = store.transact(records -> records.get(table, "old"));
                    String name = "fp_" + table.name().toLowerCase(java.util.Locale.ROOT);
                    assertEquals(
                            TABLES.contains(name) ? Optional.of("{\"of\":\"" + name + "\"}") : Optional.empty(), old);
                    store.transact(records -> {
                        records.put(table, "new", "{}");
                        return true;
                    });
                }
            }
        }
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT MAX(version), COUNT(*) FROM fieldproof_schema")) {
            assertTrue(rows.next());
            assertEquals(rows.getInt(1), rows.getInt(2), "each version once");
            assertTrue(rows.getInt(1) >= 2);
        }
    }
}
