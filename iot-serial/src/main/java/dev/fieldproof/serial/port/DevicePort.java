package dev.fieldproof.serial.port;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A device file, set up by the system's {@code stty}: for Linux, and for phones whose owner is root. Without control
 * lines, so the chip must be put into its loader by hand. Not thread-safe.
 */
public final class DevicePort implements SerialPort {
    private static final int ROM_BAUD = 115_200;
    private static final long STTY_SECONDS = 5;

    private final String path;
    private final FileInputStream in;
    private final FileOutputStream out;

    private DevicePort(String path) throws IOException {
        this.path = path;
        this.in = new FileInputStream(path);
        this.out = new FileOutputStream(path);
    }

    /**
     * Opens a device file.
     *
     * @param path such as {@code /dev/ttyUSB0}
     * @return the open port
     * @throws IOException if it does not exist, may not be opened, or is no terminal
     */
    public static DevicePort open(String path) throws IOException {
        if (!new File(path).exists()) {
            throw new IOException("no device " + path);
        }
        stty(path, ROM_BAUD);
        return new DevicePort(path);
    }

    /** A read returns after the first byte, or with nothing after a tenth of a second. */
    private static void stty(String path, int baud) throws IOException {
        String flag = System.getProperty("os.name", "").startsWith("Mac") ? "-f" : "-F";
        Process process = new ProcessBuilder(
                        "stty",
                        flag,
                        path,
                        "" + baud,
                        "raw",
                        "-echo",
                        "-crtscts",
                        "clocal",
                        "-hupcl",
                        "min",
                        "0",
                        "time",
                        "1")
                .redirectErrorStream(true)
                .start();
        try {
            if (!process.waitFor(STTY_SECONDS, TimeUnit.SECONDS)) {
                process.destroy();
                throw new IOException("stty does not return");
            }
            if (process.exitValue() != 0) {
                String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                throw new IOException("cannot set up " + path + ": " + said.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while setting up " + path, e);
        }
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    @Override
    public int read(byte[] buffer, int timeoutMillis) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        if (timeoutMillis <= 0 && in.available() == 0) {
            return 0;
        }
        do {
            int count = in.read(buffer);
            if (count > 0) {
                return count;
            }
            if (!new File(path).exists()) {
                throw new IOException(path + " is gone");
            }
        } while (System.nanoTime() < deadline);
        return 0;
    }

    @Override
    public void setBaud(int baud) throws IOException {
        stty(path, baud);
    }

    @Override
    public boolean setLines(boolean dtr, boolean rts) {
        return false;
    }

    @Override
    public void close() {
        try (in;
                out) {
            // Nothing else to release.
        } catch (IOException e) {
            // The device went away first.
        }
    }
}
