package dev.fieldproof.serial;

import dev.fieldproof.serial.flash.DeviceInfo;
import dev.fieldproof.serial.flash.FlashMonitor;
import dev.fieldproof.serial.flash.FlashOptions;
import dev.fieldproof.serial.flash.FlashPart;
import dev.fieldproof.serial.flash.FlashPlan;
import dev.fieldproof.serial.flash.FlashReport;
import dev.fieldproof.serial.flash.FlashSessions;
import dev.fieldproof.serial.flash.Outcome;
import dev.fieldproof.serial.port.PortOpener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Brings a plan into the flash of an ESP chip, whatever the cable does, and says how it went. Thread-safe as long as
 * the opener is; one port serves one session at a time.
 */
public final class EspFlasher {
    private final PortOpener ports;
    private final FlashOptions options;
    private final LongSupplier nanoTime;

    /**
     * A flasher on the machine's clock.
     *
     * @param ports opens the port, again after a cable came back
     * @param options how sessions behave
     */
    public EspFlasher(PortOpener ports, FlashOptions options) {
        this(ports, options, System::nanoTime);
    }

    /**
     * A flasher on a clock of its own, for simulated ports.
     *
     * @param ports opens the port, again after a cable came back
     * @param options how sessions behave
     * @param nanoTime monotonic nanoseconds, the clock that the ports' timeouts run on
     */
    public EspFlasher(PortOpener ports, FlashOptions options, LongSupplier nanoTime) {
        this.ports = ports;
        this.options = options;
        this.nanoTime = nanoTime;
    }

    /**
     * Flashes without being watched.
     *
     * @param plan what is to be in flash
     * @return how it ended and what it cost; a device or cable that fails is a result, not an exception
     */
    public FlashReport flash(FlashPlan plan) {
        return flash(plan, FlashMonitor.none());
    }

    /**
     * Checks the plan, brings what differs into flash, has the chip confirm it, and starts the application. May be
     * called again after any end: it goes on from what is in flash.
     *
     * @param plan what is to be in flash
     * @param monitor hears the progress and may cancel; called on this thread
     * @return how it ended and what it cost; a device or cable that fails is a result, not an exception
     */
    public FlashReport flash(FlashPlan plan, FlashMonitor monitor) {
        return FlashSessions.flash(ports, options, plan, monitor, nanoTime);
    }

    /**
     * Flashes like {@link #flash(FlashPlan, FlashMonitor)}, and keeps in a file what a new process needs to go on
     * without comparing from the beginning, and to still know that neighbours are suspect.
     *
     * @param plan what is to be in flash
     * @param monitor hears the progress and may cancel; called on this thread
     * @param stateFile is there while something is unfinished; one for each device. What an earlier session of the same
     *     plan left in it is gone on with, what another plan left is overwritten
     * @return how it ended and what it cost; a device or cable that fails is a result, not an exception
     * @throws IOException if the file is there and cannot be read or is not a session's state; nothing was sent
     */
    public FlashReport flash(FlashPlan plan, FlashMonitor monitor, Path stateFile) throws IOException {
        return FlashSessions.flash(ports, options, plan, monitor, nanoTime, stateFile);
    }

    /**
     * Says what answers.
     *
     * @return the chip
     */
    public Outcome<DeviceInfo> identify() {
        return FlashSessions.identify(ports, options, nanoTime);
    }

    /**
     * Compares flash with what should be there, by the chip's MD5; nothing is written.
     *
     * @param parts what should be there
     * @return names of the parts that differ
     */
    public Outcome<List<String>> compare(List<FlashPart> parts) {
        return FlashSessions.compare(ports, options, parts, nanoTime);
    }

    /**
     * Erases whole sectors.
     *
     * @param offset where, a multiple of 4096
     * @param lengthBytes how much, a positive multiple of 4096
     * @return how many bytes were erased
     * @throws IllegalArgumentException if offset or length is not a multiple of 4096 or is out of range
     */
    public Outcome<Integer> erase(int offset, int lengthBytes) {
        return FlashSessions.erase(ports, options, offset, lengthBytes, nanoTime);
    }

    /**
     * Reads flash; every 4 KiB are confirmed by the chip's MD5.
     *
     * @param offset where
     * @param lengthBytes how much, 1 to {@link FlashPart#MAX_BYTES}
     * @param monitor may cancel
     * @return the bytes
     * @throws IllegalArgumentException if offset or length is out of range
     */
    public Outcome<byte[]> read(int offset, int lengthBytes, FlashMonitor monitor) {
        return FlashSessions.read(ports, options, offset, lengthBytes, monitor, nanoTime);
    }
}
