package dev.fieldproof.serial.port;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

/**
 * A raw TCP stream, as serial servers and the bridge apps of phones offer ({@code socket://host:port}). It has neither
 * speed nor control lines: the device must be in its loader already. Not thread-safe.
 */
public final class TcpPort implements SerialPort {
    private static final int MIN_TIMEOUT_MILLIS = 1;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private TcpPort(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /**
     * An opener for an address.
     *
     * @param host name or address
     * @param port 1 to 65535
     * @return connects anew at each call
     */
    public static PortOpener opener(String host, int port) {
        return timeoutMillis -> Waiting.open(timeoutMillis, left -> connect(host, port, left));
    }

    static TcpPort connect(String host, int port, int timeoutMillis) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(host, port), Math.max(MIN_TIMEOUT_MILLIS, timeoutMillis));
            return new TcpPort(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    @Override
    public int read(byte[] buffer, int timeoutMillis) throws IOException {
        if (timeoutMillis <= 0 && in.available() == 0) {
            return 0;
        }
        socket.setSoTimeout(Math.max(MIN_TIMEOUT_MILLIS, timeoutMillis));
        try {
            int count = in.read(buffer);
            if (count < 0) {
                throw new IOException("the other side closed the connection");
            }
            return count;
        } catch (SocketTimeoutException e) {
            return 0;
        }
    }

    @Override
    public void setBaud(int baud) {
        // A raw stream has no speed.
    }

    @Override
    public boolean setLines(boolean dtr, boolean rts) {
        return false;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing is left to release.
        }
    }
}
