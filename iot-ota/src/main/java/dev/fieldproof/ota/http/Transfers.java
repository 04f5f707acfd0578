package dev.fieldproof.ota.http;

import dev.fieldproof.core.store.TransferChannel;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends long bodies on a thread of its own, each connection a piece in turn, so that a file that has to be read from
 * the disk holds up no request.
 */
final class Transfers implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Transfers.class);
    private static final int TURN_BYTES = 1 << 20;
    private static final int COPY_BYTES = 64 * 1024;
    private static final int SWEEP_MILLIS = 100;

    private final Selector selector = Selector.open();
    private final Queue<Transfer> arriving = new ConcurrentLinkedQueue<>();
    /** Keys of what is being sent; a selector forgets a key whose connection was closed elsewhere. */
    private final Set<SelectionKey> sending = new HashSet<>();

    private final LongSupplier nanos;
    private final long stallNanos;
    private final Thread thread = new Thread(this::run, "http-transfers");
    private volatile boolean ended;

    Transfers(LongSupplier nanos, long stallNanos) throws IOException {
        this.nanos = nanos;
        this.stallNanos = stallNanos;
        thread.setDaemon(true);
        thread.start();
    }

    private static final class Transfer {
        final SocketChannel to;
        final ByteBuffer head;
        final ReadableByteChannel from;
        final Consumer<Boolean> done;
        long leftBytes;
        long progressNanos;
        ByteBuffer copied = ByteBuffer.allocate(0);

        Transfer(SocketChannel to, ByteBuffer head, HttpResponse.Stream body, Consumer<Boolean> done, long nowNanos) {
            this.to = to;
            this.head = head;
            this.from = body.channel();
            this.done = done;
            leftBytes = body.lengthBytes();
            progressNanos = nowNanos;
        }

        /** How many bytes went out in this turn. */
        long turn() throws IOException {
            if (head.hasRemaining()) {
                int sent = to.write(head);
                if (head.hasRemaining()) {
                    return sent;
                }
            }
            if (leftBytes == 0) {
                return 0;
            }
            long sent = from instanceof TransferChannel direct
                    ? direct.transferTo(Math.min(leftBytes, TURN_BYTES), to)
                    : copy();
            if (sent < 0) {
                throw new IOException("the body is " + leftBytes + " bytes shorter than was said");
            }
            leftBytes -= sent;
            return sent;
        }

        private long copy() throws IOException {
            if (!copied.hasRemaining()) {
                copied = copied.capacity() == 0 ? ByteBuffer.allocate(COPY_BYTES) : copied.clear();
                copied.limit((int) Math.min(copied.capacity(), leftBytes));
                int got = from.read(copied);
                copied.flip();
                if (got < 0) {
                    return -1;
                }
            }
            return to.write(copied);
        }

        boolean isOver() {
            return leftBytes == 0 && !head.hasRemaining();
        }
    }

    /** Sends a response; {@code done} is told on this object's thread whether all of it went out. */
    void send(SocketChannel to, ByteBuffer head, HttpResponse.Stream body, Consumer<Boolean> done) {
        arriving.add(new Transfer(to, head, body, done, nanos.getAsLong()));
        selector.wakeup();
        if (ended) {
            drain(); // it may have come too late for the thread to see it
        }
    }

    private void drain() {
        for (Transfer transfer = arriving.poll(); transfer != null; transfer = arriving.poll()) {
            transfer.done.accept(false);
        }
    }

    private void run() {
        try {
            while (!ended) {
                selector.select(this::ready, SWEEP_MILLIS);
                for (Transfer next = arriving.poll(); next != null; next = arriving.poll()) {
                    begin(next);
                }
                sweep();
            }
        } catch (IOException e) {
            LOG.error("nothing can be sent any more", e);
        } finally {
            ended = true;
            List.copyOf(sending).forEach(key -> finish(key, false));
            drain();
        }
    }

    private void begin(Transfer transfer) {
        try {
            // The key of an earlier body of the same connection is used again: it was never cancelled.
            SelectionKey key = transfer.to.keyFor(selector);
            if (key == null) {
                key = transfer.to.register(selector, 0);
            }
            key.attach(transfer);
            sending.add(key);
            turn(key, transfer);
            if (key.attachment() != null) {
                key.interestOps(SelectionKey.OP_WRITE);
            }
        } catch (IOException | CancelledKeyException e) {
            LOG.debug("a connection was closed before its answer", e);
            SelectionKey key = transfer.to.keyFor(selector);
            if (key != null && key.attachment() == transfer) {
                finish(key, false);
            } else {
                transfer.done.accept(false);
            }
        }
    }

    private void ready(SelectionKey key) {
        if (key.attachment() instanceof Transfer transfer) {
            turn(key, transfer);
        }
    }

    private void turn(SelectionKey key, Transfer transfer) {
        try {
            if (transfer.turn() > 0) {
                transfer.progressNanos = nanos.getAsLong();
            }
            if (transfer.isOver()) {
                finish(key, true);
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("an answer was cut", e);
            finish(key, false);
        }
    }

    private void finish(SelectionKey key, boolean whole) {
        if (key.attachment() instanceof Transfer transfer) {
            key.attach(null);
            sending.remove(key);
            if (key.isValid()) {
                key.interestOps(0);
            }
            transfer.done.accept(whole);
        }
    }

    private void sweep() {
        long now = nanos.getAsLong();
        for (SelectionKey key : List.copyOf(sending)) {
            if (key.attachment() instanceof Transfer transfer
                    && (!key.isValid() || now - transfer.progressNanos >= stallNanos)) {
                finish(key, false);
            }
        }
    }

    @Override
    public void close() throws IOException {
        ended = true;
        selector.wakeup();
        try {
            thread.join(SWEEP_MILLIS * 10L);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        selector.close();
    }
}
