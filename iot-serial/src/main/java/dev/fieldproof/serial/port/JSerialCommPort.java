package dev.fieldproof.serial.port;

import java.io.IOException;

/** A device through jSerialComm, an optional dependency. Not thread-safe. */
public final class JSerialCommPort implements SerialPort {
    private static final int ROM_BAUD = 115_200;
    private static final int WRITE_TIMEOUT_MILLIS = 10_000;

    private final com.fazecast.jSerialComm.SerialPort port;

    private JSerialCommPort(com.fazecast.jSerialComm.SerialPort port) {
        this.port = port;
    }

    /**
     * Opens a device.
     *
     * @param path such as {@code /dev/ttyUSB0} or {@code COM3}
     * @return the open port
     * @throws IOException if there is no such device or it is in use
     */
    public static JSerialCommPort open(String path) throws IOException {
        try {
            com.fazecast.jSerialComm.SerialPort port = com.fazecast.jSerialComm.SerialPort.getCommPort(path);
            port.setComPortParameters(
                    ROM_BAUD,
                    8,
                    com.fazecast.jSerialComm.SerialPort.ONE_STOP_BIT,
                    com.fazecast.jSerialComm.SerialPort.NO_PARITY);
            if (!port.openPort()) {
                throw new IOException("cannot open " + path + " (error " + port.getLastErrorCode() + ")");
            }
            return new JSerialCommPort(port);
        } catch (com.fazecast.jSerialComm.SerialPortInvalidPortException e) {
            throw new IOException("no serial port " + path, e);
        }
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        port.setComPortTimeouts(com.fazecast.jSerialComm.SerialPort.TIMEOUT_WRITE_BLOCKING, 0, WRITE_TIMEOUT_MILLIS);
        int from = 0;
        while (from < bytes.length) {
            int count = port.writeBytes(bytes, bytes.length - from, from);
            if (count <= 0) {
                throw new IOException("the port takes no more bytes");
            }
            from += count;
        }
    }

    @Override
    public int read(byte[] buffer, int timeoutMillis) throws IOException {
        int available = port.bytesAvailable();
        if (available < 0) {
            throw new IOException("the port is gone");
        }
        if (available == 0 && timeoutMillis <= 0) {
            return 0;
        }
        // One byte is waited for, then what has come with it is taken.
        port.setComPortTimeouts(
                com.fazecast.jSerialComm.SerialPort.TIMEOUT_READ_SEMI_BLOCKING, Math.max(1, timeoutMillis), 0);
        int count = port.readBytes(buffer, buffer.length);
        if (count < 0) {
            throw new IOException("the port is gone");
        }
        return count;
    }

    @Override
    public void setBaud(int baud) throws IOException {
        if (!port.setBaudRate(baud)) {
            throw new IOException("the port refuses " + baud + " bits per second");
        }
    }

    @Override
    public boolean setLines(boolean dtr, boolean rts) {
        // At once: between the two the chip could already start.
        return port.setDTRandRTS(dtr, rts);
    }

    @Override
    public void close() {
        port.closePort();
    }
}
