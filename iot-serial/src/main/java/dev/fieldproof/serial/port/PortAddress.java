package dev.fieldproof.serial.port;

import java.io.IOException;
import java.net.URI;
import java.util.Locale;

/**
 * Turns what a person types into an opener: {@code socket://HOST:PORT}, {@code rfc2217://HOST:PORT}, or the path or
 * name of a serial device. Stateless and thread-safe.
 */
public final class PortAddress {
    private PortAddress() {}

    /**
     * An opener for an address. A device goes through jSerialComm where that library is present and has natives for
     * this machine, else straight through the device file, without control lines.
     *
     * @param address as typed
     * @return opens it when asked
     * @throws IllegalArgumentException if a network address has no host or no port
     */
    public static PortOpener opener(String address) {
        String lower = address.toLowerCase(Locale.ROOT);
        if (lower.startsWith("socket://") || lower.startsWith("rfc2217://")) {
            URI uri = URI.create(address);
            if (uri.getHost() == null || uri.getPort() < 1) {
                throw new IllegalArgumentException("a network port is written " + uri.getScheme() + "://HOST:PORT");
            }
            return lower.startsWith("socket")
                    ? TcpPort.opener(uri.getHost(), uri.getPort())
                    : Rfc2217Port.opener(uri.getHost(), uri.getPort());
        }
        return timeoutMillis -> Waiting.open(timeoutMillis, left -> device(address));
    }

    private static SerialPort device(String path) throws IOException {
        return JSerialComm.usable() ? JSerialCommPort.open(path) : DevicePort.open(path);
    }

    /** Whether jSerialComm can be touched: its class initialiser ends the JVM on systems it does not know. */
    static final class JSerialComm {
        private JSerialComm() {}

        static boolean usable() {
            String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
            boolean android = System.getProperty("java.vm.vendor", "").contains("Android")
                    || System.getenv("ANDROID_ROOT") != null;
            boolean known = system.startsWith("windows") || system.startsWith("linux") || system.startsWith("mac");
            if (android || !known) {
                return false;
            }
            try {
                Class.forName("com.fazecast.jSerialComm.SerialPort");
                return true;
            } catch (ClassNotFoundException | LinkageError e) {
                return false;
            }
        }
    }
}
