package dev.fieldproof.sparkplug.cli;

import dev.fieldproof.core.Scheduler;
import dev.fieldproof.sparkplug.EdgeNodeDescriptor;
import dev.fieldproof.sparkplug.host.FleetCounts;
import dev.fieldproof.sparkplug.host.HostApplication;
import dev.fieldproof.sparkplug.host.HostEvent;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows a fleet as a table that is drawn again and again. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        description = "Shows a fleet as a live table. Takes part as a host application of its own.")
final class WatchCommand implements Callable<Integer> {
    private static final int MAX_ROWS = 200;

    @Mixin
    private Connection connection = new Connection();

    @Option(
            names = "--host-id",
            paramLabel = "ID",
            defaultValue = "watch",
            description = "Host application identifier (default: ${DEFAULT-VALUE}).")
    private String hostId = "watch";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
        Scheduler scheduler = Scheduler.of(executor);
        SortedMap<Integer, String> lost = new ConcurrentSkipListMap<>();
        HostApplication host = HostCommand.build(connection, hostId)
                .scheduler(scheduler)
                .onEvent(event -> brokers(event, lost))
                .build();
        host.start();
        redraw(scheduler, host, lost, spec.commandLine().getOut(), System.getenv("TERM") != null);
        connection.runUntilEnd(host::close);
        executor.shutdownNow();
        return 0;
    }

    /** Keeps why each broker that is not connected is not. */
    static void brokers(HostEvent event, Map<Integer, String> lost) {
        if (event instanceof HostEvent.HostOnline online) {
            lost.remove(online.broker());
        } else if (event instanceof HostEvent.HostOffline offline) {
            lost.put(offline.broker(), offline.detail());
        }
    }

    private static void redraw(
            Scheduler scheduler,
            HostApplication host,
            SortedMap<Integer, String> lost,
            PrintWriter out,
            boolean terminal) {
        scheduler.schedule(Duration.ofSeconds(1), () -> {
            // Home and clear what is below, so that a terminal shows one table; a file gets one after the other.
            out.print(terminal ? "\u001b[H\u001b[J" : "");
            lost.forEach((broker, why) -> out.println("broker " + (broker + 1) + " is not connected: " + why));
            out.print(table(host));
            out.flush();
            redraw(scheduler, host, lost, out, terminal);
        });
    }

    static String table(HostApplication host) {
        FleetCounts counts = host.counts();
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                "%d online, %d stale, %d offline; %d samples, %d historical, %d repeated, %d lost%n",
                counts.online(),
                counts.stale(),
                counts.offline(),
                counts.samples(),
                counts.samplesHistorical(),
                counts.samplesRepeated(),
                counts.samplesLost()));
        text.append(String.format("%-40s %-8s %-26s %8s %8s%n", "NODE", "STATUS", "SINCE", "METRICS", "DEVICES"));
        int rows = 0;
        for (EdgeNodeDescriptor name : new TreeSet<>(host.nodes())) {
            if (++rows > MAX_ROWS) {
                text.append("and more\n");
                break;
            }
            host.node(name)
                    .ifPresent(node -> text.append(String.format(
                            "%-40s %-8s %-26s %8d %8d%n",
                            name,
                            node.status(),
                            node.since(),
                            node.metrics().size(),
                            node.devices().size())));
        }
        return text.toString();
    }
}
