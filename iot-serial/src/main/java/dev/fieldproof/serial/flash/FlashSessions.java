package dev.fieldproof.serial.flash;

import dev.fieldproof.serial.port.PortOpener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Runs whole sessions: a pure machine and a driver. Stateless and thread-safe. */
public final class FlashSessions {
    private static final int DEFAULT_FLASH_BYTES = 4 << 20;

    private FlashSessions() {}

    /**
     * Brings a plan into flash.
     *
     * @param ports opens the port
     * @param options how the session behaves
     * @param plan what is to be in flash
     * @param monitor hears the progress and may cancel
     * @param nanoTime monotonic nanoseconds, the clock that the ports' timeouts run on
     * @return how it ended and what it cost
     */
    public static FlashReport flash(
            PortOpener ports, FlashOptions options, FlashPlan plan, FlashMonitor monitor, LongSupplier nanoTime) {
        return flash(ports, monitor, nanoTime, SessionMemory.none(), new FlashSession(plan, options));
    }

    /**
     * Brings a plan into flash, and keeps in a file what a new process needs to go on.
     *
     * @param ports opens the port
     * @param options how the session behaves
     * @param plan what is to be in flash
     * @param monitor hears the progress and may cancel
     * @param nanoTime monotonic nanoseconds, the clock that the ports' timeouts run on
     * @param stateFile is there while something is unfinished; what an earlier session of the same plan left in it is
     *     gone on with, what another plan left is overwritten
     * @return how it ended and what it cost
     * @throws IOException if the file is there and cannot be read or is not a session's state; nothing was sent
     */
    public static FlashReport flash(
            PortOpener ports,
            FlashOptions options,
            FlashPlan plan,
            FlashMonitor monitor,
            LongSupplier nanoTime,
            Path stateFile)
            throws IOException {
        SessionMemory memory = SessionMemory.in(stateFile);
        Optional<SessionState> earlier = memory.load().filter(state -> state.fits(plan));
        return flash(ports, monitor, nanoTime, memory, new FlashSession(plan, options, earlier));
    }

    private static FlashReport flash(
            PortOpener ports, FlashMonitor monitor, LongSupplier nanoTime, SessionMemory memory, FlashSession session) {
        try (SessionDriver driver = new SessionDriver(ports, monitor, nanoTime, memory)) {
            FlashResult result = driver.run(session.start()).orElseGet(FlashResult.Cancelled::new);
            return new FlashReport(result, driver.stats());
        }
    }

    /**
     * Says what answers.
     *
     * @param ports opens the port
     * @param options how the session behaves
     * @param nanoTime monotonic nanoseconds
     * @return the chip
     */
    public static Outcome<DeviceInfo> identify(PortOpener ports, FlashOptions options, LongSupplier nanoTime) {
        return run(ports, FlashMonitor.none(), nanoTime, Errand.identify(options, DEFAULT_FLASH_BYTES));
    }

    /**
     * Compares flash with parts, by the chip's MD5.
     *
     * @param ports opens the port
     * @param options how the session behaves
     * @param parts what should be there
     * @param nanoTime monotonic nanoseconds
     * @return names of the parts that differ
     */
    public static Outcome<List<String>> compare(
            PortOpener ports, FlashOptions options, List<FlashPart> parts, LongSupplier nanoTime) {
        int end = parts.stream().mapToInt(FlashPart::endOffset).max().orElse(0);
        return run(ports, FlashMonitor.none(), nanoTime, Errand.compare(options, flashFor(end), List.copyOf(parts)));
    }

    /**
     * Erases whole sectors.
     *
     * @param ports opens the port
     * @param options how the session behaves
     * @param offset where, a multiple of 4096
     * @param lengthBytes how much, a positive multiple of 4096
     * @param nanoTime monotonic nanoseconds
     * @return how many bytes were erased
     * @throws IllegalArgumentException if offset or length is not a multiple of 4096 or is out of range
     */
    public static Outcome<Integer> erase(
            PortOpener ports, FlashOptions options, int offset, int lengthBytes, LongSupplier nanoTime) {
        requireRange(offset, lengthBytes);
        if ((offset | lengthBytes) % FlashPart.SECTOR_BYTES != 0) {
            throw new IllegalArgumentException(
                    "only whole sectors of 4096 bytes can be erased: " + offset + ", " + lengthBytes);
        }
        Run sectors = new Run(offset, lengthBytes);
        return run(ports, FlashMonitor.none(), nanoTime, Errand.erase(options, flashFor(sectors.end()), sectors));
    }

    /**
     * Reads flash; every 4 KiB are confirmed by the chip's MD5.
     *
     * @param ports opens the port
     * @param options how the session behaves
     * @param offset where
     * @param lengthBytes how much, 1 to {@link FlashPart#MAX_BYTES}
     * @param monitor may cancel
     * @param nanoTime monotonic nanoseconds
     * @return the bytes
     * @throws IllegalArgumentException if offset or length is out of range
     */
    public static Outcome<byte[]> read(
            PortOpener ports,
            FlashOptions options,
            int offset,
            int lengthBytes,
            FlashMonitor monitor,
            LongSupplier nanoTime) {
        requireRange(offset, lengthBytes);
        Run range = new Run(offset, lengthBytes);
        Outcome<List<byte[]>> outcome =
                run(ports, monitor, nanoTime, Errand.read(options, flashFor(range.end()), range));
        if (outcome instanceof Outcome.Done<List<byte[]>> done) {
            ByteBuffer all = ByteBuffer.allocate(lengthBytes);
            done.value().forEach(all::put);
            return new Outcome.Done<>(all.array());
        }
        return outcome instanceof Outcome.Failed<List<byte[]>> failed
                ? new Outcome.Failed<>(failed.stage(), failed.reason())
                : new Outcome.Cancelled<>();
    }

    private static void requireRange(int offset, int lengthBytes) {
        if (offset < 0 || lengthBytes < 1 || lengthBytes > FlashPart.MAX_BYTES - offset) {
            throw new IllegalArgumentException("range " + offset + " + " + lengthBytes);
        }
    }

    /** The smallest flash of a usual size that holds so many bytes. */
    private static int flashFor(int end) {
        return Math.max(DEFAULT_FLASH_BYTES, Integer.highestOneBit(Math.max(1, end - 1)) << 1);
    }

    private static <T> Outcome<T> run(
            PortOpener ports, FlashMonitor monitor, LongSupplier nanoTime, Move<Outcome<T>> first) {
        try (SessionDriver driver = new SessionDriver(ports, monitor, nanoTime)) {
            return driver.run(first).orElseGet(Outcome.Cancelled::new);
        }
    }
}
