package dev.fieldproof.sparkplug.cli;

import dev.fieldproof.sparkplug.host.HostApplication;
import dev.fieldproof.sparkplug.host.HostApplicationBuilder;
import dev.fieldproof.sparkplug.host.HostEvent;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a host application and prints what it hears. */
@Command(name = "host", mixinStandardHelpOptions = true, description = "Runs a host application and prints its events.")
final class HostCommand implements Callable<Integer> {
    @Mixin
    private Connection connection = new Connection();

    @Option(names = "--host-id", required = true, paramLabel = "ID", description = "Host application identifier.")
    private String hostId = "";

    @Option(
            names = "--reorder-timeout",
            paramLabel = "MILLIS",
            defaultValue = "2000",
            description = "How long a message may be overtaken (default: ${DEFAULT-VALUE}).")
    private long reorderMillis = 2_000;

    @Option(names = "--acknowledge", description = "Tell edge nodes which samples have been received.")
    private boolean acknowledge;

    @Option(names = "--quiet", description = "Leave out samples.")
    private boolean quiet;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        HostApplication host = build(connection, hostId)
                .reorderTimeout(Duration.ofMillis(reorderMillis))
                .acknowledgeEvery(acknowledge ? Duration.ofSeconds(5) : Duration.ZERO)
                .onEvent(event -> {
                    if (!quiet || !(event instanceof HostEvent.Sample)) {
                        out.println(event);
                    }
                })
                .build();
        host.start();
        connection.runUntilEnd(host::close);
        return 0;
    }

    static HostApplicationBuilder build(Connection connection, String hostId) throws IOException {
        var sources = connection.sources();
        HostApplicationBuilder builder =
                HostApplication.builder(hostId, sources.get(0)).keepAlive(connection.keepAlive());
        sources.stream().skip(1).forEach(builder::broker);
        return connection.clientId().isEmpty() ? builder : builder.clientId(connection.clientId());
    }
}
