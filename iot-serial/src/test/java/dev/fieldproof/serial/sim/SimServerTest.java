package dev.fieldproof.serial.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.serial.Bench;
import dev.fieldproof.serial.Chip;
import dev.fieldproof.serial.EspFlasher;
import dev.fieldproof.serial.flash.FlashOptions;
import dev.fieldproof.serial.flash.FlashPart;
import dev.fieldproof.serial.flash.FlashPlan;
import dev.fieldproof.serial.flash.FlashReport;
import dev.fieldproof.serial.port.TcpPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SimServerTest {
    @Test
    void isFlashedOverTcp() throws IOException {
        SimChip chip = new SimChip(Chip.ESP32S3, new SimFlash(4 << 20), SimTiming.NONE);
        chip.enterLoader();
        FlashPlan plan = Bench.plan(Chip.ESP32S3, 60_000, 1);
        try (SimServer server = SimServer.start(chip)) {
            FlashOptions options = FlashOptions.defaults().withReset(FlashOptions.Reset.NONE);
            EspFlasher flasher = new EspFlasher(TcpPort.opener("127.0.0.1", server.port()), options);
            FlashReport report = flasher.flash(plan);
            assertTrue(report.flashed(), report.toString());
        }
        for (FlashPart part : plan.parts()) {
            assertArrayEquals(part.bytes(), chip.flash().read(part.offset(), part.bytes().length), part.name());
        }
    }

    /** A connection that comes while the server closes is ended with it; closing could wait for it for ever. */
    @Test
    @Timeout(120)
    void closingEndsAConnectionThatHasJustCome() throws IOException {
        for (int i = 0; i < 1_000; i++) {
            SimServer server = SimServer.start(new SimChip(Chip.ESP32C3, new SimFlash(4096), SimTiming.NONE));
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                server.close();
                assertTrue(isOver(socket), "connection " + i);
            }
        }
    }

    private static boolean isOver(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }
}
