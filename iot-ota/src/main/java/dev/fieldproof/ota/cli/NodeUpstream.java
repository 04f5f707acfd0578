package dev.fieldproof.ota.cli;

import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonValue;
import dev.fieldproof.ota.record.RecordStore;
import dev.fieldproof.ota.site.OutcomeCollector;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Upstream's end of the sites' uplinks: takes their outcomes, and prints what it has. */
final class NodeUpstream implements Closeable {
    private final NodeLinks links = new NodeLinks();
    private final OutcomeCollector collector;
    private final Ending end = new Ending();

    NodeUpstream(RecordStore records, URI broker) throws IOException {
        Transport transport = links.open("--broker", broker);
        collector = new OutcomeCollector(transport, records);
        NodeLinks.connect(transport, ConnectOptions.of("upstream-outcomes"));
    }

    void runUntilToldToEnd(Consumer<String> troubles) throws IOException, InterruptedException {
        links.tell(troubles);
        end.await(this);
    }

    void endNow() {
        end.now();
    }

    /** One line, or one JSON object, for each outcome of a site. */
    static void print(RecordStore records, String site, boolean json, PrintWriter out) throws IOException {
        List<JsonValue> all = new ArrayList<>();
        for (OutcomeCollector.Outcome outcome : OutcomeCollector.outcomes(records, site)) {
            String at = Instant.ofEpochMilli(outcome.atMillis()).toString();
            if (json) {
                all.add(JsonObject.builder()
                        .put("number", outcome.number())
                        .put("at", at)
                        .put("device", outcome.device())
                        .put("version", outcome.version())
                        .put("end", outcome.end())
                        .build());
            } else {
                out.println(at + "  " + outcome.device() + "  " + outcome.version() + "  " + outcome.end());
            }
        }
        if (json) {
            out.println(JsonObject.builder()
                    .put("site", site)
                    .put("outcomes", new JsonValue.Array(all))
                    .build());
        }
    }

    @Override
    public void close() {
        collector.close();
        links.close();
    }
}
