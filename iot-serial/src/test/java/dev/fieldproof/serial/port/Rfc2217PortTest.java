package dev.fieldproof.serial.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class Rfc2217PortTest {
    private ServerSocket server;
    private SerialPort port;
    private Socket peer;

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    @BeforeEach
    void connect() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        port = PortAddress.opener("rfc2217://127.0.0.1:" + server.getLocalPort())
                .open(1000);
        peer = server.accept();
    }

    @AfterEach
    void close() throws IOException {
        port.close();
        peer.close();
        server.close();
    }

    private byte[] atPeer(int length) throws IOException {
        return peer.getInputStream().readNBytes(length);
    }

    private void skipGreeting() throws IOException {
        // WILL/DO binary and go-ahead, WILL com port, 8N1, 115200.
        byte[] greeting = hex("fffb00 fffd00 fffb03 fffd03 fffb2c"
                + " fffa2c0208fff0 fffa2c0301fff0 fffa2c0401fff0 fffa2c010001c200fff0");
        assertArrayEquals(greeting, atPeer(greeting.length));
    }

    @Test
    void negotiatesAndSetsTheLine() throws IOException {
        skipGreeting();
        port.setBaud(921_600);
        assertArrayEquals(hex("fffa2c01000e1000fff0"), atPeer(10));
        assertTrue(port.setLines(true, false));
        assertArrayEquals(hex("fffa2c0508fff0 fffa2c050cfff0"), atPeer(14));
    }

    @Test
    void doublesTheEscapeByteInDataAndInOptions() throws IOException {
        skipGreeting();
        port.write(hex("01ff02"));
        assertArrayEquals(hex("01ffff02"), atPeer(4));
        port.setBaud(0xFF00);
        assertArrayEquals(hex("fffa2c010000ffff00fff0"), atPeer(11));
    }

    @Test
    void takesTelnetOutOfTheData() throws IOException {
        skipGreeting();
        // data 41, IAC IAC, subnegotiation with a doubled IAC, DO 44, WILL echo (refused), data 42
        peer.getOutputStream().write(hex("41 ffff fffa2c65ffff01fff0 fffd2c fffb01 42"));
        byte[] buffer = new byte[64];
        int count = 0;
        while (count < 3) {
            byte[] more = new byte[64];
            int got = port.read(more, 1000);
            assertTrue(got > 0);
            System.arraycopy(more, 0, buffer, count, got);
            count += got;
        }
        assertArrayEquals(hex("41ff42"), Arrays.copyOf(buffer, count));
        assertArrayEquals(hex("fffe01"), atPeer(3));
    }

    @Test
    void aClosedConnectionIsAnError() throws IOException {
        peer.close();
        assertThrows(IOException.class, () -> {
            for (int i = 0; i < 10; i++) {
                port.read(new byte[64], 1000);
            }
        });
    }

    @Test
    void addressesAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> PortAddress.opener("rfc2217://host"));
        assertThrows(IllegalArgumentException.class, () -> PortAddress.opener("socket://:1"));
        IOException e = assertThrows(
                IOException.class, () -> PortAddress.opener("/no/such/device").open(1));
        assertEquals(1, String.valueOf(e.getMessage()).lines().count());
        assertThrows(IOException.class, () -> DevicePort.open("/no/such/device"));
    }
}
