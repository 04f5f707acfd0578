package dev.fieldproof.serial.port;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Tries to open a port until it is there: a cable that was cut comes back when somebody plugs it in. */
final class Waiting {
    private static final long PAUSE_MILLIS = 100;

    private Waiting() {}

    static SerialPort open(int timeoutMillis, PortOpener once) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (true) {
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            try {
                return once.open((int) Math.max(1, leftMillis));
            } catch (IOException e) {
                if (leftMillis <= PAUSE_MILLIS || Thread.interrupted()) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
            }
        }
    }
}
