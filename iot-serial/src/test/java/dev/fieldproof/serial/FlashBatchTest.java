package dev.fieldproof.serial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.serial.flash.AuditLog;
import dev.fieldproof.serial.flash.FlashMonitor;
import dev.fieldproof.serial.flash.FlashOptions;
import dev.fieldproof.serial.flash.FlashPlan;
import dev.fieldproof.serial.flash.FlashReport;
import dev.fieldproof.serial.sim.WireFaults;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class FlashBatchTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

    @Test
    void sixteenPortsAtOnceWithADeadOneAmongThem() {
        FlashPlan plan = Bench.plan(Chip.ESP32C3, 20_000, 1);
        Map<String, Bench> benches = new LinkedHashMap<>();
        Map<String, EspFlasher> flashers = new LinkedHashMap<>();
        for (int i = 0; i < 16; i++) {
            Bench bench = i == 5
                    ? Bench.of(Chip.ESP32C3, (way, index, value) -> WireFaults.Fate.LOST)
                    : Bench.of(Chip.ESP32C3);
            benches.put("port " + i, bench);
            flashers.put("port " + i, new EspFlasher(bench.link, FlashOptions.defaults(), bench.clock::nanoTime));
        }
        AuditLog audit = new AuditLog(List.of());
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            Map<String, FlashReport> reports =
                    new FlashBatch(flashers, audit, CLOCK).flash(plan, FlashMonitor.none(), threads);
            reports.forEach((name, report) -> assertEquals(!name.equals("port 5"), report.flashed(), name));
            assertEquals(List.copyOf(benches.keySet()), List.copyOf(reports.keySet()));
        } finally {
            threads.shutdown();
        }
        assertEquals(16, audit.lines().size());
        assertEquals(OptionalInt.empty(), AuditLog.brokenLine(audit.lines()));
    }

    @Test
    void anyChangeBreaksTheChain() {
        AuditLog audit = new AuditLog(List.of());
        FlashPlan plan = Bench.plan(Chip.ESP32C3, 1_000, 1);
        for (int i = 0; i < 4; i++) {
            FlashReport report = Bench.of(Chip.ESP32C3).flash(plan, FlashOptions.defaults());
            audit.record(Instant.EPOCH, "node\t" + i, plan, report);
        }
        List<String> lines = audit.lines();
        for (int i = 0; i < 3; i++) {
            List<String> edited = new ArrayList<>(lines);
            edited.set(i, lines.get(i).replace("node", "nude"));
            assertEquals(OptionalInt.of(i + 1), AuditLog.brokenLine(edited));
            List<String> removed = new ArrayList<>(lines);
            removed.remove(i);
            assertEquals(OptionalInt.of(i), AuditLog.brokenLine(removed));
            assertThrows(IllegalArgumentException.class, () -> new AuditLog(removed));
        }
        AuditLog resumed = new AuditLog(lines);
        assertEquals(audit.head(), resumed.head());
        assertTrue(lines.get(0).startsWith(AuditLog.GENESIS + "\t1970-01-01T00:00:00Z\tnode 0\t"), lines.get(0));
    }
}
