package dev.fieldproof.ota.record;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Records in a database: H2 in the same process, or PostgreSQL for teams. One table for each kind of record, made and
 * brought up to date by numbered migrations. Transactions are serializable; one that conflicts is run again. A lost
 * connection fails the transaction that noticed it, and the next one connects again. Thread-safe; one transaction at a
 * time.
 */
public final class JdbcRecordStore implements RecordStore {
    private static final int MAX_TRIES = 10;
    private static final int MAX_JSON_CHARS = 1_000_000;
    /** Serialization failure, deadlock; H2's concurrent update. */
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01", "90131");

    private final DataSource database;
    private @Nullable Connection connection;
    private boolean closed;
    private boolean syncs;

    /**
     * Opens a store, making or migrating its tables.
     *
     * @param database H2 or PostgreSQL; stays the caller's
     * @throws IOException if the database cannot be reached, or is of a newer release
     */
    public JdbcRecordStore(DataSource database) throws IOException {
        this.database = database;
        try {
            migrate(connected());
        } catch (SQLException e) {
            drop();
            throw new IOException("the database cannot be opened: " + e.getMessage(), e);
        }
    }

    private Connection connected() throws SQLException {
        Connection known = connection;
        if (known == null) {
            known = database.getConnection();
            known.setAutoCommit(false);
            known.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            syncs = known.getMetaData().getDatabaseProductName().equals("H2");
            connection = known;
        }
        return known;
    }

    /** The tables that each version of the schema adds, in order; one that was ever released is never changed. */
    private static final List<List<String>> MIGRATIONS = List.of(
            List.of(
                    "claim",
                    "certificate",
                    "certificate_index",
                    "thing",
                    "device",
                    "wave",
                    "action",
                    "open_action",
                    "outcome",
                    "audit",
                    "operator"),
            List.of("rollout", "rollout_event"),
            List.of("rollout_checkpoint", "policy", "outbox", "site_progress", "site_outcome"));

    private static String create(String table, boolean postgres) {
        return "CREATE TABLE fp_" + table + " (id VARCHAR(" + MAX_KEY_CHARS + ")" + (postgres ? " COLLATE \"C\"" : "")
                + " PRIMARY KEY, body VARCHAR(" + MAX_JSON_CHARS + ") NOT NULL)";
    }

    private static void migrate(Connection open) throws SQLException, IOException {
        boolean postgres = open.getMetaData().getDatabaseProductName().equals("PostgreSQL");
        try (Statement statement = open.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS fieldproof_schema (version INT NOT NULL)");
            int version = 0;
            try (ResultSet rows = statement.executeQuery("SELECT MAX(version) FROM fieldproof_schema")) {
                version = rows.next() ? rows.getInt(1) : 0;
            }
            if (version > MIGRATIONS.size()) {
                throw new IOException(
                        "the database is of version " + version + ", this release knows up to " + MIGRATIONS.size());
            }
            for (int next = version; next < MIGRATIONS.size(); next++) {
                for (String table : MIGRATIONS.get(next)) {
                    statement.execute(create(table, postgres));
                }
                statement.execute("INSERT INTO fieldproof_schema VALUES (" + (next + 1) + ")");
            }
        }
        open.commit();
    }

    private static String name(Table table) {
        return "fp_" + table.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public synchronized <T> T transact(Work<T> work) throws IOException {
        if (closed) {
            throw new IOException("the store is closed");
        }
        for (int tries = 1; ; tries++) {
            try {
                return once(work);
            } catch (SQLException e) {
                boolean conflict = CONFLICTS.contains(String.valueOf(e.getSQLState()));
                if (!conflict || tries == MAX_TRIES) {
                    throw new IOException("the database failed: " + e.getMessage(), e);
                }
            }
        }
    }

    private <T> T once(Work<T> work) throws IOException, SQLException {
        Connection open = connected();
        boolean done = false;
        try {
            Sql transaction = new Sql(open, new AtomicBoolean());
            T result = work.run(transaction);
            open.commit();
            if (syncs && transaction.changed.get()) {
                sync(open);
            }
            done = true;
            return result;
        } catch (SqlFailure e) {
            throw e.failure;
        } finally {
            if (!done) {
                undo(open);
            }
        }
    }

    /** H2 writes a commit to its file a while later, and never forces it to the disk unless told to. */
    private static void sync(Connection open) throws SQLException {
        try (Statement statement = open.createStatement()) {
            statement.execute("CHECKPOINT SYNC");
        }
        open.commit();
    }

    private void undo(Connection open) {
        try {
            open.rollback();
            if (!open.isValid(1)) {
                drop();
            }
        } catch (SQLException e) {
            drop(); // the server undoes what was not committed
        }
    }

    private void drop() {
        Connection known = connection;
        connection = null;
        if (known != null) {
            try {
                known.close();
            } catch (SQLException e) {
                // It is lost anyway.
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        drop();
    }

    /** Carries a failure of the database through the work, whose exceptions are the caller's own. */
    private static final class SqlFailure extends IOException {
        private static final long serialVersionUID = 1L;

        final transient SQLException failure;

        SqlFailure(SQLException failure) {
            super(failure);
            this.failure = failure;
        }
    }

    private record Sql(Connection open, AtomicBoolean changed) implements Transaction {
        private interface Use<T> {
            T of(PreparedStatement statement) throws SQLException;
        }

        private <T> T use(String sql, Use<T> use) throws IOException {
            try (PreparedStatement statement = open.prepareStatement(sql)) {
                return use.of(statement);
            } catch (SQLException e) {
                throw new SqlFailure(e);
            }
        }

        @Override
        public Optional<String> get(Table table, String key) throws IOException {
            return use("SELECT body FROM " + name(table) + " WHERE id = ?", statement -> {
                statement.setString(1, key);
                try (ResultSet rows = statement.executeQuery()) {
                    return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
                }
            });
        }

        @Override
        public void put(Table table, String key, String json) throws IOException {
            RecordStore.requireKey(key);
            changed.set(true);
            int updated = use("UPDATE " + name(table) + " SET body = ? WHERE id = ?", statement -> {
                statement.setString(1, json);
                statement.setString(2, key);
                return statement.executeUpdate();
            });
            if (updated == 0) {
                use("INSERT INTO " + name(table) + " (id, body) VALUES (?, ?)", statement -> {
                    statement.setString(1, key);
                    statement.setString(2, json);
                    return statement.executeUpdate();
                });
            }
        }

        @Override
        public boolean delete(Table table, String key) throws IOException {
            changed.set(true);
            return use("DELETE FROM " + name(table) + " WHERE id = ?", statement -> {
                statement.setString(1, key);
                return statement.executeUpdate() > 0;
            });
        }

        @Override
        public List<Entry> list(Table table, String afterKey, int limit) throws IOException {
            return use("SELECT id, body FROM " + name(table) + " WHERE id > ? ORDER BY id LIMIT ?", statement -> {
                statement.setString(1, afterKey);
                statement.setInt(2, Math.min(limit, MAX_LIST));
                List<Entry> entries = new ArrayList<>();
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        entries.add(new Entry(rows.getString(1), rows.getString(2)));
                    }
                }
                return entries;
            });
        }

        @Override
        public Optional<Entry> last(Table table) throws IOException {
            return use("SELECT id, body FROM " + name(table) + " ORDER BY id DESC LIMIT 1", statement -> {
                try (ResultSet rows = statement.executeQuery()) {
                    return rows.next()
                            ? Optional.of(new Entry(rows.getString(1), rows.getString(2)))
                            : Optional.empty();
                }
            });
        }
    }
}
