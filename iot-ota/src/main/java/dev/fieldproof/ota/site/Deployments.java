package dev.fieldproof.ota.site;

import dev.fieldproof.core.Digest;
import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonReader;
import dev.fieldproof.ota.record.RecordStore;
import dev.fieldproof.ota.record.RecordStore.Table;
import dev.fieldproof.ota.record.RecordStore.Transaction;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Which devices a node serves, what each is told to install, and what came of it. A device has at most one action that
 * is open; assigning another cancels it. Every change is one transaction of the store. Thread-safe.
 */
public final class Deployments {
    private static final int TOKEN_BYTES = 24;
    private static final int COPY_BYTES = 64 * 1024;
    private static final int MAX_DETAILS = 20;
    private static final int MAX_DETAIL_CHARS = 500;

    private final RecordStore store;
    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * Goes on with what a store holds.
     *
     * @param store stays the caller's
     * @param clock when things happened
     * @param random for tokens; cryptographically strong outside simulations
     */
    public Deployments(RecordStore store, InstantSource clock, RandomGenerator random) {
        this.store = store;
        this.clock = clock;
        this.random = random;
    }

    /**
     * An artifact as devices see it.
     *
     * @param digest under which the node's cache has it
     * @param sizeBytes its size
     * @param sha1 in hexadecimal, for clients that check nothing better
     * @param md5 in hexadecimal, likewise
     * @param fileName what devices call it
     * @param name of the software
     * @param version of the software
     */
    public record Software(
            Digest digest, long sizeBytes, String sha1, String md5, String fileName, String name, String version) {
        /**
         * Checks the names.
         *
         * @throws IllegalArgumentException if the file name has other characters than {@code a-z A-Z 0-9 . _ -}
         */
        public Software {
            if (!fileName.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}")) {
                throw new IllegalArgumentException("not a file name: " + fileName);
            }
        }

        JsonObject.Builder put(JsonObject.Builder object) {
            return object.put("digest", digest.hex())
                    .put("sizeBytes", sizeBytes)
                    .put("sha1", sha1)
                    .put("md5", md5)
                    .put("fileName", fileName)
                    .put("name", name)
                    .put("version", version);
        }

        /** Reads what {@link #put} wrote. */
        static Software of(JsonObject object) throws JsonException {
            return new Software(
                    Digest.of(HexFormat.of().parseHex(object.text("digest"))),
                    object.whole("sizeBytes", 0),
                    object.text("sha1"),
                    object.text("md5"),
                    object.text("fileName"),
                    object.text("name"),
                    object.text("version"));
        }
    }

    /** How an action stands. */
    public enum ActionState {
        /** The device is to install it. */
        OPEN,
        /** The device is to leave off, and has not said yet that it did. */
        CANCELLING,
        /** The device runs it and is well. */
        SUCCEEDED,
        /** The device said that it failed. */
        FAILED,
        /** The device left off. */
        CANCELLED
    }

    /**
     * What a device was told.
     *
     * @param id its number
     * @param device the device
     * @param software what to install
     * @param state how it stands
     * @param details what the device said last
     */
    public record Action(long id, String device, Software software, ActionState state, List<String> details) {
        /** Copies the details. */
        public Action {
            details = List.copyOf(details);
        }

        private boolean isOpen() {
            return state == ActionState.OPEN || state == ActionState.CANCELLING;
        }

        private Action with(ActionState next, List<String> said) {
            return new Action(id, device, software, next, said);
        }

        private String json() {
            return software.put(JsonObject.builder().put("id", id).put("device", device))
                    .put("state", state.name())
                    .put("details", details)
                    .build()
                    .toString();
        }

        private static Action of(String json) throws IOException {
            try {
                JsonObject object = JsonReader.object(json.getBytes(StandardCharsets.UTF_8));
                return new Action(
                        object.whole("id", 1),
                        object.text("device"),
                        Software.of(object),
                        ActionState.valueOf(object.text("state")),
                        object.texts("details"));
            } catch (JsonException | IllegalArgumentException e) {
                throw new IOException("a damaged record of an action", e);
            }
        }
    }

    /** A refusal of what a device asks. */
    public enum FeedbackResult {
        /** It was recorded. */
        RECORDED,
        /** It was recorded before; nothing changed. */
        KNOWN,
        /** The device has no such action. */
        NO_ACTION
    }

    /**
     * Lets a device in, or gives it a new token.
     *
     * @param device its id
     * @return its token, which is not kept and cannot be asked for again
     * @throws IOException if the storage fails
     */
    public String admit(String device) throws IOException {
        return admit(device, Instant.MAX);
    }

    /**
     * Lets a device in for a while, or gives it a new token.
     *
     * @param device its id
     * @param until when the token ends
     * @return its token, which is not kept and cannot be asked for again
     * @throws IOException if the storage fails
     */
    public String admit(String device, Instant until) throws IOException {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        String token = HexFormat.of().formatHex(bytes);
        String json = JsonObject.builder()
                .put("token", hash(token))
                .put("until", until.toString())
                .build()
                .toString();
        store.transact(records -> {
            records.put(Table.DEVICE, device, json);
            return true;
        });
        return token;
    }

    /**
     * Lets a device in no more, by token or by certificate, until {@link #admit} lets it in again; what it was told
     * stays in the records.
     *
     * @param device its id
     * @throws IOException if the storage fails
     */
    public void dismiss(String device) throws IOException {
        String json = JsonObject.builder()
                .put("dismissed", clock.instant().toString())
                .build()
                .toString();
        store.transact(records -> {
            records.put(Table.DEVICE, device, json);
            return true;
        });
    }

    /** Whether a device was let in and is not any more. */
    boolean isDismissed(String device) throws IOException {
        Optional<String> json = store.transact(records -> records.get(Table.DEVICE, device));
        return json.isPresent() && isDismissal(json.get());
    }

    private static boolean isDismissal(String json) {
        return json.startsWith("{\"dismissed\"");
    }

    /** What a token is worth. */
    enum Worth {
        /** The device's own. */
        ADMITTED,
        /** The device's own, and over. */
        ENDED,
        /** Not the device's. */
        NONE
    }

    /**
     * Whether a token is a device's own. Takes the same time for every wrong token.
     *
     * @param device its id
     * @param token what it showed
     * @return true if it may come in
     * @throws IOException if the storage fails
     */
    public boolean isAdmitted(String device, String token) throws IOException {
        return worth(device, token) == Worth.ADMITTED;
    }

    Worth worth(String device, String token) throws IOException {
        Optional<String> json = store.transact(records -> records.get(Table.DEVICE, device));
        try {
            JsonObject record = JsonReader.object(json.orElse("{}").getBytes(StandardCharsets.UTF_8));
            String known = record.optionalText("token").orElse("");
            if (!MessageDigest.isEqual(
                    known.getBytes(StandardCharsets.US_ASCII), hash(token).getBytes(StandardCharsets.US_ASCII))) {
                return Worth.NONE;
            }
            Optional<String> until = record.optionalText("until"); // records of older releases have none
            return until.isEmpty() || clock.instant().isBefore(Instant.parse(until.get()))
                    ? Worth.ADMITTED
                    : Worth.ENDED;
        } catch (JsonException | DateTimeException e) {
            throw new IOException("a damaged record of device " + device, e);
        }
    }

    private static String hash(String token) {
        return Digest.sha256(token.getBytes(StandardCharsets.UTF_8)).hex();
    }

    /**
     * Describes content for devices.
     *
     * @param content all of it
     * @param fileName what devices call it
     * @param name of the software
     * @param version of the software
     * @return its digests and size
     */
    public static Software describe(byte[] content, String fileName, String name, String version) {
        return new Software(
                Digest.sha256(content),
                content.length,
                weak("SHA-1", content),
                weak("MD5", content),
                fileName,
                name,
                version);
    }

    /**
     * Describes content of any size for devices.
     *
     * @param digest under which it is in the cache
     * @param content from its beginning, read to its end
     * @param fileName what devices call it
     * @param name of the software
     * @param version of the software
     * @return its digests and size
     * @throws IOException if it cannot be read
     */
    static Software describe(Digest digest, InputStream content, String fileName, String name, String version)
            throws IOException {
        MessageDigest sha1 = weak("SHA-1");
        MessageDigest md5 = weak("MD5");
        byte[] buffer = new byte[COPY_BYTES];
        long size = 0;
        int got = content.read(buffer);
        while (got >= 0) {
            sha1.update(buffer, 0, got);
            md5.update(buffer, 0, got);
            size += got;
            got = content.read(buffer);
        }
        HexFormat hex = HexFormat.of();
        return new Software(
                digest, size, hex.formatHex(sha1.digest()), hex.formatHex(md5.digest()), fileName, name, version);
    }

    private static String weak(String algorithm, byte[] content) {
        return HexFormat.of().formatHex(weak(algorithm).digest(content));
    }

    private static MessageDigest weak(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java platform lacks " + algorithm, e);
        }
    }

    /**
     * Tells a device to install something; the same again changes nothing.
     *
     * @param device its id
     * @param software what to install
     * @return the action
     * @throws IOException if the storage fails
     */
    public Action assign(String device, Software software) throws IOException {
        return store.transact(records -> assign(records, device, software));
    }

    /** The same within a transaction. */
    static Action assign(Transaction records, String device, Software software) throws IOException {
        Optional<Action> current = current(records, device);
        if (current.isPresent()
                && current.get().state() == ActionState.OPEN
                && current.get().software().equals(software)) {
            return current.get();
        }
        if (current.isPresent()) {
            save(records, current.get().with(ActionState.CANCELLED, List.of("replaced")));
        }
        long id = records.last(Table.ACTION)
                .map(entry -> Long.parseLong(entry.key()) + 1)
                .orElse(1L);
        Action action = new Action(id, device, software, ActionState.OPEN, List.of());
        save(records, action);
        records.put(Table.OPEN_ACTION, device, Long.toString(id));
        return action;
    }

    private static String key(long id) {
        return String.format("%019d", id);
    }

    private static void save(Transaction records, Action action) throws IOException {
        records.put(Table.ACTION, key(action.id()), action.json());
    }

    private static Optional<Action> find(Transaction records, long id) throws IOException {
        Optional<String> json = records.get(Table.ACTION, key(id));
        return json.isEmpty() ? Optional.empty() : Optional.of(Action.of(json.get()));
    }

    private static Optional<Action> current(Transaction records, String device) throws IOException {
        Optional<String> id = records.get(Table.OPEN_ACTION, device);
        Optional<Action> action = id.isEmpty() ? Optional.empty() : find(records, Long.parseLong(id.get()));
        return action.filter(Action::isOpen);
    }

    /**
     * What a device is to do now.
     *
     * @param device its id
     * @return its open action
     * @throws IOException if the storage fails
     */
    public Optional<Action> current(String device) throws IOException {
        return store.transact(records -> current(records, device));
    }

    /**
     * An action of a device, open or not.
     *
     * @param device its id
     * @param id the action's number
     * @return empty if the device has no such action
     * @throws IOException if the storage fails
     */
    public Optional<Action> action(String device, long id) throws IOException {
        return store.transact(records -> find(records, id))
                .filter(action -> action.device().equals(device));
    }

    /**
     * Asks a device to leave off.
     *
     * @param id the action's number
     * @return whether it was open
     * @throws IOException if the storage fails
     */
    public boolean cancel(long id) throws IOException {
        return store.transact(records -> {
            Optional<Action> action = find(records, id).filter(it -> it.state() == ActionState.OPEN);
            if (action.isPresent()) {
                save(records, action.get().with(ActionState.CANCELLING, List.of()));
            }
            return action.isPresent();
        });
    }

    /**
     * Takes what a device says of an action; what ends it is counted once, however often it is said.
     *
     * @param device its id
     * @param id the action's number
     * @param end how it ended, {@link ActionState#OPEN} while it goes on
     * @param details for people; at most 20 lines of 500 characters are kept
     * @return what became of it
     * @throws IOException if the storage fails; the device should say it again
     */
    public FeedbackResult feedback(String device, long id, ActionState end, List<String> details) throws IOException {
        List<String> kept = details.stream()
                .limit(MAX_DETAILS)
                .map(line -> line.substring(0, Math.min(line.length(), MAX_DETAIL_CHARS)))
                .toList();
        return store.transact(records -> {
            Optional<Action> found = find(records, id).filter(it -> it.device().equals(device));
            if (found.isEmpty()) {
                return FeedbackResult.NO_ACTION;
            }
            Action action = found.get();
            if (!action.isOpen()) {
                return FeedbackResult.KNOWN;
            }
            boolean ends = end != ActionState.OPEN;
            save(records, action.with(ends ? end : action.state(), kept));
            if (ends) {
                records.delete(Table.OPEN_ACTION, device);
                JsonObject outcome = JsonObject.builder()
                        .put("device", device)
                        .put("atMillis", clock.millis())
                        .put("end", end.name())
                        .put("version", action.software().version())
                        .put("digest", action.software().digest().hex())
                        .build();
                records.put(Table.OUTCOME, key(id), outcome.toString());
                Outbox.add(records, random, outcome);
            }
            return FeedbackResult.RECORDED;
        });
    }

    /**
     * Every action.
     *
     * @return in order of their numbers
     * @throws IOException if the storage fails
     */
    public List<Action> actions() throws IOException {
        List<Action> actions = new ArrayList<>();
        for (RecordStore.Entry entry : all(Table.ACTION)) {
            actions.add(Action.of(entry.json()));
        }
        return actions;
    }

    /**
     * Every device that was let in by a token and not dismissed.
     *
     * @return their ids, in order of their characters
     * @throws IOException if the storage fails
     */
    public List<String> devices() throws IOException {
        return all(Table.DEVICE).stream()
                .filter(entry -> !isDismissal(entry.json()))
                .map(RecordStore.Entry::key)
                .toList();
    }

    private List<RecordStore.Entry> all(Table table) throws IOException {
        return store.transact(records -> {
            List<RecordStore.Entry> entries = new ArrayList<>();
            List<RecordStore.Entry> page = records.list(table, "", RecordStore.MAX_LIST);
            while (!page.isEmpty()) {
                entries.addAll(page);
                page = records.list(table, page.get(page.size() - 1).key(), RecordStore.MAX_LIST);
            }
            return entries;
        });
    }
}
