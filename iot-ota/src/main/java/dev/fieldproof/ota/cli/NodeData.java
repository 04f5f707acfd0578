package dev.fieldproof.ota.cli;

import dev.fieldproof.ota.record.JdbcRecordStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Where a node keeps what it keeps, and what its options mean. */
final class NodeData {
    private static final int MAX_PORT = 65_535;

    private NodeData() {}

    static JdbcRecordStore records(Path data, @Nullable String database) throws IOException {
        Files.createDirectories(data);
        if (data.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        }
        String url = database == null
                ? "jdbc:h2:file:" + data.resolve("records").toAbsolutePath() + ";DB_CLOSE_ON_EXIT=FALSE"
                : database;
        try {
            return new JdbcRecordStore(new ByUrl(url));
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("already in use")) {
                throw new IOException("a node is running on " + data + ": end it first", e);
            }
            throw e;
        }
    }

    static InetSocketAddress address(CommandLine line, String listen) {
        int colon = listen.lastIndexOf(':');
        String port = listen.substring(colon + 1);
        if (colon < 1 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > MAX_PORT) {
            throw new ParameterException(line, "--listen takes HOST:PORT, not '" + listen + "'");
        }
        return new InetSocketAddress(listen.substring(0, colon).replaceAll("[\\[\\]]", ""), Integer.parseInt(port));
    }

    /** Connections from whatever driver knows the address. */
    private record ByUrl(String url) implements DataSource {
        @Override
        public Connection getConnection() throws SQLException {
            return DriverManager.getConnection(url);
        }

        @Override
        public Connection getConnection(String user, String password) throws SQLException {
            return DriverManager.getConnection(url, user, password);
        }

        @Override
        public @Nullable PrintWriter getLogWriter() {
            return null;
        }

        @Override
        public void setLogWriter(@Nullable PrintWriter out) {}

        @Override
        public void setLoginTimeout(int seconds) {}

        @Override
        public int getLoginTimeout() {
            return 0;
        }

        @Override
        public Logger getParentLogger() throws SQLFeatureNotSupportedException {
            throw new SQLFeatureNotSupportedException();
        }

        @Override
        public <T> T unwrap(Class<T> type) throws SQLException {
            throw new SQLException("not a wrapper of " + type);
        }

        @Override
        public boolean isWrapperFor(Class<?> type) {
            return false;
        }
    }
}
