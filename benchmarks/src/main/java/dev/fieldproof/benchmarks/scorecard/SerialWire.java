package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.serial.sim.SimChip;
import dev.fieldproof.serial.sim.WireFaults;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A wire to a simulated chip behind a TCP port, the same for every tool: ten bits for a byte at the chip's speed, a
 * latency for each answer, and a count of bytes. It reckons in the time of the model; what the tool itself takes to
 * think is not in it. Paced, the answers also come when they would.
 */
final class SerialWire implements AutoCloseable {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long BITS_PER_BYTE = 10;
    private static final long HOST_LATENCY_NANOS = 125_000;

    private final SimChip chip;
    private final long latencyNanos;
    private final boolean paced;
    private final WireFaults faults;
    private final ServerSocket server;
    private final Thread thread;
    private final AtomicLong toChipBytes = new AtomicLong();
    private final AtomicLong nowNanos = new AtomicLong();
    private long toHostFreeNanos;
    private long toHostBytes;

    SerialWire(SimChip chip, int latencyMillis, boolean paced, WireFaults faults) throws IOException {
        this.chip = chip;
        this.latencyNanos = latencyMillis * 1_000_000L;
        this.paced = paced;
        this.faults = faults;
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        thread = new Thread(this::serve, "serial wire");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    /** Seconds of the model since the first byte. */
    double seconds() {
        return (double) nowNanos.get() / NANOS_PER_SECOND;
    }

    long toChipBytes() {
        return toChipBytes.get();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.setTcpNoDelay(true);
                converse(socket.getInputStream(), socket.getOutputStream());
            } catch (IOException e) {
                // The tool has gone; the next may come.
            }
        }
    }

    private void converse(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[65_536];
        long began = System.nanoTime() - nowNanos.get();
        for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
            ByteArrayOutputStream replies = new ByteArrayOutputStream();
            long now = nowNanos.get() + HOST_LATENCY_NANOS;
            for (int i = 0; i < count; i++) {
                now += BITS_PER_BYTE * NANOS_PER_SECOND / chip.baud();
                chip.receive(buffer[i], now, (bytes, at) -> answer(bytes, at, replies));
            }
            while (chip.nextWakeNanos() < Long.MAX_VALUE) {
                chip.advanceTo(chip.nextWakeNanos(), (bytes, at) -> answer(bytes, at, replies));
            }
            toChipBytes.addAndGet(count);
            // A tool sends on when it has its answer.
            long then = replies.size() > 0 ? Math.max(now, toHostFreeNanos + latencyNanos) : now;
            nowNanos.set(then);
            while (paced && System.nanoTime() - began < then) {
                LockSupport.parkNanos(then - (System.nanoTime() - began));
            }
            out.write(replies.toByteArray());
        }
    }

    private void answer(byte[] bytes, long atNanos, ByteArrayOutputStream replies) {
        long time = Math.max(toHostFreeNanos, atNanos);
        toHostFreeNanos = time + bytes.length * BITS_PER_BYTE * NANOS_PER_SECOND / chip.baud();
        for (byte b : bytes) {
            replies.writeBytes(
                    faults.fate(WireFaults.Direction.TO_HOST, toHostBytes++, b).arrives());
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            thread.join(1000);
        } catch (IOException e) {
            // Closing is all that was wanted.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
