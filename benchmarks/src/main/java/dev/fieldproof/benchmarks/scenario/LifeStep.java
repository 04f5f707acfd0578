package dev.fieldproof.benchmarks.scenario;

import dev.fieldproof.core.transport.Faults;
import dev.fieldproof.sparkplug.edge.EdgeMetric;
import dev.fieldproof.sparkplug.edge.EdgeNode;
import dev.fieldproof.sparkplug.host.FleetCounts;
import dev.fieldproof.sparkplug.host.HostApplication;
import dev.fieldproof.sparkplug.host.HostEvent;
import dev.fieldproof.sparkplug.payload.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Nodes are born, the network is cut and their deaths are told, they come back, and no sample is lost or doubled. */
final class LifeStep implements Step {
    private static final String MODULE = "iot-sparkplug";
    private static final int SAMPLES = 120;
    private static final Duration PERIOD = Duration.ofSeconds(10);

    /** One life of the fleet, as the host application sees it. */
    private static final class Fleet {
        final Day day;
        final RandomGenerator random;
        final List<EdgeNode> nodes = new ArrayList<>();
        final Set<String> sampled = new HashSet<>();
        final Set<String> received = new HashSet<>();
        final HostApplication host;
        int doubled;
        int counter;

        Fleet(Day day) {
            this.day = day;
            random = day.random(MODULE);
            host = HostApplication.builder("scada", day.broker::client)
                    .scheduler(day.clock)
                    .acknowledgeEvery(Duration.ofSeconds(5))
                    .onEvent(this::hear)
                    .build();
        }

        void hear(HostEvent event) {
            if (event instanceof HostEvent.Sample sample && sample.device().isEmpty()) {
                if (!received.add(sample.node() + " " + sample.value())) {
                    doubled++;
                }
            }
        }

        void comeAlive() {
            host.start();
            for (String id : day.nodeIds()) {
                EdgeNode node = EdgeNode.builder("site", id, day.broker::client)
                        .scheduler(day.clock)
                        .random(random)
                        .primaryHost("scada")
                        .metric("Level", Value.of(0))
                        .device("pump", new EdgeMetric.Definition("rpm", Value.of(0L)))
                        .build();
                node.device("pump").online();
                node.start();
                nodes.add(node);
            }
            day.clock.advance(Duration.ofMinutes(2));
        }

        void sample(int times) {
            for (int i = 0; i < times; i++) {
                for (EdgeNode node : nodes) {
                    int level = ++counter;
                    if (node.metric("Level").set(level)) {
                        sampled.add(node.descriptor() + " " + Value.of(level));
                    }
                }
                day.clock.advance(PERIOD);
            }
        }

        long missing() {
            return sampled.stream().filter(sample -> !received.contains(sample)).count();
        }

        void end() {
            nodes.forEach(EdgeNode::close);
            host.close();
            day.clock.advance(Duration.ofSeconds(10));
        }
    }

    @Override
    public Chapter run(Day day) {
        Fleet fleet = new Fleet(day);
        fleet.comeAlive();
        FleetCounts born = fleet.host.counts();
        day.tell(MODULE, born.online() + " nodes are born");
        fleet.sample(SAMPLES / 4);

        day.tell(MODULE, "the site's uplink is cut");
        fleet.nodes.forEach(node -> day.broker.cut(node.clientId()));
        fleet.sample(SAMPLES / 2);
        FleetCounts dark = fleet.host.counts();
        day.tell(MODULE, dark.deaths() + " deaths were told by their wills; the nodes go on sampling");

        day.broker.faults(new Faults(0.02, 0.02, 0.05, Duration.ofMillis(20), Duration.ofMillis(300)));
        fleet.nodes.forEach(node -> day.broker.restore(node.clientId()));
        fleet.sample(SAMPLES / 4);
        day.broker.faults(Faults.NONE);
        day.clock.advance(Duration.ofMinutes(30));
        FleetCounts after = fleet.host.counts();
        day.tell(MODULE, after.online() + " nodes are back, " + after.samplesHistorical() + " samples came late");

        int all = day.nodeIds().size();
        long missing = fleet.missing();
        Chapter chapter = Chapter.of("Nodes are born, vanish and come back", MODULE)
                .figure("nodes", all)
                .figure("samples taken", fleet.sampled.size())
                .figure("of them while nobody could hear", after.samplesHistorical())
                .figure("rebirths asked for", after.rebirthRequests())
                .invariant("every node is born", born.online() == all, born.online() + " of " + all)
                .invariant("every death is told", dark.deaths() == all, dark.deaths() + " of " + all)
                .invariant("every node comes back", after.online() == all, after.online() + " of " + all)
                .invariant(
                        "no sample is lost",
                        missing == 0,
                        missing + " lost, the host knows of " + after.samplesLost() + " lost and "
                                + after.samplesMissing() + " missing")
                .invariant("no sample is doubled", fleet.doubled == 0, fleet.doubled + " doubled")
                .build();
        fleet.end();
        return chapter;
    }
}
