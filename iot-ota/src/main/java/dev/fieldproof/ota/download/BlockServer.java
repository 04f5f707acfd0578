package dev.fieldproof.ota.download;

import dev.fieldproof.core.store.ArtifactNotFoundException;
import dev.fieldproof.core.store.ArtifactStore;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.Subscription;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves artifacts of a store, piece by piece, to {@link TransportSource}s: for nodes that reach a broker, but no web
 * server. Requests come on {@code BASE/get/CLIENT}, replies go to {@code BASE/part/CLIENT}. Thread-safe.
 */
public final class BlockServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BlockServer.class);

    private final Transport transport;
    private final String base;
    private final ArtifactStore store;
    private final Subscription subscription;

    /**
     * Begins to serve.
     *
     * @param transport stays the caller's to close
     * @param base begins the topics, without a slash at its end
     * @param store holds the artifacts; stays the caller's to close
     * @param executor reads and answers, away from the transport's thread
     */
    public BlockServer(Transport transport, String base, ArtifactStore store, Executor executor) {
        this.transport = transport;
        this.base = base;
        this.store = store;
        this.subscription = transport.subscribe(
                new TopicFilter(base + "/get/+"),
                Qos.AT_LEAST_ONCE,
                message -> BlockRequest.decode(message.payload())
                        .ifPresent(request -> executor.execute(() -> serve(message.topic(), request))));
    }

    private void serve(String topic, BlockRequest request) {
        String client = topic.substring(topic.lastIndexOf('/') + 1);
        try {
            byte[] reply = read(request);
            transport
                    .publish(new Message(base + "/part/" + client, reply, Qos.AT_LEAST_ONCE, false))
                    .exceptionally(failure -> {
                        LOG.debug("a piece for {} is lost; it will ask again", client, failure);
                        return null;
                    });
        } catch (IOException e) {
            LOG.warn("cannot read artifact {} for {}", request.artifact(), client, e);
        }
    }

    private byte[] read(BlockRequest request) throws IOException {
        try (ReadableByteChannel in = store.read(request.artifact(), request.fromBytes())) {
            ByteBuffer bytes = ByteBuffer.allocate(request.lengthBytes());
            while (bytes.hasRemaining() && in.read(bytes) >= 0) {
                // until it is full or the artifact ends
            }
            bytes.flip();
            return request.reply(bytes.remaining()).put(bytes).array();
        } catch (ArtifactNotFoundException e) {
            return request.reply(BlockRequest.NO_ARTIFACT).array();
        }
    }

    /** Serves no more. */
    @Override
    public void close() {
        subscription.close();
    }
}
