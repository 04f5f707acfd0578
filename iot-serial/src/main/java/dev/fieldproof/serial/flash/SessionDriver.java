package dev.fieldproof.serial.flash;

import dev.fieldproof.serial.port.PortOpener;
import dev.fieldproof.serial.port.SerialPort;
import dev.fieldproof.serial.slip.Slip;
import dev.fieldproof.serial.slip.SlipDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out a session's moves on a port. All waiting is done in {@link SerialPort#read}, so a simulated port brings
 * its own time. Not thread-safe; one session each.
 */
final class SessionDriver implements AutoCloseable {
    private static final int OPEN_TIMEOUT_MILLIS = 10_000;
    private static final int MAX_PACKET_BYTES = 0x1_0000 + 64;
    private static final int MAX_DRAINS = 64;

    private final PortOpener opener;
    private final FlashMonitor monitor;
    private final LongSupplier nanoTime;
    private final SessionMemory memory;
    private final SlipDecoder decoder = new SlipDecoder(MAX_PACKET_BYTES);
    private final byte[] buffer = new byte[4096];
    private int bufferFrom;
    private int bufferTo;
    private @Nullable SerialPort port;
    private long sent;
    private long received;
    private long requests;
    private long timeouts;
    private int opened;
    private boolean missing;

    SessionDriver(PortOpener opener, FlashMonitor monitor, LongSupplier nanoTime) {
        this(opener, monitor, nanoTime, SessionMemory.none());
    }

    SessionDriver(PortOpener opener, FlashMonitor monitor, LongSupplier nanoTime, SessionMemory memory) {
        this.opener = opener;
        this.monitor = monitor;
        this.nanoTime = nanoTime;
        this.memory = memory;
    }

    FlashReport.Stats stats() {
        return new FlashReport.Stats(sent, received, requests, timeouts, Math.max(0, opened - 1));
    }

    /** Runs a session to its end; empty if the monitor cancelled it. */
    <R> Optional<R> run(Move<R> first) {
        Move<R> move = first;
        while (move instanceof Move.Await<R> await) {
            if (monitor.cancelled()) {
                return Optional.empty();
            }
            move = react(await);
        }
        if (move instanceof Move.Finish<R> finish) {
            return Optional.of(finish.result());
        }
        throw new IllegalStateException("a session begins with something to do");
    }

    private <R> Move<R> react(Move.Await<R> await) {
        long deadline;
        try {
            for (Effect effect : await.effects()) {
                perform(effect);
            }
            boolean reopen = await.effects().stream().anyMatch(Effect.Reopen.class::isInstance);
            if (reopen) {
                return await.next().apply(new Event.Opened());
            }
            deadline = nanoTime.getAsLong() + await.timeoutMillis() * 1_000_000L;
            while (true) {
                Optional<byte[]> packet = receive(deadline);
                if (packet.isEmpty()) {
                    timeouts++;
                    return await.next().apply(new Event.TimedOut());
                }
                Move<R> next = await.next().apply(new Event.Received(packet.get()));
                if (!(next instanceof Move.KeepWaiting)) {
                    return next;
                }
            }
        } catch (IOException e) {
            close();
            return await.next().apply(new Event.Lost(String.valueOf(e.getMessage())));
        }
    }

    private void perform(Effect effect) throws IOException {
        if (effect instanceof Effect.Send send) {
            dropInput();
            requests++;
            write(Slip.encode(send.command().packet()));
        } else if (effect instanceof Effect.SendDelimiter) {
            write(new byte[] {Slip.END});
        } else if (effect instanceof Effect.Acknowledge acknowledge) {
            byte[] total = ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(acknowledge.totalBytes())
                    .array();
            write(Slip.encode(total));
        } else if (effect instanceof Effect.SetBaud baud) {
            port().setBaud(baud.baud());
        } else if (effect instanceof Effect.Reset reset) {
            reset(reset.sequence());
        } else if (effect instanceof Effect.Reopen) {
            close();
            port();
        } else if (effect instanceof Effect.Report report) {
            monitor.progress(report.progress());
        } else {
            keep(effect);
        }
    }

    /** A disk that fails is no reason to stop flashing: a new process would begin by comparing. */
    private void keep(Effect effect) {
        try {
            if (effect instanceof Effect.Remember remember) {
                memory.remember(remember.lines());
            } else if (effect instanceof Effect.Forget) {
                memory.forget();
            }
        } catch (IOException e) {
            monitor.stateNotKept(e);
        }
    }

    private SerialPort port() throws IOException {
        SerialPort open = port;
        if (open == null) {
            // A cable comes back; a port that never was there is waited for once.
            int timeoutMillis = missing ? 0 : OPEN_TIMEOUT_MILLIS;
            missing = opened == 0;
            open = opener.open(timeoutMillis);
            port = open;
            missing = false;
            opened++;
        }
        return open;
    }

    private void write(byte[] bytes) throws IOException {
        sent += bytes.length;
        port().write(bytes);
    }

    private void reset(ResetSequence sequence) throws IOException {
        for (ResetSequence.Step step : sequence.steps()) {
            if (!port().setLines(step.dtr(), step.rts())) {
                return;
            }
            long deadline = nanoTime.getAsLong() + step.waitMillis() * 1_000_000L;
            while (step.waitMillis() > 0 && read(deadline) > 0) {
                // What a chip says while it restarts is not for us.
            }
        }
    }

    /** Reads into the buffer, dropping what is in it; 0 after the deadline. */
    private int read(long deadline) throws IOException {
        bufferFrom = 0;
        bufferTo = 0;
        long millis = Math.max(0, (deadline - nanoTime.getAsLong() + 999_999) / 1_000_000);
        if (millis == 0) {
            return 0;
        }
        bufferTo = port().read(buffer, (int) millis);
        received += bufferTo;
        return bufferTo;
    }

    private void dropInput() throws IOException {
        decoder.reset();
        bufferFrom = 0;
        bufferTo = 0;
        for (int i = 0; i < MAX_DRAINS; i++) {
            int count = port().read(buffer, 0);
            if (count == 0) {
                return;
            }
            received += count;
        }
    }

    private Optional<byte[]> receive(long deadline) throws IOException {
        while (true) {
            while (bufferFrom < bufferTo) {
                Optional<byte[]> packet = decoder.accept(buffer[bufferFrom++]);
                if (packet.isPresent()) {
                    return packet;
                }
            }
            if (read(deadline) == 0) {
                return Optional.empty();
            }
        }
    }

    @Override
    public void close() {
        SerialPort open = port;
        port = null;
        if (open != null) {
            open.close();
        }
    }
}
