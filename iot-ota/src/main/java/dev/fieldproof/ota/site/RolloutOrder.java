package dev.fieldproof.ota.site;

import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonValue;
import dev.fieldproof.ota.rollout.CampaignPlan;
import dev.fieldproof.ota.rollout.Conduct;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A rollout that someone on site wants. Immutable.
 *
 * @param name 1 to 100 characters of {@code a-z A-Z 0-9 . _ -}
 * @param target which target of the upstream repository
 * @param version as devices are told
 * @param devices who is to have it, at least one
 * @param controls who keeps what it runs and is watched for comparison, at least one
 * @param phases one after the other, at least one
 * @param silenceAfter how long after it has the update a device has to report
 * @param back what devices go back to if the rollout stops itself; empty to leave them as they are
 */
public record RolloutOrder(
        String name,
        String target,
        String version,
        List<String> devices,
        List<String> controls,
        List<Phase> phases,
        Duration silenceAfter,
        Optional<Back> back) {
    /** Most devices and controls together. */
    public static final int MAX_DEVICES = 10_000;

    private static final int MAX_PHASES = 100;
    private static final int MAX_CONTROLS_PER_DEVICE = 10;

    /**
     * A part of the devices.
     *
     * @param percent of the devices that have been told by its end, 1 to 100
     * @param perHour how many are told each hour, at least 1
     * @param approval whether it waits at the gate
     */
    public record Phase(int percent, int perHour, boolean approval) {
        /**
         * Checks the ranges.
         *
         * @throws IllegalArgumentException if a number is out of range
         */
        public Phase {
            if (percent < 1 || percent > 100 || perHour < 1) {
                throw new IllegalArgumentException("a phase to " + percent + " % at " + perHour + " per hour");
            }
        }
    }

    /**
     * The way back.
     *
     * @param target which target of the upstream repository devices ran before
     * @param version as devices are told
     * @param perHour how many are told each hour, at least 1
     */
    public record Back(String target, String version, int perHour) {
        /**
         * Checks the range.
         *
         * @throws IllegalArgumentException if the rate is out of range
         */
        public Back {
            if (perHour < 1) {
                throw new IllegalArgumentException("back at " + perHour + " per hour");
            }
        }
    }

    /**
     * An order without a way back.
     *
     * @param name see {@link #name()}
     * @param target see {@link #target()}
     * @param version see {@link #version()}
     * @param devices see {@link #devices()}
     * @param controls see {@link #controls()}
     * @param phases see {@link #phases()}
     * @param silenceAfter see {@link #silenceAfter()}
     * @throws IllegalArgumentException if a name or a number is out of range
     */
    public RolloutOrder(
            String name,
            String target,
            String version,
            List<String> devices,
            List<String> controls,
            List<Phase> phases,
            Duration silenceAfter) {
        this(name, target, version, devices, controls, phases, silenceAfter, Optional.empty());
    }

    /**
     * Checks the order.
     *
     * @throws IllegalArgumentException if a name or a number is out of range
     */
    public RolloutOrder {
        devices = List.copyOf(devices);
        controls = List.copyOf(controls);
        phases = List.copyOf(phases);
        if (!name.matches("[A-Za-z0-9._-]{1,100}")) {
            throw new IllegalArgumentException("not a rollout's name: '" + name + "'");
        }
        if (devices.isEmpty() || controls.isEmpty()) {
            throw new IllegalArgumentException("a rollout needs devices, and controls to compare them with: "
                    + devices.size() + " and " + controls.size());
        }
        if (devices.size() + controls.size() > MAX_DEVICES || phases.isEmpty() || phases.size() > MAX_PHASES) {
            throw new IllegalArgumentException(
                    devices.size() + " devices, " + controls.size() + " controls, " + phases.size() + " phases");
        }
        if (back.isPresent() && back.get().target().equals(target)) {
            throw new IllegalArgumentException("the way back leads to " + target + " again");
        }
        if (silenceAfter.toMinutes() < 1) {
            throw new IllegalArgumentException("silence after " + silenceAfter);
        }
    }

    CampaignPlan plan() {
        CampaignPlan.Builder plan = CampaignPlan.builder(devices.size(), controls.size())
                .controlsPerDevice(Math.min(MAX_CONTROLS_PER_DEVICE, controls.size()))
                .silenceAfter(silenceAfter);
        for (Phase phase : phases) {
            plan.phase(new CampaignPlan.Phase(phase.percent() / 100.0, phase.perHour(), phase.approval()));
        }
        back.ifPresent(way -> plan.conduct(Conduct.DEFAULT.reverting(way.perHour())));
        return plan.build();
    }

    /** The devices, then the controls, as the plan numbers them. */
    List<String> names() {
        List<String> names = new ArrayList<>(devices);
        names.addAll(controls);
        return names;
    }

    JsonObject.Builder put(JsonObject.Builder object) {
        List<JsonValue> parts = new ArrayList<>();
        for (Phase phase : phases) {
            parts.add(JsonObject.builder()
                    .put("percent", phase.percent())
                    .put("perHour", phase.perHour())
                    .put("approval", phase.approval())
                    .build());
        }
        back.ifPresent(way -> object.put(
                "revert",
                JsonObject.builder()
                        .put("target", way.target())
                        .put("version", way.version())
                        .put("perHour", way.perHour())
                        .build()));
        return object.put("name", name)
                .put("target", target)
                .put("version", version)
                .put("devices", devices)
                .put("controls", controls)
                .put("phases", new JsonValue.Array(parts))
                .put("silenceMinutes", silenceAfter.toMinutes());
    }

    /** Reads an order; devices that are not named are all but the controls. */
    static RolloutOrder of(JsonObject object, List<String> everyone) throws JsonException {
        List<String> controls = object.has("controls") ? object.texts("controls") : List.of();
        List<String> devices = object.has("devices")
                ? object.texts("devices")
                : everyone.stream().filter(id -> !controls.contains(id)).toList();
        List<Phase> phases = new ArrayList<>();
        for (JsonObject phase : object.objects("phases")) {
            phases.add(new Phase(number(phase, "percent"), number(phase, "perHour"), phase.truth("approval", false)));
        }
        Optional<Back> back = Optional.empty();
        if (object.has("revert")) {
            JsonObject way = object.object("revert");
            String target = way.text("target");
            back = Optional.of(new Back(target, way.optionalText("version").orElse(target), number(way, "perHour")));
        }
        Optional<String> version = object.optionalText("version");
        return new RolloutOrder(
                object.text("name"),
                object.text("target"),
                version.orElse(object.text("name")),
                devices,
                controls,
                phases,
                Duration.ofMinutes(object.has("silenceMinutes") ? number(object, "silenceMinutes") : 30),
                back);
    }

    private static int number(JsonObject object, String name) throws JsonException {
        return (int) Math.min(Integer.MAX_VALUE, object.whole(name, 1));
    }
}
