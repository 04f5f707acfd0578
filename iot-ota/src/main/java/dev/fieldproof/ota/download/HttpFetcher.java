package dev.fieldproof.ota.download;

import dev.fieldproof.ota.tuf.Fetcher;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.time.Duration;
import java.util.Optional;

/**
 * Fetches files below a base address over HTTP or HTTPS. A file that is not there (403, 404, 410) is an answer; every
 * other status is an error, and so is a transfer that takes longer than it may, however alive it looks. Thread-safe.
 *
 * <p>Not over the HTTP client of {@link HttpSource}: its stream of a body has no limit for silence, and metadata is
 * read as a stream.
 */
public final class HttpFetcher implements Fetcher {
    /** Longest time to connect, and longest silence in a transfer, by default. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(20);
    /** Longest time for one file by default. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofMinutes(10);

    private final String base;
    private final int timeoutMillis;
    private final long deadlineNanos;

    /**
     * Fetches with the default times.
     *
     * @param base {@code http:} or {@code https:}, to which paths are appended after a slash
     */
    public HttpFetcher(URI base) {
        this(base, DEFAULT_TIMEOUT, DEFAULT_DEADLINE);
    }

    /**
     * Sets the times.
     *
     * @param base {@code http:} or {@code https:}, to which paths are appended after a slash
     * @param timeout longest time to connect, and longest silence in a transfer
     * @param deadline longest time for one file
     * @throws IllegalArgumentException if the address is not of HTTP
     */
    public HttpFetcher(URI base, Duration timeout, Duration deadline) {
        if (!"http".equals(base.getScheme()) && !"https".equals(base.getScheme())) {
            throw new IllegalArgumentException("not an address of http or https: " + base);
        }
        String text = base.toString();
        this.base = text.endsWith("/") ? text : text + "/";
        this.timeoutMillis = Math.toIntExact(timeout.toMillis());
        this.deadlineNanos = deadline.toNanos();
    }

    @Override
    public Optional<InputStream> open(String path) throws IOException {
        return open(path, 0);
    }

    /**
     * {@inheritDoc} Asks for the part (RFC 9110, section 14); a server that sends everything is read over. Whether the
     * part belongs to what came before is for the digest of the whole to say, which this has no need to guess at.
     */
    @Override
    public Optional<InputStream> open(String path, long offsetBytes) throws IOException {
        long end = System.nanoTime() + deadlineNanos;
        URLConnection opened = URI.create(base + path).toURL().openConnection();
        opened.setConnectTimeout(timeoutMillis);
        opened.setReadTimeout(timeoutMillis);
        opened.setUseCaches(false);
        if (offsetBytes > 0) {
            opened.setRequestProperty("Range", "bytes=" + offsetBytes + "-");
        }
        if (!(opened instanceof HttpURLConnection connection)) {
            throw new IOException("not a connection of HTTP: " + opened.getURL());
        }
        int status = connection.getResponseCode();
        switch (status) {
            case HttpURLConnection.HTTP_OK -> {
                InputStream all = new Deadline(connection.getInputStream(), end, path);
                all.skipNBytes(offsetBytes);
                return Optional.of(all);
            }
            case HttpURLConnection.HTTP_PARTIAL -> {
                String range = String.valueOf(connection.getHeaderField("Content-Range"));
                if (offsetBytes > 0 && range.startsWith("bytes " + offsetBytes + "-")) {
                    return Optional.of(new Deadline(connection.getInputStream(), end, path));
                }
                connection.disconnect();
                throw new IOException("another part of " + path + " than was asked for: " + range);
            }
            case HttpURLConnection.HTTP_FORBIDDEN, HttpURLConnection.HTTP_NOT_FOUND, HttpURLConnection.HTTP_GONE -> {
                connection.disconnect();
                return Optional.empty();
            }
            default -> {
                connection.disconnect();
                throw new IOException("status " + status + " for " + path);
            }
        }
    }

    /** Ends a transfer that drips. */
    private static final class Deadline extends FilterInputStream {
        private final long endNanos;
        private final String path;

        Deadline(InputStream in, long endNanos, String path) {
            super(in);
            this.endNanos = endNanos;
            this.path = path;
        }

        @Override
        public int read() throws IOException {
            requireTime();
            return in.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            requireTime();
            return in.read(into, offset, length);
        }

        private void requireTime() throws IOException {
            if (System.nanoTime() - endNanos > 0) {
                throw new IOException("too slow: " + path);
            }
        }
    }
}
