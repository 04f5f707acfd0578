package dev.fieldproof.serial.port;

import java.io.IOException;

/** Opens a port, and opens it again after a cable came back. */
@FunctionalInterface
public interface PortOpener {
    /**
     * Opens the port at 115200 bits per second, 8 data bits, no parity, 1 stop bit.
     *
     * @param timeoutMillis how long to wait for a port that is not there (yet), in milliseconds
     * @return an open port
     * @throws IOException if it does not appear in time
     */
    SerialPort open(int timeoutMillis) throws IOException;
}
