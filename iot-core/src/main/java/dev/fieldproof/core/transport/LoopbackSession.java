package dev.fieldproof.core.transport;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the broker keeps of a client (MQTT 5.0, section 4.1), connected or not. Runs in the mailbox. */
final class LoopbackSession {
    final String clientId;
    final Exchanges exchanges;
    final Map<TopicFilter, Qos> subscriptions = new LinkedHashMap<>();
    Duration expiry = Duration.ZERO;

    @Nullable
    LoopbackConnection connection;

    @Nullable
    LastWill will;

    /** Counts connections, so that a timer set in an earlier one knows that it is void. */
    int generation;

    LoopbackSession(String clientId, Exchanges exchanges) {
        this.clientId = clientId;
        this.exchanges = exchanges;
    }
}
