package dev.fieldproof.ota.site;

import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.Subscription;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonReader;
import dev.fieldproof.ota.site.Deployments.Action;
import dev.fieldproof.ota.site.Deployments.ActionState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Outcomes that devices report over a {@link Transport} instead of HTTP: what a device says on {@code
 * fieldproof/site/SITE/device/DEVICE/outcome}, {@code {"action":1,"end":"SUCCEEDED","details":["..."]}}, is counted
 * once, and answered when it is durable, on the same topic with {@code /accepted} or {@code /rejected} behind it. Which
 * device may publish under which name is for the broker to say. Thread-safe.
 */
public final class DeviceReports implements AutoCloseable {
    /** Largest report. */
    public static final int MAX_BYTES = 16 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(DeviceReports.class);
    private static final int DEVICE_LEVEL = 4;

    private final Transport transport;
    private final Deployments deployments;
    private final Rollouts rollouts;
    private final Subscription subscription;

    /**
     * Begins to listen.
     *
     * @param transport connected, stays the caller's
     * @param site the site's name, a level of a topic
     * @param deployments what devices were told
     * @param rollouts is told what came of it
     */
    public DeviceReports(Transport transport, String site, Deployments deployments, Rollouts rollouts) {
        this.transport = transport;
        this.deployments = deployments;
        this.rollouts = rollouts;
        subscription = transport.subscribe(
                new TopicFilter("fieldproof/site/" + site + "/device/+/outcome"), Qos.AT_LEAST_ONCE, this::heard);
    }

    /**
     * Where a device reports.
     *
     * @param site the site's name
     * @param device the device's id
     * @return a topic
     */
    public static String topic(String site, String device) {
        return "fieldproof/site/" + site + "/device/" + device + "/outcome";
    }

    private void heard(Message message) {
        String device = message.topic().split("/", -1)[DEVICE_LEVEL];
        JsonObject.Builder answer = JsonObject.builder();
        String result;
        try {
            result = take(device, message.payload(), answer) ? "/accepted" : "/rejected";
        } catch (JsonException e) {
            answer.put("reason", String.valueOf(e.getMessage()));
            result = "/rejected";
        } catch (IOException e) {
            LOG.error("a report of {} could not be kept; it has to say it again", device, e);
            return;
        }
        byte[] said = answer.build().toString().getBytes(StandardCharsets.UTF_8);
        CompletableFuture<Void> unused = transport
                .publish(new Message(message.topic() + result, said, Qos.AT_LEAST_ONCE, false))
                .whenComplete((sent, failure) -> {
                    if (failure != null) {
                        LOG.debug("{} was not answered; it will say it again", device, failure);
                    }
                });
    }

    private boolean take(String device, byte[] payload, JsonObject.Builder answer) throws IOException, JsonException {
        if (payload.length > MAX_BYTES) {
            answer.put("reason", "more than " + MAX_BYTES + " bytes");
            return false;
        }
        JsonObject report = JsonReader.object(payload);
        long id = report.whole("action", 1);
        answer.put("action", id);
        String said = report.text("end");
        ActionState end = switch (said) {
            case "SUCCEEDED" -> ActionState.SUCCEEDED;
            case "FAILED" -> ActionState.FAILED;
            case "CANCELLED" -> ActionState.CANCELLED;
            case "OPEN" -> ActionState.OPEN;
            default -> throw report.broken("an unknown end '" + said + "'");
        };
        List<String> details = report.has("details") ? report.texts("details") : List.of();
        if (deployments.isDismissed(device)
                || deployments.feedback(device, id, end, details) == Deployments.FeedbackResult.NO_ACTION) {
            answer.put("reason", "the device has no such action");
            return false;
        }
        // Also when it was known: the process may have ended between the record and the campaign.
        Optional<Action> after = deployments.action(device, id);
        if (after.isPresent()) {
            rollouts.finished(after.get());
            answer.put("state", after.get().state().name());
        }
        return true;
    }

    /** Listens no more. */
    @Override
    public void close() {
        subscription.close();
    }
}
