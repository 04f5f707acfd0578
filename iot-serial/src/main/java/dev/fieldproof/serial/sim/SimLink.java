package dev.fieldproof.serial.sim;

import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.serial.port.PortOpener;
import dev.fieldproof.serial.port.SerialPort;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;

/**
 * A cable between a host and a simulated chip, in simulated time: ten bits per byte, a latency each way, and whatever
 * faults it is given. Reading moves the clock. Not thread-safe.
 */
public final class SimLink implements PortOpener {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long BITS_PER_BYTE = 10;
    private static final long HOST_LATENCY_NANOS = 125_000;

    private final SimChip chip;
    private final SimClock clock;
    private final WireFaults faults;
    private final long latencyNanos;
    private final boolean controlLines;
    private final ArrayDeque<Arrival> toHost = new ArrayDeque<>();
    private long toChipFreeNanos;
    private long toHostFreeNanos;
    private long toChipBytes;
    private long toHostBytes;
    private boolean cut;
    private int hostBaud = 115_200;

    private record Arrival(byte value, long atNanos) {}

    /**
     * A cable.
     *
     * @param chip what it leads to
     * @param clock simulated time, moved by reading
     * @param faults what goes wrong on it
     * @param latencyMillis how late replies are, in milliseconds; USB adapters have 1 to 16
     * @param controlLines whether it carries DTR and RTS
     */
    public SimLink(SimChip chip, SimClock clock, WireFaults faults, int latencyMillis, boolean controlLines) {
        this.chip = chip;
        this.clock = clock;
        this.faults = faults;
        this.latencyNanos = latencyMillis * 1_000_000L;
        this.controlLines = controlLines;
    }

    /**
     * A perfect cable with control lines and 1 ms latency.
     *
     * @param chip what it leads to
     * @param clock simulated time, moved by reading
     */
    public SimLink(SimChip chip, SimClock clock) {
        this(chip, clock, WireFaults.NONE, 1, true);
    }

    /**
     * How many bytes the host has sent.
     *
     * @return the count since construction
     */
    public long toChipBytes() {
        return toChipBytes;
    }

    /**
     * How many bytes the chip has sent.
     *
     * @return the count since construction
     */
    public long toHostBytes() {
        return toHostBytes;
    }

    /** Pulls the cable: ports in use fail from now on; opening puts it back. */
    public void cut() {
        cut = true;
    }

    @Override
    public SerialPort open(int timeoutMillis) {
        cut = false;
        hostBaud = 115_200;
        toHost.clear();
        return new Port();
    }

    private void transmit(byte b) throws IOException {
        long start = Math.max(toChipFreeNanos, clock.nanoTime() + HOST_LATENCY_NANOS);
        toChipFreeNanos = start + BITS_PER_BYTE * NANOS_PER_SECOND / hostBaud;
        WireFaults.Fate fate = faults.fate(WireFaults.Direction.TO_CHIP, toChipBytes++, b);
        requireUncut(fate);
        for (byte arrived : fate.arrives()) {
            // At the wrong speed bits are sampled at the wrong places.
            byte heard = chip.baud() == hostBaud ? arrived : (byte) (arrived * 7 ^ 0x5A);
            chip.receive(heard, toChipFreeNanos, this::send);
        }
    }

    private void requireUncut(WireFaults.Fate fate) throws IOException {
        if (fate.cuts()) {
            cut = true;
        }
        if (cut) {
            throw new IOException("the cable is cut");
        }
    }

    private void send(byte[] bytes, long atNanos) {
        long time = Math.max(toHostFreeNanos, atNanos);
        for (byte b : bytes) {
            time += BITS_PER_BYTE * NANOS_PER_SECOND / chip.baud();
            WireFaults.Fate fate = faults.fate(WireFaults.Direction.TO_HOST, toHostBytes++, b);
            if (fate.cuts()) {
                cut = true;
            }
            for (byte arrived : cut ? new byte[0] : fate.arrives()) {
                byte heard = chip.baud() == hostBaud ? arrived : (byte) (arrived * 7 ^ 0x5A);
                toHost.add(new Arrival(heard, time + latencyNanos));
            }
        }
        toHostFreeNanos = time;
    }

    private final class Port implements SerialPort {
        private boolean closed;

        private void check() throws IOException {
            if (closed || cut) {
                throw new IOException("the cable is cut");
            }
        }

        @Override
        public void write(byte[] bytes) throws IOException {
            for (byte b : bytes) {
                check();
                transmit(b);
            }
        }

        @Override
        public int read(byte[] buffer, int timeoutMillis) throws IOException {
            check();
            long deadline = clock.nanoTime() + timeoutMillis * 1_000_000L;
            while (toHost.isEmpty() && chip.nextWakeNanos() <= deadline) {
                chip.advanceTo(chip.nextWakeNanos(), SimLink.this::send);
                check();
            }
            Arrival first = toHost.peek();
            if (first == null || first.atNanos > deadline) {
                moveTo(deadline);
                return 0;
            }
            moveTo(first.atNanos);
            int count = 0;
            for (Arrival next = first; next != null && next.atNanos <= clock.nanoTime(); next = toHost.peek()) {
                if (count == buffer.length) {
                    break;
                }
                buffer[count++] = next.value;
                toHost.remove();
            }
            return count;
        }

        private void moveTo(long nanos) {
            clock.advance(Duration.ofNanos(Math.max(0, nanos - clock.nanoTime())));
        }

        @Override
        public void setBaud(int baud) throws IOException {
            check();
            hostBaud = baud;
        }

        @Override
        public boolean setLines(boolean dtr, boolean rts) throws IOException {
            check();
            if (controlLines) {
                chip.lines(dtr, rts);
            }
            return controlLines;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
