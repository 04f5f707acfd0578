package dev.fieldproof.sparkplug.cli;

import dev.fieldproof.core.Scheduler;
import dev.fieldproof.sparkplug.edge.BdSeqStore;
import dev.fieldproof.sparkplug.edge.DiskSampleLog;
import dev.fieldproof.sparkplug.edge.EdgeEvent;
import dev.fieldproof.sparkplug.edge.EdgeMetric;
import dev.fieldproof.sparkplug.edge.EdgeNode;
import dev.fieldproof.sparkplug.edge.EdgeNodeBuilder;
import dev.fieldproof.sparkplug.payload.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs an edge node with a few metrics that change. */
@Command(
        name = "edge",
        mixinStandardHelpOptions = true,
        description = "Runs an edge node whose metrics change once a second; hosts may write to Setpoint.")
final class EdgeCommand implements Callable<Integer> {
    @Mixin
    private Connection connection = new Connection();

    @Option(names = "--group", required = true, description = "Group identifier.")
    private String group = "";

    @Option(names = "--node", required = true, description = "Edge node identifier.")
    private String node = "";

    @Option(names = "--device", paramLabel = "ID", description = "Adds a device; may be given again.")
    private List<String> devices = List.of();

    @Option(names = "--primary-host", paramLabel = "HOST", description = "Wait for this host application.")
    private @Nullable String primaryHost;

    @Option(
            names = "--store",
            paramLabel = "DIR",
            description = "Keep samples and bdSeq here, so that they survive a restart.")
    private @Nullable Path store;

    @Option(
            names = "--interval",
            paramLabel = "MILLIS",
            defaultValue = "1000",
            description = "Time between changes; 0 for none (default: ${DEFAULT-VALUE}).")
    private int intervalMillis = 1_000;

    @Option(names = "--no-aliases", description = "Send names in data messages.")
    private boolean noAliases;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
        Scheduler scheduler = Scheduler.of(executor);
        var sources = connection.sources();
        EdgeNodeBuilder builder = EdgeNode.builder(group, node, sources.get(0))
                .scheduler(scheduler)
                .keepAlive(connection.keepAlive())
                .aliases(!noAliases)
                .metric("Temperature", Value.of(20.5f))
                .metric("Uptime", Value.of(0L))
                .metric(new EdgeMetric.Definition("Setpoint", Value.of(21), true, null));
        sources.stream().skip(1).forEach(builder::broker);
        if (!connection.clientId().isEmpty()) {
            builder.clientId(connection.clientId());
        }
        if (primaryHost != null) {
            builder.primaryHost(primaryHost);
        }
        if (store != null) {
            Files.createDirectories(store);
            builder.bdSeqStore(BdSeqStore.file(store.resolve("bdseq")))
                    .sampleLog(DiskSampleLog.open(store.resolve("samples"), 100_000, new SplittableRandom()));
        }
        for (String device : devices) {
            builder.device(
                    device,
                    new EdgeMetric.Definition("Speed", Value.of(0)),
                    new EdgeMetric.Definition("Setpoint", Value.of(0), true, null));
        }
        EdgeNode[] running = new EdgeNode[1];
        builder.onEvent(event -> hear(event, running[0]));
        running[0] = builder.build();
        devices.forEach(device -> running[0].device(device).online());
        running[0].start();
        if (intervalMillis > 0) {
            change(scheduler, running[0], 1);
        }
        connection.runUntilEnd(running[0]::close);
        executor.shutdownNow();
        return 0;
    }

    /** A command is carried out by setting the metric; the change is what the host gets to see. */
    private void hear(EdgeEvent event, EdgeNode running) {
        spec.commandLine().getOut().println(event);
        if (event instanceof EdgeEvent.Command command) {
            EdgeMetric metric = command.device().isEmpty()
                    ? running.metric(command.metric())
                    : running.device(command.device()).metric(command.metric());
            metric.set(command.value());
        }
    }

    private void change(Scheduler scheduler, EdgeNode running, long count) {
        scheduler.schedule(Duration.ofMillis(intervalMillis), () -> {
            running.metric("Temperature").set(20.5 + 2 * Math.sin(count / 20.0));
            running.metric("Uptime").set(count);
            devices.forEach(device -> running.device(device).metric("Speed").set(count % 1000));
            change(scheduler, running, count + 1);
        });
    }
}
