package dev.fieldproof.ota.site;

import dev.fieldproof.core.Digest;
import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonReader;
import dev.fieldproof.ota.record.RecordStore;
import dev.fieldproof.ota.record.RecordStore.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Who may operate a node, by token; there is nobody until someone is let in, and no default. Thread-safe. */
public final class Operators {
    private static final int TOKEN_BYTES = 24;

    private final RecordStore store;
    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * Goes on with what a store holds, by the system's clock.
     *
     * @param store stays the caller's
     * @param random for tokens; cryptographically strong outside simulations
     */
    public Operators(RecordStore store, RandomGenerator random) {
        this(store, InstantSource.system(), random);
    }

    /**
     * Goes on with what a store holds.
     *
     * @param store stays the caller's
     * @param clock by which tokens end
     * @param random for tokens; cryptographically strong outside simulations
     */
    public Operators(RecordStore store, InstantSource clock, RandomGenerator random) {
        this.store = store;
        this.clock = clock;
        this.random = random;
    }

    /** What an operator may do; each role may do what those before it may. */
    public enum Role {
        /** Look. */
        VIEWER,
        /** Approve and hold waves. */
        APPROVER
    }

    /**
     * An operator.
     *
     * @param name for the audit log
     * @param role what it may do
     * @param until when the token ends
     */
    public record Operator(String name, Role role, Instant until) {}

    /**
     * Lets someone in for good; {@link #dismiss} ends it.
     *
     * @param name for the audit log
     * @param role what it may do
     * @return the token, which is not kept and cannot be asked for again
     * @throws IOException if the storage fails
     */
    public String admit(String name, Role role) throws IOException {
        return admit(name, role, Instant.MAX);
    }

    /**
     * Lets someone in for a while.
     *
     * @param name for the audit log
     * @param role what it may do
     * @param until when the token ends
     * @return the token, which is not kept and cannot be asked for again
     * @throws IOException if the storage fails
     */
    public String admit(String name, Role role, Instant until) throws IOException {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        String token = HexFormat.of().formatHex(bytes);
        String json = JsonObject.builder()
                .put("name", name)
                .put("role", role.name())
                .put("until", until.toString())
                .build()
                .toString();
        store.transact(records -> {
            records.put(Table.OPERATOR, hash(token), json);
            return true;
        });
        return token;
    }

    /**
     * Ends every token of a name.
     *
     * @param name as it was let in
     * @return how many there were
     * @throws IOException if the storage fails
     */
    public int dismiss(String name) throws IOException {
        return store.transact(records -> {
            int dismissed = 0;
            for (RecordStore.Entry entry : records.list(Table.OPERATOR, "", RecordStore.MAX_LIST)) {
                if (operator(entry.json()).name().equals(name)) {
                    records.delete(Table.OPERATOR, entry.key());
                    dismissed++;
                }
            }
            return dismissed;
        });
    }

    private static String hash(String token) {
        return Digest.sha256(token.getBytes(StandardCharsets.UTF_8)).hex();
    }

    /**
     * Who shows a token.
     *
     * @param token any text
     * @return the operator, if there is one and the token has not ended
     * @throws IOException if the storage fails
     */
    public Optional<Operator> byToken(String token) throws IOException {
        return known(token).filter(it -> !hasEnded(it));
    }

    /** Whose token this is or was. */
    Optional<Operator> known(String token) throws IOException {
        // Looked up by its hash: how long that takes says nothing about any token.
        Optional<String> json = store.transact(records -> records.get(Table.OPERATOR, hash(token)));
        return json.isEmpty() ? Optional.empty() : Optional.of(operator(json.get()));
    }

    boolean hasEnded(Operator operator) {
        return !clock.instant().isBefore(operator.until());
    }

    private static Operator operator(String json) throws IOException {
        try {
            JsonObject object = JsonReader.object(json.getBytes(StandardCharsets.UTF_8));
            Optional<String> until = object.optionalText("until"); // records of older releases have none
            return new Operator(
                    object.text("name"),
                    Role.valueOf(object.text("role")),
                    until.isEmpty() ? Instant.MAX : Instant.parse(until.get()));
        } catch (JsonException | DateTimeException | IllegalArgumentException e) {
            throw new IOException("a damaged record of an operator", e);
        }
    }
}
