package dev.fieldproof.core.health;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class HeartbeatPropertyTest {
    private static final Heartbeat BEAT = new Heartbeat(
            ResetReason.BROWN_OUT,
            1,
            5,
            0x1234,
            86_400,
            17,
            102_400,
            51_200,
            25_600,
            1000,
            -71,
            3,
            3700,
            -550,
            0x0123_4567_89AB_CDEFL);

    /** The bytes of {@link #BEAT}, field by field. */
    private static final String BYTES = "19" // version 1, reset reason 9: brown-out
            + "15" // slot 1, disconnect cause 5
            + "3412" // sequence
            + "80510100" // uptime: one day
            + "1100" // boots
            + "9001" // free heap: 400 x 256
            + "c800" // low-water mark: 200 x 256
            + "6400" // largest block: 100 x 256
            + "fa00" // erases: 250 x 4
            + "b9" // RSSI -71 dBm
            + "03" // reconnects
            + "740e" // battery 3,700 mV
            + "dafd" // temperature -5.50 degrees
            + "0123456789abcdef"; // firmware digest

    @Test
    void hasTheDocumentedBytes() throws HeartbeatFormatException {
        assertEquals(BYTES, HexFormat.of().formatHex(BEAT.encode()));
        assertEquals(BEAT, Heartbeat.decode(HexFormat.of().parseHex(BYTES)));
    }

    @Test
    void refusesWhatBreaksARuleAndNamesTheByte() {
        assertEquals(31, refusal(BYTES.substring(2)).offsetBytes());
        assertEquals(32, refusal(BYTES + "00").offsetBytes());
        assertEquals(0, refusal("29" + BYTES.substring(2)).offsetBytes());
        HeartbeatFormatException rssi = refusal(BYTES.substring(0, 36) + "01" + BYTES.substring(38));
        assertEquals(18, rssi.offsetBytes());
        assertEquals("RSSI is not above 0 dBm, at byte 18", rssi.getMessage());
        assertEquals(0, rssi.getStackTrace().length);
    }

    private static HeartbeatFormatException refusal(String hex) {
        return assertThrows(
                HeartbeatFormatException.class,
                () -> Heartbeat.decode(HexFormat.of().parseHex(hex)));
    }

    @Test
    void anyBytesAreRefusedOrSurviveTheWayBack() {
        SeededRuns.check(20_000, random -> {
            byte[] bytes = new byte[random.nextInt(8) == 0 ? random.nextInt(70) : Heartbeat.LENGTH_BYTES];
            random.nextBytes(bytes);
            if (bytes.length > 0 && random.nextBoolean()) {
                bytes[0] = (byte) (0x10 | (bytes[0] & 0xF));
            }
            try {
                assertArrayEquals(bytes, Heartbeat.decode(bytes).encode());
            } catch (HeartbeatFormatException e) {
                assertTrue(e.offsetBytes() >= 0 && e.offsetBytes() <= Heartbeat.LENGTH_BYTES);
            }
        });
    }

    @Test
    void refusesValuesThatDoNotFit() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> new Heartbeat(
                        ResetReason.UNKNOWN, 0, 0, 0, 0, 0, 1 << 24, 0, 0, 0, 0, 0, 0, Heartbeat.NOT_MEASURED, 0));
        assertTrue(e.getMessage().startsWith("freeHeapBytes 16777216"), e.getMessage());
    }
}
