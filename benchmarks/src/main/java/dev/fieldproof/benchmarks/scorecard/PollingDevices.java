package dev.fieldproof.benchmarks.scorecard;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Devices that ask a control node what there is to do, each on a connection of its own that it keeps, all on one
 * thread. A poll's time runs from when it was due, so that a node that falls behind cannot hide it.
 */
final class PollingDevices implements Closeable {
    private static final long MAX_WAIT_NANOS = 60_000_000_000L;

    private final InetSocketAddress node;
    private final Selector selector;
    private final List<Device> devices = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(16 * 1024);

    private static final class Device {
        private final ByteBuffer request;
        private @Nullable SocketChannel channel;
        private long dueNanos;
        private boolean waits;

        Device(String id, String token) {
            byte[] bytes = ("GET /default/controller/v1/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: TargetToken "
                            + token + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            request = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        }
    }

    PollingDevices(InetSocketAddress node, List<String> tokens) throws IOException {
        selector = Selector.open();
        this.node = node;
        for (int i = 0; i < tokens.size(); i++) {
            devices.add(new Device("d" + i, tokens.get(i)));
        }
    }

    /** The device's connection, made for its first poll. */
    private SocketChannel channel(Device device) throws IOException {
        SocketChannel known = device.channel;
        if (known == null) {
            known = SocketChannel.open(node);
            known.setOption(StandardSocketOptions.TCP_NODELAY, true);
            known.configureBlocking(false);
            known.register(selector, SelectionKey.OP_READ, device);
            device.channel = known;
        }
        return known;
    }

    /**
     * Polls, in turn, at a rate.
     *
     * @param polls how many in all
     * @param perSecond how many are due each second
     * @return milliseconds within which 99 of 100 were answered
     * @throws IOException if an answer is not 200, or does not come within a minute
     */
    double poll(int polls, int perSecond) throws IOException {
        long[] nanos = new long[polls];
        int sent = 0;
        int done = 0;
        long start = System.nanoTime();
        while (done < polls) {
            long now = System.nanoTime();
            while (sent < polls && start + sent * 1_000_000_000L / perSecond <= now) {
                Device device = devices.get(sent % devices.size());
                if (device.waits) {
                    break; // a device asks one thing at a time; its next poll is late from when it was due
                }
                device.dueNanos = start + sent * 1_000_000_000L / perSecond;
                device.waits = true;
                channel(device).write(device.request.rewind());
                sent++;
            }
            selector.select(1);
            now = System.nanoTime();
            if (now - start > MAX_WAIT_NANOS + polls * 1_000_000_000L / perSecond) {
                throw new IOException(done + " of " + polls + " polls were answered");
            }
            for (SelectionKey key : selector.selectedKeys()) {
                Device device = (Device) key.attachment();
                if (answered(device)) {
                    device.waits = false;
                    nanos[done++] = now - device.dueNanos;
                }
            }
            selector.selectedKeys().clear();
        }
        Arrays.sort(nanos);
        return nanos[(int) (polls * 0.99)] / 1e6;
    }

    /** Whether the answer is whole; it comes in one or two pieces, the header first. */
    private boolean answered(Device device) throws IOException {
        buffer.clear();
        if (channel(device).read(buffer) < 0) {
            throw new IOException("the node closed a connection");
        }
        byte[] bytes = new byte[buffer.flip().remaining()];
        buffer.get(bytes);
        String text = new String(bytes, StandardCharsets.US_ASCII);
        if (text.startsWith("HTTP/") && !text.startsWith("HTTP/1.1 200")) {
            throw new IOException(text.substring(0, Math.max(0, text.indexOf('\r'))));
        }
        return text.endsWith("}}}"); // the end of the links, and nowhere else
    }

    @Override
    public void close() throws IOException {
        for (Device device : devices) {
            if (device.channel != null) {
                device.channel.close();
            }
        }
        selector.close();
    }
}
