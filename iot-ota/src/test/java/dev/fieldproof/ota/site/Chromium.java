package dev.fieldproof.ota.site;

import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonReader;
import dev.fieldproof.ota.json.JsonValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Debian's chromium without a window, driven by its DevTools protocol: opens a page, looks, types, and clicks. */
final class Chromium implements AutoCloseable {
    private static final int WAIT_SECONDS = 60;
    private static final Pattern SOCKET = Pattern.compile("\"webSocketDebuggerUrl\": ?\"(ws://[^\"]+/page/[^\"]+)\"");

    private final Process process;
    private final WebSocket socket;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private int asked;

    private Chromium(Process process, int port) throws Exception {
        this.process = process;
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest pages = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list"))
                .build();
        Matcher found = SOCKET.matcher(
                client.send(pages, HttpResponse.BodyHandlers.ofString()).body());
        if (!found.find()) {
            throw new IOException("chromium shows no page");
        }
        socket = client.newWebSocketBuilder()
                .buildAsync(URI.create(found.group(1)), new Listener())
                .get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    /** Starts one; empty if it is not installed. */
    static Optional<Chromium> start(Path profile, String window) throws Exception {
        if (!Files.isExecutable(Path.of("/usr/bin/chromium"))) {
            return Optional.empty();
        }
        Process process = new ProcessBuilder(
                        "/usr/bin/chromium",
                        "--headless=new",
                        "--no-sandbox", // which root cannot have
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-background-networking",
                        "--no-first-run",
                        "--window-size=" + window,
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
        Pattern listening = Pattern.compile("DevTools listening on ws://127\\.0\\.0\\.1:([0-9]+)/");
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            Matcher port = listening.matcher(line);
            if (port.find()) {
                Thread drain = new Thread(() -> said.lines().forEach(unused -> {}));
                drain.setDaemon(true);
                drain.start();
                return Optional.of(new Chromium(process, Integer.parseInt(port.group(1))));
            }
        }
        throw new IOException("chromium did not start");
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                answers.add(text.toString());
                text.setLength(0);
            }
            return WebSocket.Listener.super.onText(from, data, last);
        }
    }

    private JsonObject call(String method, JsonObject parameters) throws Exception {
        int id = ++asked;
        JsonObject request = JsonObject.builder()
                .put("id", id)
                .put("method", method)
                .put("params", parameters)
                .build();
        socket.sendText(request.toString(), true).get(WAIT_SECONDS, TimeUnit.SECONDS);
        while (true) {
            String answer = answers.poll(WAIT_SECONDS, TimeUnit.SECONDS);
            if (answer == null) {
                throw new IOException("no answer to " + method);
            }
            JsonObject object = JsonReader.object(answer.getBytes(StandardCharsets.UTF_8));
            if (object.has("id") && object.whole("id", 0) == id) {
                if (!object.has("result")) {
                    throw new IOException(method + ": " + answer);
                }
                return object.object("result");
            }
        }
    }

    void open(String address) throws Exception {
        call("Page.navigate", JsonObject.builder().put("url", address).build());
    }

    /** As a person's system would: {@code light} or {@code dark}. */
    void prefer(String scheme) throws Exception {
        JsonObject feature = JsonObject.builder()
                .put("name", "prefers-color-scheme")
                .put("value", scheme)
                .build();
        call(
                "Emulation.setEmulatedMedia",
                JsonObject.builder()
                        .put("features", new JsonValue.Array(List.of(feature)))
                        .build());
    }

    /** The text that an expression of the page's language gives. */
    String see(String expression) throws Exception {
        JsonObject result = call(
                        "Runtime.evaluate",
                        JsonObject.builder()
                                .put("expression", "String(" + expression + ")")
                                .put("returnByValue", true)
                                .build())
                .object("result");
        try {
            return result.text("value");
        } catch (JsonException e) {
            throw new IOException(expression + " gives " + result, e);
        }
    }

    /** Looks again and again until an expression gives a text, for at most a minute. */
    void await(String expected, String expression) throws Exception {
        String seen = "";
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (System.nanoTime() < end) {
            seen = see(expression);
            if (seen.equals(expected)) {
                return;
            }
        }
        throw new AssertionError(expression + " is '" + seen + "', not '" + expected + "'");
    }

    /** Presses and releases the mouse over the middle of an element, which has to be there and on top. */
    void click(String selector) throws Exception {
        String element = "document.querySelector(" + quoted(selector) + ")";
        await("true", element + " !== null");
        see(element + ".scrollIntoView({block: 'center'})");
        String box = "(r => [r.x + r.width / 2, r.y + r.height / 2].map(Math.round).join(' '))(" + element
                + ".getBoundingClientRect())";
        String[] at = see(box).split(" ", 2);
        String hit = see("document.elementFromPoint(" + at[0] + "," + at[1] + ") === " + element);
        if (!hit.equals("true")) {
            throw new AssertionError(selector + " is covered or outside of the window, at " + List.of(at));
        }
        for (String kind : List.of("mousePressed", "mouseReleased")) {
            call(
                    "Input.dispatchMouseEvent",
                    JsonObject.builder()
                            .put("type", kind)
                            .put("x", Integer.parseInt(at[0]))
                            .put("y", Integer.parseInt(at[1]))
                            .put("button", "left")
                            .put("clickCount", 1)
                            .build());
        }
    }

    /** Types where the last click put the cursor. */
    void type(String text) throws Exception {
        call("Input.insertText", JsonObject.builder().put("text", text).build());
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    @Override
    public void close() {
        socket.abort();
        process.destroyForcibly().onExit().join();
    }
}
