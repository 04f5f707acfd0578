package dev.fieldproof.ota.site;

import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonReader;
import dev.fieldproof.ota.rollout.CampaignEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Events of a site's campaigns as records. */
final class RolloutEvents {
    private RolloutEvents() {}

    static String write(CampaignEvent event) {
        JsonObject.Builder object = JsonObject.builder().put("at", event.atMillis());
        if (event instanceof CampaignEvent.Tick) {
            object.put("kind", "tick");
        } else if (event instanceof CampaignEvent.Restarting restarting) {
            object.put("kind", "restarting").put("device", restarting.device());
        } else if (event instanceof CampaignEvent.Reported report) {
            object.put("kind", report.healthy() ? "healthy" : "failed").put("device", report.device());
        } else if (event instanceof CampaignEvent.Approved approved) {
            object.put("kind", "approved").put("who", approved.who());
        } else if (event instanceof CampaignEvent.Paused paused) {
            object.put("kind", "paused").put("who", paused.who());
        } else if (event instanceof CampaignEvent.Resumed resumed) {
            object.put("kind", "resumed").put("who", resumed.who());
        } else if (event instanceof CampaignEvent.Cancelled cancelled) {
            object.put("kind", "cancelled").put("who", cancelled.who());
        } else {
            throw new IllegalArgumentException("not an event of a site: " + event);
        }
        return object.build().toString();
    }

    static CampaignEvent read(String json) throws IOException {
        try {
            JsonObject object = JsonReader.object(json.getBytes(StandardCharsets.UTF_8));
            long at = object.whole("at", Long.MIN_VALUE);
            String kind = object.text("kind");
            return switch (kind) {
                case "tick" -> new CampaignEvent.Tick(at);
                case "restarting" -> new CampaignEvent.Restarting(at, (int) object.whole("device", 0));
                case "healthy", "failed" ->
                    new CampaignEvent.Reported(at, (int) object.whole("device", 0), kind.equals("healthy"));
                case "approved" -> new CampaignEvent.Approved(at, object.text("who"));
                case "paused" -> new CampaignEvent.Paused(at, object.text("who"));
                case "resumed" -> new CampaignEvent.Resumed(at, object.text("who"));
                case "cancelled" -> new CampaignEvent.Cancelled(at, object.text("who"));
                default -> throw object.broken("an unknown kind '" + kind + "'");
            };
        } catch (JsonException e) {
            throw new IOException("a damaged record of a rollout's event", e);
        }
    }
}
