package dev.fieldproof.serial.port;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A serial port behind a network, with its speed and control lines: telnet with the com port control option (RFC 2217),
 * as terminal servers and bridge apps offer it ({@code rfc2217://host:port}). Not thread-safe.
 */
public final class Rfc2217Port implements SerialPort {
    private static final int ROM_BAUD = 115_200;
    private static final byte IAC = (byte) 255;
    private static final byte DONT = (byte) 254;
    private static final byte DO = (byte) 253;
    private static final byte WONT = (byte) 252;
    private static final byte WILL = (byte) 251;
    private static final byte SB = (byte) 250;
    private static final byte SE = (byte) 240;
    private static final byte BINARY = 0;
    private static final byte SUPPRESS_GO_AHEAD = 3;
    private static final byte COM_PORT = 44;
    private static final byte SET_BAUDRATE = 1;
    private static final byte SET_DATASIZE = 2;
    private static final byte SET_PARITY = 3;
    private static final byte SET_STOPSIZE = 4;
    private static final byte SET_CONTROL = 5;
    private static final byte DTR_ON = 8;
    private static final byte DTR_OFF = 9;
    private static final byte RTS_ON = 11;
    private static final byte RTS_OFF = 12;
    private static final int MAX_REFUSALS = 64;

    /** Where the telnet stream is. */
    private enum State {
        DATA,
        COMMAND,
        OPTION,
        SUBNEGOTIATION,
        SUBNEGOTIATION_COMMAND
    }

    private final TcpPort tcp;
    private State state = State.DATA;
    private byte command;
    private int refusals;

    private Rfc2217Port(TcpPort tcp) {
        this.tcp = tcp;
    }

    /**
     * An opener for an address.
     *
     * @param host name or address
     * @param port 1 to 65535
     * @return connects anew at each call
     */
    public static PortOpener opener(String host, int port) {
        return timeoutMillis -> Waiting.open(timeoutMillis, left -> open(TcpPort.connect(host, port, left)));
    }

    private static Rfc2217Port open(TcpPort tcp) throws IOException {
        Rfc2217Port port = new Rfc2217Port(tcp);
        tcp.write(new byte[] {
            IAC,
            WILL,
            BINARY,
            IAC,
            DO,
            BINARY,
            IAC,
            WILL,
            SUPPRESS_GO_AHEAD,
            IAC,
            DO,
            SUPPRESS_GO_AHEAD,
            IAC,
            WILL,
            COM_PORT
        });
        port.option(SET_DATASIZE, (byte) 8);
        port.option(SET_PARITY, (byte) 1);
        port.option(SET_STOPSIZE, (byte) 1);
        port.setBaud(ROM_BAUD);
        return port;
    }

    private void option(byte name, byte... value) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {IAC, SB, COM_PORT, name});
        out.writeBytes(doubled(value));
        out.writeBytes(new byte[] {IAC, SE});
        tcp.write(out.toByteArray());
    }

    private static byte[] doubled(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + 16);
        for (byte b : bytes) {
            out.write(b);
            if (b == IAC) {
                out.write(b);
            }
        }
        return out.toByteArray();
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        tcp.write(doubled(bytes));
    }

    @Override
    public int read(byte[] buffer, int timeoutMillis) throws IOException {
        long deadline = System.nanoTime() + timeoutMillis * 1_000_000L;
        while (true) {
            long leftMillis = Math.max(0, (deadline - System.nanoTime()) / 1_000_000);
            int count = tcp.read(buffer, (int) leftMillis);
            int data = 0;
            for (int i = 0; i < count; i++) {
                if (isData(buffer[i])) {
                    buffer[data++] = buffer[i];
                }
            }
            if (data > 0 || count == 0) {
                return data;
            }
        }
    }

    private boolean isData(byte b) throws IOException {
        switch (state) {
            case DATA -> {
                state = b == IAC ? State.COMMAND : State.DATA;
                return b != IAC;
            }
            case COMMAND -> {
                command = b;
                boolean option = b == DO || b == DONT || b == WILL || b == WONT;
                state = option ? State.OPTION : b == SB ? State.SUBNEGOTIATION : State.DATA;
                return b == IAC;
            }
            case OPTION -> {
                state = State.DATA;
                refuse(b);
            }
            case SUBNEGOTIATION -> state = b == IAC ? State.SUBNEGOTIATION_COMMAND : State.SUBNEGOTIATION;
            case SUBNEGOTIATION_COMMAND -> state = b == SE ? State.DATA : State.SUBNEGOTIATION;
        }
        return false;
    }

    /** What we asked for needs no answer; anything else is refused, a bounded number of times. */
    private void refuse(byte option) throws IOException {
        boolean ours = option == BINARY || option == SUPPRESS_GO_AHEAD || option == COM_PORT;
        if (!ours && (command == DO || command == WILL) && refusals++ < MAX_REFUSALS) {
            tcp.write(new byte[] {IAC, command == DO ? WONT : DONT, option});
        }
    }

    @Override
    public void setBaud(int baud) throws IOException {
        option(SET_BAUDRATE, ByteBuffer.allocate(4).putInt(baud).array());
    }

    @Override
    public boolean setLines(boolean dtr, boolean rts) throws IOException {
        option(SET_CONTROL, dtr ? DTR_ON : DTR_OFF);
        option(SET_CONTROL, rts ? RTS_ON : RTS_OFF);
        return true;
    }

    @Override
    public void close() {
        tcp.close();
    }
}
