package dev.fieldproof.serial.slip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fieldproof.core.sim.SeededRuns;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlipTest {
    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static List<byte[]> decode(SlipDecoder decoder, byte[] stream) {
        List<byte[]> packets = new ArrayList<>();
        for (byte b : stream) {
            decoder.accept(b).ifPresent(packets::add);
        }
        return packets;
    }

    @Test
    void escapesDelimiterAndEscape() {
        // END, 01, END as ESC ESC_END, ESC as ESC ESC_ESC, 02, END
        assertArrayEquals(hex("c0 01 dbdc dbdd 02 c0"), Slip.encode(hex("01 c0 db 02")));
    }

    @Test
    void aWrongEscapeCostsOnePacket() {
        SlipDecoder decoder = new SlipDecoder(100);
        List<byte[]> packets = decode(decoder, hex("c0 01 db 02 c0 c0 03 c0"));
        assertEquals(1, packets.size());
        assertArrayEquals(hex("03"), packets.get(0));
        assertEquals(1, decoder.droppedPackets());
    }

    @Test
    void aPacketBeyondTheLimitIsDropped() {
        SlipDecoder decoder = new SlipDecoder(4);
        assertEquals(1, decode(decoder, hex("c0 0102030405 c0 01020304 c0")).size());
        assertEquals(1, decoder.droppedPackets());
    }

    @Test
    void noiseBetweenPacketsIsAPacketOfItsOwn() {
        assertEquals(
                3, decode(new SlipDecoder(100), hex("c0 01 c0 55aa c0 02 c0")).size());
    }

    @Test
    void anyPacketsRoundTrip() {
        SeededRuns.check(200, random -> {
            byte[] packet = new byte[1 + random.nextInt(300)];
            random.nextBytes(packet);
            for (int i = 0; i < packet.length; i += 3) {
                packet[i] = random.nextBoolean() ? Slip.END : Slip.ESC;
            }
            byte[] framed = Slip.encode(packet);
            assertEquals(framed.length, Slip.encodedLength(packet));
            List<byte[]> decoded = decode(new SlipDecoder(300), framed);
            assertEquals(1, decoded.size());
            assertArrayEquals(packet, decoded.get(0));
        });
    }
}
