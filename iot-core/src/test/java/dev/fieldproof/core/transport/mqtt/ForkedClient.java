package dev.fieldproof.core.transport.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.LastWill;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.Transport;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A program with a will, to be killed. */
final class ForkedClient {
    private ForkedClient() {}

    /** Connects to the address given, says so, and waits for its end. */
    public static void main(String[] args) throws Exception {
        Transport transport = Transport.open(URI.create(args[0]));
        LastWill will = new LastWill(new Message("will", "killed".getBytes(UTF_8), Qos.AT_LEAST_ONCE, false));
        transport.connect(ConnectOptions.of("forked").withWill(will)).get(30, TimeUnit.SECONDS);
        System.out.println("connected");
        System.in.read();
        transport.close();
    }

    static Process fork(String address) throws IOException {
        String path = String.join(
                ":",
                Path.of("target/test-classes").toString(),
                Path.of("target/classes").toString(),
                System.getProperty("jdk.module.path", ""),
                System.getProperty("java.class.path"));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        path,
                        ForkedClient.class.getName(),
                        address)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
