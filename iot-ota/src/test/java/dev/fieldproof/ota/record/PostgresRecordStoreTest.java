package dev.fieldproof.ota.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fieldproof.ota.record.RecordStore.Table;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The store on a PostgreSQL server of its own, from Debian's packages, killed in the middle of a transaction. */
class PostgresRecordStoreTest extends RecordStoreContract {
    private static Path directory;
    private static int port;

    private static Optional<Path> programs() throws IOException {
        Path versions = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(versions)) {
            return Optional.empty();
        }
        try (Stream<Path> found = Files.list(versions)) {
            return found.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .findFirst();
        }
    }

    /** The server refuses to be run by root; then it runs as the user that its package made. */
    private static String run(String... command) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            line.addAll(List.of("runuser", "-u", "postgres", "--"));
        }
        line.addAll(List.of(command));
        Path said = Files.createTempFile("postgres", ".log");
        int code = new ProcessBuilder(line)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start()
                .waitFor();
        String text = Files.readString(said);
        Files.delete(said);
        if (code != 0) {
            throw new IOException(line + " ended with " + code + ": " + text);
        }
        return text;
    }

    @BeforeAll
    static void aServerRuns() throws Exception {
        Optional<Path> bin = programs();
        assumeTrue(bin.isPresent(), "skipped: postgresql is not installed");
        directory = Files.createTempDirectory("fieldproof-postgres");
        if (System.getProperty("user.name").equals("root")) {
            new ProcessBuilder("chown", "postgres", directory.toString())
                    .start()
                    .waitFor();
        }
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        run(bin.get().resolve("initdb").toString(), "-D", directory + "/data", "-A", "trust", "-U", "postgres");
        start();
    }

    private static void start() throws Exception {
        run(
                programs().orElseThrow().resolve("pg_ctl").toString(),
                "-D",
                directory + "/data",
                "-w",
                "-l",
                directory + "/log",
                "-o",
                "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=" + directory,
                "start");
    }

    private static void stop(String mode) throws Exception {
        run(programs().orElseThrow().resolve("pg_ctl").toString(), "-D", directory + "/data", "-m", mode, "stop");
    }

    @AfterAll
    static void theServerEnds() throws Exception {
        if (directory != null) {
            stop("immediate");
            new ProcessBuilder("rm", "-rf", directory.toString()).start().waitFor();
        }
    }

    private static PGSimpleDataSource database() {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setServerNames(new String[] {"127.0.0.1"});
        database.setPortNumbers(new int[] {port});
        database.setUser("postgres");
        database.setDatabaseName("postgres");
        return database;
    }

    @Override
    RecordStore store() throws IOException {
        try (Connection connection = database().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA public CASCADE");
            statement.execute("CREATE SCHEMA public");
        } catch (SQLException e) {
            throw new IOException(e);
        }
        return new JdbcRecordStore(database());
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
                            stop("immediate"); // kills all of its processes without a checkpoint
                        } catch (Exception e) {
                            throw new IOException(e);
                        }
                        return true;
                    }));
            start();
            assertEquals(Optional.of("{}"), store.transact(records -> records.get(Table.WAVE, "before")));
            assertEquals(Optional.empty(), store.transact(records -> records.get(Table.WAVE, "during")));
            store.transact(records -> {
                records.put(Table.WAVE, "after", "{}");
                return true;
            });
        }
    }
}
