package dev.fieldproof.serial.port;

import java.io.Closeable;
import java.io.IOException;

/**
 * A byte stream to a device, with the few controls that flashing needs. One thread at a time.
 *
 * <p>To bring your own, implement this and {@link PortOpener}; on Android, for example, over a USB serial library.
 */
public interface SerialPort extends Closeable {
    /**
     * Sends all bytes.
     *
     * @param bytes what to send
     * @throws IOException if the port is gone
     */
    void write(byte[] bytes) throws IOException;

    /**
     * Waits for at least one byte, and no longer than the timeout.
     *
     * @param buffer where bytes go, from index 0
     * @param timeoutMillis longest wait in milliseconds; 0 returns what is there already
     * @return how many bytes were read, 0 after the timeout
     * @throws IOException if the port is gone
     */
    int read(byte[] buffer, int timeoutMillis) throws IOException;

    /**
     * Sets the speed of this side.
     *
     * @param baud bits per second; streams without a speed ignore it
     * @throws IOException if the port refuses or is gone
     */
    void setBaud(int baud) throws IOException;

    /**
     * Sets both control lines, in one step where the platform can.
     *
     * @param dtr data terminal ready; pulls the boot pin low on common boards
     * @param rts request to send; pulls the reset pin low on common boards
     * @return false if this port has no such lines, in which case nothing happened
     * @throws IOException if the port is gone
     */
    boolean setLines(boolean dtr, boolean rts) throws IOException;

    /** Closes the port; never fails and may be called again. */
    @Override
    void close();
}
