package dev.fieldproof.sparkplug.cli;

import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.ConnectionState;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.sparkplug.capture.Captured;
import dev.fieldproof.sparkplug.topic.SparkplugTopic;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes traffic down. Message by message, so that whatever ends the process leaves whole lines but for the last. */
@Command(
        name = "record",
        mixinStandardHelpOptions = true,
        description = "Records the traffic of a broker as a capture, for decode, replay and explain.")
final class RecordCommand implements Callable<Integer> {
    @Mixin
    private Connection connection = new Connection();

    @Option(
            names = "--max-mib",
            paramLabel = "MIB",
            defaultValue = "1024",
            description = "Write no more than this (default: ${DEFAULT-VALUE}).")
    private long maxMebibytes = 1024;

    @Parameters(paramLabel = "FILE", description = "Where to write; must not exist yet.")
    private Path file = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final AtomicReference<IOException> failure = new AtomicReference<>();
    private long messages;
    private long writtenBytes;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Transport> transports = new ArrayList<>();
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardOpenOption.CREATE_NEW)) {
            for (var source : connection.sources()) {
                Transport transport = source.open();
                transports.add(transport);
                transport.watch(this::tell);
                var unusedGrant = transport.subscribe(
                        new TopicFilter(SparkplugTopic.NAMESPACE + "/#"),
                        Qos.AT_LEAST_ONCE,
                        message -> write(out, message));
                String id = connection.clientId().isEmpty() ? "sparkplug-record" : connection.clientId();
                var unused = transport.connect(ConnectOptions.of(id).withKeepAlive(connection.keepAlive()));
            }
            connection.runUntilEnd(() -> transports.forEach(Transport::close));
        }
        if (failure.get() != null) {
            throw failure.get();
        }
        spec.commandLine().getOut().println(messages + " messages, " + writtenBytes + " bytes in " + file);
        return 0;
    }

    private void tell(ConnectionState state) {
        spec.commandLine().getErr().println(state);
    }

    private synchronized void write(BufferedWriter out, Message message) {
        try {
            String line = new Captured(Instant.now(), message).toLine();
            if (failure.get() != null || writtenBytes + line.length() >= maxMebibytes << 20) {
                failure.compareAndSet(null, new IOException(file + " is full: " + maxMebibytes + " MiB"));
                connection.end();
                return;
            }
            out.write(line);
            out.newLine();
            out.flush();
            messages++;
            writtenBytes += line.length() + 1L;
        } catch (IOException e) {
            failure.compareAndSet(null, e);
            connection.end();
        }
    }
}
