package dev.fieldproof.ota.site;

import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonReader;
import dev.fieldproof.ota.json.JsonValue;
import dev.fieldproof.ota.site.Deployments.Action;
import dev.fieldproof.ota.site.Deployments.ActionState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The Direct Device Integration API v1 of Eclipse hawkBit: what a device asks under {@code
 * /TENANT/controller/v1/DEVICE}. Requests in, answers out; no connection in sight. Thread-safe.
 */
final class DdiApi {
    private static final int DEVICE = 3;
    private static final int RESOURCE = 4;
    private static final int ACTION = 5;
    private static final int VERB = 6;

    private final Deployments deployments;
    private final Rollouts rollouts;
    private final SiteSettings settings;

    DdiApi(Deployments deployments, Rollouts rollouts, SiteSettings settings) {
        this.deployments = deployments;
        this.rollouts = rollouts;
        this.settings = settings;
    }

    static boolean isMine(HttpAsk ask) {
        return ask.segment(1).equals("controller") && ask.segment(2).equals("v1");
    }

    HttpAnswer answer(HttpAsk ask) throws IOException {
        String device = ask.segment(DEVICE);
        Optional<String> refusal = device.isEmpty() ? Optional.of("no device is named") : refusal(ask, device);
        if (refusal.isPresent()) {
            return HttpAnswer.refused(401, "hawkbit.server.error.unauthorized", refusal.get());
        }
        String resource = ask.segment(RESOURCE);
        try {
            return switch (resource) {
                case "" -> ask.method().equals("GET") ? poll(ask, device) : notAllowed();
                case "configData" -> ask.method().equals("PUT") ? HttpAnswer.empty() : notAllowed();
                case "deploymentBase" -> onAction(ask, device, false);
                case "cancelAction" -> onAction(ask, device, true);
                case "softwaremodules" -> download(ask, device);
                default -> notFound();
            };
        } catch (JsonException e) {
            return HttpAnswer.refused(
                    400, "hawkbit.server.error.rest.body.notReadable", String.valueOf(e.getMessage()));
        }
    }

    /** Why a device may not come in; empty if it may. */
    private Optional<String> refusal(HttpAsk ask, String device) throws IOException {
        if (!ask.certificateName().isEmpty() && settings.admission() != SiteSettings.Admission.TOKEN) {
            if (!ask.certificateName().equals(device)) {
                return Optional.of("the certificate is of another device");
            }
            return deployments.isDismissed(device) ? Optional.of("this device was dismissed") : Optional.empty();
        }
        if (settings.admission() == SiteSettings.Admission.CERTIFICATE) {
            return Optional.of("a certificate of this device is needed");
        }
        String[] words = ask.authorization().split(" ", 2);
        if (words.length != 2 || !words[0].equals("TargetToken")) {
            return Optional.of("a token of this device is needed");
        }
        return switch (deployments.worth(device, words[1])) {
            case ADMITTED -> Optional.empty();
            case ENDED -> Optional.of("the token of this device has ended");
            case NONE -> Optional.of("not a token of this device");
        };
    }

    private static HttpAnswer notFound() {
        return HttpAnswer.refused(404, "hawkbit.server.error.repo.entitiyNotFound", "there is no such thing");
    }

    private static HttpAnswer notAllowed() {
        return HttpAnswer.refused(405, "hawkbit.server.error.methodNotAllowed", "not with this method");
    }

    private String url(HttpAsk ask, String device, String rest) {
        return ask.base() + "/" + ask.segment(0) + "/controller/v1/" + device + rest;
    }

    private static JsonObject link(String href) {
        return JsonObject.builder().put("href", href).build();
    }

    private HttpAnswer poll(HttpAsk ask, String device) throws IOException {
        rollouts.seen(device);
        JsonObject.Builder links = JsonObject.builder();
        Optional<Action> current = deployments.current(device);
        if (current.isPresent()) {
            Action action = current.get();
            boolean cancelling = action.state() == ActionState.CANCELLING;
            String resource = cancelling ? "cancelAction" : "deploymentBase";
            links.put(resource, link(url(ask, device, "/" + resource + "/" + action.id())));
        }
        links.put("configData", link(url(ask, device, "/configData")));
        long seconds = settings.pollEvery().toSeconds();
        String sleep = String.format(Locale.ROOT, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
        return HttpAnswer.json(JsonObject.builder()
                .put(
                        "config",
                        JsonObject.builder()
                                .put(
                                        "polling",
                                        JsonObject.builder().put("sleep", sleep).build())
                                .build())
                .put("_links", links.build())
                .build());
    }

    private HttpAnswer onAction(HttpAsk ask, String device, boolean cancel) throws IOException, JsonException {
        Optional<Action> found = number(ask.segment(ACTION)).isEmpty()
                ? Optional.empty()
                : deployments.action(device, number(ask.segment(ACTION)).get());
        if (found.isEmpty()) {
            return notFound();
        }
        Action action = found.get();
        if (ask.segment(VERB).equals("feedback")) {
            return ask.method().equals("POST") ? feedback(ask, action, cancel) : notAllowed();
        }
        if (!ask.method().equals("GET")) {
            return notAllowed();
        }
        if (cancel) {
            return action.state() != ActionState.CANCELLING
                    ? notFound()
                    : HttpAnswer.json(JsonObject.builder()
                            .put("id", Long.toString(action.id()))
                            .put(
                                    "cancelAction",
                                    JsonObject.builder()
                                            .put("stopId", Long.toString(action.id()))
                                            .build())
                            .build());
        }
        return action.state() == ActionState.OPEN ? HttpAnswer.json(deployment(ask, action)) : gone();
    }

    private static HttpAnswer gone() {
        return HttpAnswer.refused(410, "hawkbit.server.error.repo.actionGone", "this action is over");
    }

    private static Optional<Long> number(String text) {
        return text.matches("[0-9]{1,18}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    private JsonObject deployment(HttpAsk ask, Action action) {
        Deployments.Software software = action.software();
        String href =
                url(ask, action.device(), "/softwaremodules/" + action.id() + "/artifacts/" + software.fileName());
        JsonObject artifact = JsonObject.builder()
                .put("filename", software.fileName())
                .put(
                        "hashes",
                        JsonObject.builder()
                                .put("sha1", software.sha1())
                                .put("md5", software.md5())
                                .put("sha256", software.digest().hex())
                                .build())
                .put("size", software.sizeBytes())
                .put(
                        "_links",
                        JsonObject.builder()
                                .put("download", link(href))
                                .put("md5sum", link(href + ".MD5SUM"))
                                .put("download-http", link(href))
                                .put("md5sum-http", link(href + ".MD5SUM"))
                                .build())
                .build();
        JsonObject chunk = JsonObject.builder()
                .put("part", "os")
                .put("version", software.version())
                .put("name", software.name())
                .put("artifacts", new JsonValue.Array(List.of(artifact)))
                .build();
        return JsonObject.builder()
                .put("id", Long.toString(action.id()))
                .put(
                        "deployment",
                        JsonObject.builder()
                                .put("download", "forced")
                                .put("update", "forced")
                                .put("chunks", new JsonValue.Array(List.of(chunk)))
                                .build())
                .build();
    }

    private HttpAnswer feedback(HttpAsk ask, Action action, boolean cancel) throws IOException, JsonException {
        JsonObject status = JsonReader.object(ask.body()).object("status");
        String execution = status.text("execution");
        String finished = status.object("result").text("finished");
        List<String> details = status.has("details") ? status.texts("details") : List.of();
        ActionState end = switch (execution) {
            case "closed" ->
                cancel
                        ? (finished.equals("success") ? ActionState.CANCELLED : ActionState.OPEN)
                        : (finished.equals("success") ? ActionState.SUCCEEDED : ActionState.FAILED);
            case "canceled" -> ActionState.CANCELLED;
            case "rejected" -> cancel ? ActionState.OPEN : ActionState.FAILED;
            case "proceeding", "scheduled", "resumed", "download", "downloaded" -> ActionState.OPEN;
            default -> throw status.broken("an unknown execution '" + execution + "'");
        };
        return switch (deployments.feedback(action.device(), action.id(), end, details)) {
            case RECORDED, KNOWN -> {
                // Also when it was known: the process may have ended between the record and the campaign.
                Optional<Action> after = deployments.action(action.device(), action.id());
                if (after.isPresent()) {
                    rollouts.finished(after.get());
                }
                yield HttpAnswer.empty();
            }
            case NO_ACTION -> notFound();
        };
    }

    private HttpAnswer download(HttpAsk ask, String device) throws IOException {
        Optional<Long> id = number(ask.segment(ACTION));
        Optional<Action> action = id.isEmpty() ? Optional.empty() : deployments.action(device, id.get());
        String file = ask.path().isEmpty() ? "" : ask.path().get(ask.path().size() - 1);
        if (action.isEmpty() || !ask.segment(VERB).equals("artifacts")) {
            return notFound();
        }
        if (action.get().state() != ActionState.OPEN) {
            return gone();
        }
        Deployments.Software software = action.get().software();
        if (file.equals(software.fileName() + ".MD5SUM")) {
            String line = software.md5() + "  " + software.fileName() + "\n";
            return new HttpAnswer.Body(200, "text/plain", line.getBytes(StandardCharsets.US_ASCII));
        }
        if (!file.equals(software.fileName())) {
            return notFound();
        }
        return new HttpAnswer.Artifact(action.get());
    }
}
