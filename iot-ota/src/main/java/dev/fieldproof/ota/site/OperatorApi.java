package dev.fieldproof.ota.site;

import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
    private final Operators operators;
    private final byte[] page;

    OperatorApi(ControlNode node, Deployments deployments, Operators operators) throws IOException {
        this.node = node;
        this.deployments = deployments;
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
                words.length == 2 && words[0].equals("Bearer") ? operators.byToken(words[1]) : Optional.empty();
        if (who.isEmpty()) {
            return HttpAnswer.refused(401, "Unauthorized", "an operator's token is needed");
        }
        if (ask.segment(1).equals("status") && ask.method().equals("GET")) {
            return HttpAnswer.json(status());
        }
        if (!ask.segment(1).equals("wave") || !ask.method().equals("POST")) {
            return HttpAnswer.refused(404, "NotFound", "there is no such thing");
        }
        if (who.get().role() != Operators.Role.APPROVER) {
            return HttpAnswer.refused(403, "Forbidden", "the role " + who.get().role() + " may only look");
        }
        return decide(ask, who.get().name());
    }

    private HttpAnswer decide(HttpAsk ask, String who) {
        String wave = URLDecoder.decode(ask.query().replaceFirst("^name=", ""), StandardCharsets.UTF_8);
        ControlNode.Gate gate;
        switch (ask.segment(2)) {
            case "approve", "resume" -> gate = ControlNode.Gate.APPROVED;
            case "hold" -> gate = ControlNode.Gate.HELD;
            default -> {
                return HttpAnswer.refused(404, "NotFound", "approve, hold or resume");
            }
        }
        try {
            node.decide(wave, gate, who);
            return HttpAnswer.json(JsonObject.builder()
                    .put("wave", wave)
                    .put("gate", gate.name())
                    .build());
        } catch (IllegalArgumentException e) {
            return HttpAnswer.refused(404, "NotFound", String.valueOf(e.getMessage()));
        }
    }

    private JsonObject status() throws IOException {
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
        List<AuditLog.Entry> log = node.audit().entries();
        List<JsonValue> lines = new ArrayList<>();
        for (int i = log.size() - 1; i >= Math.max(0, log.size() - SHOWN); i--) {
            AuditLog.Entry entry = log.get(i);
            lines.add(JsonObject.builder()
                    .put("at", entry.at().toString())
                    .put("who", entry.who())
                    .put("what", entry.what())
                    .build());
        }
        return JsonObject.builder()
                .put("fleet", fleet.build())
                .put("waves", new JsonValue.Array(waves))
                .put("audit", new JsonValue.Array(lines))
                .build();
    }
}
