package dev.fieldproof.ota.site;

import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonReader;
import dev.fieldproof.ota.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The status page and what it asks. Thread-safe. */
final class OperatorApi {
    private static final int SHOWN = 50;

    private final ControlNode node;
    private final Deployments deployments;
    private final Rollouts rollouts;
    private final Operators operators;
    private final byte[] page;

    OperatorApi(ControlNode node, Deployments deployments, Rollouts rollouts, Operators operators) throws IOException {
        this.node = node;
        this.deployments = deployments;
        this.rollouts = rollouts;
        this.operators = operators;
        try (InputStream in = OperatorApi.class.getResourceAsStream("status.html")) {
            if (in == null) {
                throw new IOException("the status page is missing");
            }
            page = in.readAllBytes();
        }
    }

    HttpAnswer answer(HttpAsk ask) throws IOException {
        if (ask.path().isEmpty() && ask.method().equals("GET")) {
            return new HttpAnswer.Body(200, "text/html; charset=utf-8", page);
        }
        if (!ask.segment(0).equals("api")) {
            return HttpAnswer.refused(404, "NotFound", "there is no such page");
        }
        String[] words = ask.authorization().split(" ", 2);
        Optional<Operators.Operator> who =
                words.length == 2 && words[0].equals("Bearer") ? operators.known(words[1]) : Optional.empty();
        if (who.isEmpty()) {
            return HttpAnswer.refused(401, "Unauthorized", "an operator's token is needed");
        }
        if (operators.hasEnded(who.get())) {
            return HttpAnswer.refused(
                    401, "Expired", "this token ended at " + who.get().until());
        }
        boolean writes = ask.method().equals("POST");
        if (writes && who.get().role() != Operators.Role.APPROVER) {
            return HttpAnswer.refused(403, "Forbidden", "the role " + who.get().role() + " may only look");
        }
        try {
            return switch (ask.method() + " " + ask.segment(1)) {
                case "GET status" -> HttpAnswer.json(status(who.get()));
                case "GET devices" -> devices();
                case "POST wave" -> decide(ask, who.get().name());
                case "POST device" -> device(ask, who.get().name());
                case "POST rollout" -> rollout(ask, who.get().name());
                default -> HttpAnswer.refused(404, "NotFound", "there is no such thing");
            };
        } catch (IllegalArgumentException e) {
            return HttpAnswer.refused(400, "BadRequest", String.valueOf(e.getMessage()));
        } catch (JsonException e) {
            return HttpAnswer.refused(400, "BadRequest", "the body is not what it should be: " + e.getMessage());
        }
    }

    private HttpAnswer devices() throws IOException {
        return HttpAnswer.json(
                JsonObject.builder().put("devices", deployments.devices()).build());
    }

    /** The value of the query's only parameter. */
    private static String parameter(HttpAsk ask, String name) {
        if (!ask.query().startsWith(name + "=")) {
            throw new IllegalArgumentException("the address lacks ?" + name + "=");
        }
        return URLDecoder.decode(ask.query().substring(name.length() + 1), StandardCharsets.UTF_8);
    }

    private HttpAnswer device(HttpAsk ask, String who) throws IOException {
        String device = parameter(ask, "id");
        if (!device.matches("[A-Za-z0-9._:-]{1,128}")) {
            throw new IllegalArgumentException("not a device's id: '" + device + "'");
        }
        if (ask.segment(2).equals("dismiss")) {
            deployments.dismiss(device);
            node.record(who, "dismiss device " + device);
            return HttpAnswer.json(JsonObject.builder().put("dismissed", device).build());
        }
        String token = deployments.admit(device);
        node.record(who, "admit device " + device);
        return HttpAnswer.json(
                JsonObject.builder().put("device", device).put("token", token).build());
    }

    private HttpAnswer rollout(HttpAsk ask, String who) throws IOException, JsonException {
        if (ask.segment(2).equals("cancel")) {
            String name = parameter(ask, "name");
            return rollouts.cancel(name, who)
                    ? HttpAnswer.json(
                            JsonObject.builder().put("cancelled", name).build())
                    : HttpAnswer.refused(404, "NotFound", "no rollout '" + name + "' is under way");
        }
        RolloutOrder order = RolloutOrder.of(JsonReader.object(ask.body()), deployments.devices());
        if (node.judge(order, who) instanceof Verdict.Refused refused) {
            node.record(who, "may not order " + order.name() + " (" + refused.rule() + "): " + refused.reason());
            return HttpAnswer.refused(403, refused.rule().name(), refused.reason());
        }
        return rollouts.order(order, who)
                ? HttpAnswer.json(
                        JsonObject.builder().put("ordered", order.name()).build())
                : HttpAnswer.refused(409, "Conflict", "there is a rollout '" + order.name() + "' already");
    }

    private HttpAnswer decide(HttpAsk ask, String who) throws IOException {
        String wave = parameter(ask, "name");
        ControlNode.Gate gate;
        switch (ask.segment(2)) {
            case "approve", "resume" -> gate = ControlNode.Gate.APPROVED;
            case "hold" -> gate = ControlNode.Gate.HELD;
            default -> {
                return HttpAnswer.refused(404, "NotFound", "approve, hold or resume");
            }
        }
        if (!node.waves().containsKey(wave)) {
            return HttpAnswer.refused(404, "NotFound", "no wave '" + wave + "'");
        }
        if (node.decide(wave, gate, who) instanceof Verdict.Refused refused) {
            return HttpAnswer.refused(403, refused.rule().name(), refused.reason());
        }
        return HttpAnswer.json(
                JsonObject.builder().put("wave", wave).put("gate", gate.name()).build());
    }

    private JsonObject status(Operators.Operator who) throws IOException {
        Map<Deployments.ActionState, Integer> states = new EnumMap<>(Deployments.ActionState.class);
        deployments.actions().forEach(action -> states.merge(action.state(), 1, Integer::sum));
        JsonObject.Builder fleet = JsonObject.builder();
        for (Deployments.ActionState state : Deployments.ActionState.values()) {
            fleet.put(state.name().toLowerCase(Locale.ROOT), states.getOrDefault(state, 0));
        }
        List<JsonValue> waves = new ArrayList<>();
        node.waves()
                .forEach((name, gate) -> waves.add(JsonObject.builder()
                        .put("name", name)
                        .put("gate", gate.name())
                        .build()));
        List<AuditLog.Entry> log = new ArrayList<>(node.audit().latest(SHOWN));
        Collections.reverse(log);
        List<JsonValue> lines = new ArrayList<>();
        for (AuditLog.Entry entry : log) {
            lines.add(JsonObject.builder()
                    .put("at", entry.at().toString())
                    .put("who", entry.who())
                    .put("what", entry.what())
                    .build());
        }
        List<JsonValue> campaigns = new ArrayList<>();
        for (Rollouts.Standing standing : rollouts.standings()) {
            campaigns.add(standing(standing));
        }
        return JsonObject.builder()
                .put("you", who.name())
                .put("role", who.role().name())
                .put("fleet", fleet.build())
                .put("devices", deployments.devices().size())
                .put("rollouts", new JsonValue.Array(campaigns))
                .put("waves", new JsonValue.Array(waves))
                .put("audit", new JsonValue.Array(lines))
                .build();
    }

    private static String state(Rollouts.Standing standing) {
        if (standing.stopped().isPresent()) {
            return standing.reverting() ? "reverting" : "stopped";
        } else if (standing.completed()) {
            return "completed";
        } else if (!standing.cached()) {
            return "fetching";
        }
        return switch (standing.gate()) {
            case WAITING -> standing.wave().isEmpty() ? "running" : "waiting";
            case HELD -> "paused";
            case APPROVED -> "running";
        };
    }

    private static JsonObject standing(Rollouts.Standing standing) {
        JsonObject.Builder object = JsonObject.builder()
                .put("name", standing.order().name())
                .put("target", standing.order().target())
                .put("version", standing.order().version())
                .put("wave", standing.wave())
                .put("gate", standing.gate().name())
                .put("state", state(standing));
        standing.stopped().ifPresent(reason -> object.put("reason", reason));
        standing.counts()
                .ifPresent(counts -> object.put(
                        "counts",
                        JsonObject.builder()
                                .put("waiting", counts.waiting())
                                .put("offered", counts.offered())
                                .put("restarting", counts.restarting())
                                .put("healthy", counts.healthy())
                                .put("failed", counts.failed())
                                .put("silent", counts.silent())
                                .put("skipped", counts.skipped())
                                .put("reverted", counts.reverted())
                                .build()));
        return object.build();
    }
}
