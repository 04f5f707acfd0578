package dev.fieldproof.ota.site;

import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonReader;
import dev.fieldproof.ota.rollout.Campaign;
import dev.fieldproof.ota.rollout.CampaignDecision;
import dev.fieldproof.ota.rollout.CampaignPlan;
import dev.fieldproof.ota.rollout.Fleet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Optional;

/** How a site's rollout stands, as one record in place of the events that led there. */
final class RolloutCheckpoint {
    private RolloutCheckpoint() {}

    /** Stands for every event so far, those in the log too. */
    static String write(SiteRollout.Progress now) {
        JsonObject.Builder object = JsonObject.builder()
                .put("events", now.before + now.log.size())
                .put("lastMillis", now.lastMillis)
                .put("campaign", Base64.getEncoder().encodeToString(now.campaign.snapshot()))
                .put("awaited", texts(now.awaited))
                .put("toldBack", texts(now.toldBack))
                .put("wave", now.wave)
                .put("asked", now.asked)
                .put("held", now.held)
                .put("completed", now.completed)
                .put("reverting", now.reverting);
        now.stopped.ifPresent(stop -> object.put("stopped", stop.reason()).put("offered", stop.offered()));
        return object.build().toString();
    }

    private static Collection<String> texts(Collection<Integer> numbers) {
        return numbers.stream().map(String::valueOf).toList();
    }

    static SiteRollout.Progress read(String json, CampaignPlan plan) throws IOException {
        try {
            JsonObject object = JsonReader.object(json.getBytes(StandardCharsets.UTF_8));
            byte[] snapshot = Base64.getDecoder().decode(object.text("campaign"));
            SiteRollout.Progress now = new SiteRollout.Progress(
                    Campaign.restore(plan, Fleet.uniform(plan.devices() + plan.controls()), snapshot));
            now.before = object.whole("events", 0);
            now.lastMillis = object.whole("lastMillis", Long.MIN_VALUE);
            object.texts("awaited").forEach(number -> now.awaited.add(Integer.valueOf(number)));
            object.texts("toldBack").forEach(number -> now.toldBack.add(Integer.valueOf(number)));
            now.wave = object.text("wave");
            now.asked = object.truth("asked", false);
            now.held = object.truth("held", false);
            now.completed = object.truth("completed", false);
            now.reverting = object.truth("reverting", false);
            if (object.has("stopped")) {
                now.stopped = Optional.of(
                        new CampaignDecision.Stopped(object.text("stopped"), (int) object.whole("offered", 0)));
            }
            return now;
        } catch (JsonException | IllegalArgumentException e) {
            throw new IOException("a damaged checkpoint of a rollout", e);
        }
    }
}
