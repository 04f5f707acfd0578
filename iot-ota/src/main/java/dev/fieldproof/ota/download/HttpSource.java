package dev.fieldproof.ota.download;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file on a web server, asked for by range (RFC 9110, section 14). A page of HTML, or status 511 (RFC 6585, section
 * 6), is taken for a captive portal. Thread-safe.
 */
public final class HttpSource implements BlockSource {
    /** Longest time to connect. */
    public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);

    private static final Pattern CONTENT_RANGE =
            Pattern.compile("bytes (?:([0-9]{1,18})-[0-9]{1,18}|\\*)/([0-9]{1,18}|\\*)");
    private static final int NETWORK_AUTHENTICATION_REQUIRED = 511;

    private final HttpClient client;
    private final URI file;

    /**
     * A file, over a client of its own that follows redirects, but never from HTTPS to HTTP.
     *
     * @param file its address, {@code http:} or {@code https:}
     * @throws IllegalArgumentException if the address is of another scheme
     */
    public HttpSource(URI file) {
        this(newClient(), file);
    }

    /**
     * A file, over a client that may be shared by many.
     *
     * @param client brings its own settings for TLS, proxies and threads
     * @param file its address, {@code http:} or {@code https:}
     * @throws IllegalArgumentException if the address is of another scheme
     */
    public HttpSource(HttpClient client, URI file) {
        if (!"http".equals(file.getScheme()) && !"https".equals(file.getScheme())) {
            throw new IllegalArgumentException("not an address of http or https: " + file);
        }
        this.client = client;
        this.file = file;
    }

    /**
     * A client as sources want it.
     *
     * @return a new client
     */
    public static HttpClient newClient() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
    }

    @Override
    public Exchange open(long fromBytes, long toBytes, Optional<String> tag, Receiver receiver) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(file).header("Range", "bytes=" + fromBytes + "-" + (toBytes - 1));
        // Only a strong validator may guard a range (RFC 9110, section 13.1.5).
        tag.filter(text -> !text.startsWith("W/")).ifPresent(text -> request.header("If-Range", text));
        Body body = new Body(receiver);
        CompletableFuture<?> unused = client.sendAsync(request.build(), info -> {
                    body.answered(answer(info));
                    return body;
                })
                .whenComplete((response, failure) -> {
                    if (failure != null) {
                        body.failed(failure);
                    }
                });
        return body;
    }

    private static SourceAnswer answer(HttpResponse.ResponseInfo info) {
        HttpHeaders headers = info.headers();
        String type = headers.firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        int status = info.statusCode();
        if (status == NETWORK_AUTHENTICATION_REQUIRED || (status / 100 == 2 && type.startsWith("text/html"))) {
            return new SourceAnswer.Portal();
        }
        Optional<String> tag = headers.firstValue("ETag").or(() -> headers.firstValue("Last-Modified"));
        return switch (status) {
            case 200 -> new SourceAnswer.Whole(length(headers), tag);
            case 206, 416 -> part(headers.firstValue("Content-Range").orElse(""), tag);
            case 403, 404, 410 -> new SourceAnswer.Missing();
            default -> new SourceAnswer.Busy(status, retryAfter(headers));
        };
    }

    private static OptionalLong length(HttpHeaders headers) {
        try {
            return headers.firstValueAsLong("Content-Length");
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** A range that cannot be read begins nowhere, and so is refused; so is status 416, which only tells the length. */
    private static SourceAnswer part(String contentRange, Optional<String> tag) {
        Matcher matcher = CONTENT_RANGE.matcher(contentRange);
        if (!matcher.matches()) {
            return new SourceAnswer.Part(-1, OptionalLong.empty(), tag);
        }
        String from = matcher.group(1);
        String total = matcher.group(2);
        return new SourceAnswer.Part(
                from == null ? -1 : Long.parseLong(from),
                total.equals("*") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(total)),
                tag);
    }

    /** Dates are not understood, only seconds. */
    private static Optional<Duration> retryAfter(HttpHeaders headers) {
        return headers.firstValue("Retry-After")
                .filter(text -> text.matches("[0-9]{1,9}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)));
    }

    /** Hands the body on, piece by piece, and asks for the next piece when the last one was dealt with. */
    private static final class Body implements HttpResponse.BodySubscriber<Boolean>, Exchange {
        private final Receiver receiver;
        private final CompletableFuture<Boolean> finished = new CompletableFuture<>();
        private byte[] piece = new byte[0];
        private volatile boolean cancelled;
        private Flow.@Nullable Subscription subscription;

        Body(Receiver receiver) {
            this.receiver = receiver;
        }

        void answered(SourceAnswer answer) {
            if (!cancelled) {
                receiver.answered(answer);
            }
        }

        void failed(Throwable failure) {
            if (!cancelled) {
                Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                receiver.failed(cause instanceof IOException e ? e : new IOException(cause));
            }
        }

        @Override
        public void cancel() {
            Flow.Subscription open;
            synchronized (this) {
                cancelled = true;
                open = subscription;
            }
            if (open != null) {
                open.cancel();
            }
            finished.complete(false);
        }

        @Override
        public CompletionStage<Boolean> getBody() {
            return finished;
        }

        @Override
        public void onSubscribe(Flow.Subscription opened) {
            synchronized (this) {
                subscription = opened;
            }
            requestMore(opened);
        }

        private void requestMore(Flow.Subscription from) {
            if (cancelled) {
                from.cancel();
            } else {
                from.request(1);
            }
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                int length = buffer.remaining();
                if (length > 0 && !cancelled) {
                    piece = piece.length < length ? new byte[length] : piece;
                    buffer.get(piece, 0, length);
                    receiver.received(piece, 0, length);
                }
            }
            Flow.Subscription open;
            synchronized (this) {
                open = subscription;
            }
            if (open != null) {
                requestMore(open);
            }
        }

        @Override
        public void onError(Throwable failure) {
            failed(failure);
            finished.complete(false);
        }

        @Override
        public void onComplete() {
            if (!cancelled) {
                receiver.ended();
            }
            finished.complete(true);
        }
    }
}
