package dev.fieldproof.ota.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves HTTP/1.1 on one thread for requests, one for long bodies, and a few that answer and may block. A connection
 * has one request under way and is not read meanwhile, so what waits is bounded by the number of connections.
 * Thread-safe.
 */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final int BACKLOG = 4096;
    private static final int READ_BYTES = 16 * 1024;
    private static final int ACCEPTS_AT_ONCE = 64;
    private static final int SWEEP_MILLIS = 100;
    private static final long STOP_NANOS = 1_000_000_000L;
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final ConnectionEvent TICK = new ConnectionEvent.Tick();

    private final ServerSocketChannel listener;
    private final Selector selector = Selector.open();
    private final SelectionKey accepting;
    private final int port;
    private final Handler handler;
    private final HttpLimits limits;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final ExecutorService workers;
    private final Transfers transfers;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Set<Client> clients = ConcurrentHashMap.newKeySet();
    private final ByteBuffer incoming = ByteBuffer.allocateDirect(READ_BYTES);
    private final Thread thread = new Thread(this::run, "http-requests");
    private long bufferedBytes;
    private long sweptNanos;
    private volatile boolean stopping;

    /** Answers requests; called on several threads at once, and may block. */
    public interface Handler {
        /**
         * Answers.
         *
         * @param request whole
         * @param client where it came from
         * @return the answer
         */
        HttpResponse answer(HttpRequest request, InetAddress client);

        /**
         * Says in words what was wrong with what never became a request.
         *
         * @param refusal the rule that was broken
         * @param client where it came from
         * @return the answer, after which the connection is closed
         */
        HttpResponse refuse(Refusal refusal, InetAddress client);
    }

    /**
     * Why a request is not answered.
     *
     * @param status of HTTP
     * @param rule which was broken, for people
     * @param about method and path as far as they came
     */
    public record Refusal(int status, String rule, String about) {}

    /**
     * Begins to serve.
     *
     * @param address where; port 0 for any that is free
     * @param limits what it puts up with
     * @param threads how many requests are answered at a time, at least 1
     * @param handler answers
     * @param clock for the date of answers
     * @param nanos monotonic, for every limit of time
     * @throws IOException if the address cannot be had
     */
    public HttpServer(
            InetSocketAddress address,
            HttpLimits limits,
            int threads,
            Handler handler,
            InstantSource clock,
            LongSupplier nanos)
            throws IOException {
        this.handler = handler;
        this.limits = limits;
        this.clock = clock;
        this.nanos = nanos;
        listener = ServerSocketChannel.open();
        try {
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listener.bind(address, BACKLOG);
            listener.configureBlocking(false);
            port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            accepting = listener.register(selector, SelectionKey.OP_ACCEPT);
            transfers = new Transfers(nanos, limits.stallWithin().toNanos());
        } catch (IOException e) {
            listener.close();
            selector.close();
            throw e;
        }
        workers = Executors.newFixedThreadPool(threads);
        thread.start();
    }

    /** A connection with its socket; touched by the thread of requests alone. */
    private static final class Client {
        private final SocketChannel channel;
        private final SelectionKey key;
        private final Connection connection;
        private final InetAddress address;
        private ByteBuffer @Nullable [] out;
        private int bufferedBytes;
        private long progressNanos;

        Client(SocketChannel channel, SelectionKey key, Connection connection, InetAddress address) {
            this.channel = channel;
            this.key = key;
            this.connection = connection;
            this.address = address;
        }
    }

    /**
     * Where it serves.
     *
     * @return the port
     */
    public int port() {
        return port;
    }

    /** How many connections there are. */
    int connections() {
        return clients.size();
    }

    private void post(Runnable task) {
        tasks.add(task);
        try {
            selector.wakeup();
        } catch (ClosedSelectorException e) {
            LOG.trace("the server has ended", e);
        }
    }

    private void run() {
        try {
            while (!stopping) {
                turn();
            }
            accepting.cancel();
            listener.close();
            clients.forEach(client -> step(client, new ConnectionEvent.Stop()));
            long end = System.nanoTime() + STOP_NANOS;
            while (!clients.isEmpty() && System.nanoTime() - end < 0) {
                turn();
            }
        } catch (IOException | ClosedSelectorException e) {
            LOG.error("no request can be read any more", e);
        } finally {
            clients.forEach(client -> step(client, new ConnectionEvent.Broken()));
        }
    }

    private void turn() throws IOException {
        selector.select(this::ready, SWEEP_MILLIS);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        long now = System.nanoTime();
        if (now - sweptNanos >= SWEEP_MILLIS * 1_000_000L) {
            sweptNanos = now;
            sweep();
        }
    }

    private void sweep() {
        boolean full = clients.size() >= limits.maxConnections();
        long now = nanos.getAsLong();
        for (Client client : clients) {
            if (client.out != null
                    && now - client.progressNanos >= limits.stallWithin().toNanos()) {
                step(client, new ConnectionEvent.Broken());
                continue;
            }
            step(client, TICK);
            if (full && client.bufferedBytes == 0) {
                step(client, new ConnectionEvent.Crowded());
            }
        }
        if (!stopping && accepting.interestOps() == 0 && clients.size() < limits.maxConnections()) {
            accepting.interestOps(SelectionKey.OP_ACCEPT);
        }
    }

    private void ready(SelectionKey key) {
        if (key == accepting) {
            accept();
            return;
        }
        Client client = (Client) key.attachment();
        try {
            if (client.out != null) {
                write(client);
            } else if (key.isReadable()) {
                read(client);
            }
        } catch (IOException | CancelledKeyException e) {
            LOG.debug("a connection broke", e);
            step(client, new ConnectionEvent.Broken());
        }
    }

    private void accept() {
        try {
            for (int i = 0; i < ACCEPTS_AT_ONCE; i++) {
                if (clients.size() >= limits.maxConnections()) {
                    accepting.interestOps(0); // the others wait until one has gone
                    return;
                }
                SocketChannel channel = listener.accept();
                if (channel == null) {
                    return;
                }
                admit(channel);
            }
        } catch (IOException e) {
            LOG.warn("no connection can be accepted now", e); // tried again with the next sweep
            accepting.interestOps(0);
        }
    }

    private void admit(SocketChannel channel) throws IOException {
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            InetAddress address = ((InetSocketAddress) channel.getRemoteAddress()).getAddress();
            Client client = new Client(channel, key, new Connection(limits, nanos.getAsLong()), address);
            key.attach(client);
            clients.add(client);
        } catch (IOException e) {
            LOG.debug("a connection broke at once", e);
            channel.close();
        }
    }

    private void read(Client client) throws IOException {
        incoming.clear();
        int got = client.channel.read(incoming);
        if (got < 0) {
            step(client, new ConnectionEvent.Ended());
        } else if (got > 0) {
            step(client, new ConnectionEvent.Received(incoming.flip()));
        }
    }

    private void step(Client client, ConnectionEvent event) {
        try {
            for (ConnectionEffect effect : client.connection.step(event, nanos.getAsLong())) {
                perform(client, effect);
            }
        } catch (IOException | CancelledKeyException e) {
            LOG.debug("a connection broke", e);
            close(client);
        } catch (RuntimeException e) {
            LOG.error("a connection had to be closed", e);
            close(client);
        }
        account(client);
    }

    /** Keeps the sum of what all requests hold, and refuses the one that goes beyond it. */
    private void account(Client client) {
        int now = client.connection.bufferedBytes();
        int grown = now - client.bufferedBytes;
        bufferedBytes += grown;
        client.bufferedBytes = now;
        if (client.key.isValid() && client.out == null) {
            int wanted = client.connection.wantsBytes() ? SelectionKey.OP_READ : 0;
            if (client.key.interestOps() != wanted) {
                client.key.interestOps(wanted);
            }
        }
        if (grown > 0 && bufferedBytes > limits.maxBufferedBytes() && client.connection.wantsBytes()) {
            step(client, new ConnectionEvent.Crowded());
        }
    }

    private void perform(Client client, ConnectionEffect effect) throws IOException {
        if (effect instanceof ConnectionEffect.Ask ask) {
            answer(client, () -> handler.answer(ask.request(), client.address));
        } else if (effect instanceof ConnectionEffect.Refuse refuse) {
            Refusal refusal = new Refusal(refuse.status(), refuse.rule(), refuse.about());
            answer(client, () -> handler.refuse(refusal, client.address));
        } else if (effect instanceof ConnectionEffect.Continue) {
            client.channel.write(ByteBuffer.wrap(CONTINUE)); // nothing is on its way: there is room for it
        } else if (effect instanceof ConnectionEffect.Send send) {
            send(client, send);
        } else if (effect instanceof ConnectionEffect.Discard discard) {
            discard(discard.response());
        } else if (effect instanceof ConnectionEffect.EndOutput) {
            client.channel.shutdownOutput();
        } else {
            close(client);
        }
    }

    private interface Answering {
        HttpResponse answer();
    }

    private void answer(Client client, Answering answering) {
        try {
            workers.execute(() -> {
                HttpResponse response;
                try {
                    response = answering.answer();
                } catch (RuntimeException e) {
                    LOG.error("a request could not be answered", e);
                    response = new HttpResponse.Whole(500, List.of(), new byte[0]);
                }
                HttpResponse said = response;
                post(() -> step(client, new ConnectionEvent.Answered(said)));
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("the server ends", e);
            close(client);
        }
    }

    private void send(Client client, ConnectionEffect.Send send) throws IOException {
        ByteBuffer head = ResponseHead.encode(send.response(), send.keepsAlive(), clock.instant());
        if (send.response() instanceof HttpResponse.Stream stream && send.withBody()) {
            client.key.interestOps(0);
            transfers.send(
                    client.channel,
                    head,
                    stream,
                    whole -> ended(stream, whole, () -> {
                        step(client, whole ? new ConnectionEvent.Sent() : new ConnectionEvent.Broken());
                    }));
            return;
        }
        boolean plain = send.withBody() && send.response() instanceof HttpResponse.Whole;
        byte[] body = plain ? ((HttpResponse.Whole) send.response()).body() : new byte[0];
        client.out = new ByteBuffer[] {head, ByteBuffer.wrap(body)};
        discard(send.response());
        client.progressNanos = nanos.getAsLong();
        write(client);
    }

    private void write(Client client) throws IOException {
        ByteBuffer[] out = client.out;
        if (out == null) {
            return;
        }
        if (client.channel.write(out) > 0) {
            client.progressNanos = nanos.getAsLong();
        }
        if (out[0].hasRemaining() || out[1].hasRemaining()) {
            client.key.interestOps(SelectionKey.OP_WRITE);
        } else {
            client.out = null;
            step(client, new ConnectionEvent.Sent());
        }
    }

    private void discard(HttpResponse response) {
        if (response instanceof HttpResponse.Stream stream) {
            ended(stream, false, () -> {});
        }
    }

    /** Closes a body and tells whom it concerns, before the client may ask the next thing. */
    private void ended(HttpResponse.Stream stream, boolean whole, Runnable then) {
        Runnable end = () -> {
            try (ReadableByteChannel body = stream.channel()) {
                LOG.trace("the end of {}", body);
                stream.ending().ended(whole);
            } catch (IOException | RuntimeException e) {
                LOG.error("the end of an answer could not be recorded", e);
            }
            post(then);
        };
        try {
            workers.execute(end);
        } catch (RejectedExecutionException e) {
            end.run(); // the server has ended, and this thread with it
        }
    }

    private void close(Client client) {
        if (clients.remove(client)) {
            client.key.cancel();
            client.out = null;
            try {
                client.channel.close();
            } catch (IOException e) {
                LOG.debug("a connection was broken already", e);
            }
            client.connection.step(new ConnectionEvent.Broken(), 0);
        }
    }

    /** Stops serving: nobody is let in any more, and requests under way have a second to end. */
    @Override
    public void close() {
        stopping = true;
        selector.wakeup();
        try {
            thread.join(3 * STOP_NANOS / 1_000_000);
            transfers.close();
            workers.shutdown();
            selector.close();
            listener.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            workers.shutdownNow();
        } catch (IOException e) {
            LOG.debug("closing", e);
        }
    }
}
