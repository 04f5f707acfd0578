package dev.fieldproof.serial;

import dev.fieldproof.serial.flash.AuditLog;
import dev.fieldproof.serial.flash.FlashMonitor;
import dev.fieldproof.serial.flash.FlashPlan;
import dev.fieldproof.serial.flash.FlashReport;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Flashes several devices at once, one session per port, each recorded. Thread-safe. */
public final class FlashBatch {
    private final Map<String, EspFlasher> devices;
    private final AuditLog audit;
    private final InstantSource clock;

    /**
     * A batch.
     *
     * @param devices a flasher for each device, under the name the audit log uses; copied
     * @param audit takes a line for each session
     * @param clock times of the lines
     */
    public FlashBatch(Map<String, EspFlasher> devices, AuditLog audit, InstantSource clock) {
        this.devices = new LinkedHashMap<>(devices);
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Flashes the same plan everywhere and waits for all. A device that fails does not disturb the others.
     *
     * @param plan what is to be in flash
     * @param monitor hears all sessions, on their threads; cancels all
     * @param executor runs the sessions; for all at once it needs a thread for each device
     * @return how each ended, in the order of the devices
     */
    public Map<String, FlashReport> flash(FlashPlan plan, FlashMonitor monitor, Executor executor) {
        Map<String, CompletableFuture<FlashReport>> running = new LinkedHashMap<>();
        devices.forEach((name, flasher) -> running.put(
                name,
                CompletableFuture.supplyAsync(
                        () -> {
                            FlashReport report = flasher.flash(plan, monitor);
                            audit.record(clock.instant(), name, plan, report);
                            return report;
                        },
                        executor)));
        Map<String, FlashReport> reports = new LinkedHashMap<>();
        running.forEach((name, future) -> reports.put(name, future.join()));
        return reports;
    }
}
