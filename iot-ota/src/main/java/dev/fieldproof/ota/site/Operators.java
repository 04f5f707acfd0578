package dev.fieldproof.ota.site;

import dev.fieldproof.core.Digest;
import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonReader;
import dev.fieldproof.ota.record.RecordStore;
import dev.fieldproof.ota.record.RecordStore.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Who may operate a node, by token; there is nobody until someone is let in, and no default. Thread-safe. */
public final class Operators {
    private static final int TOKEN_BYTES = 24;

    private final RecordStore store;
    private final RandomGenerator random;

    /**
     * Goes on with what a store holds.
     *
     * @param store stays the caller's
     * @param random for tokens; cryptographically strong outside simulations
     */
    public Operators(RecordStore store, RandomGenerator random) {
        this.store = store;
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
     */
    public record Operator(String name, Role role) {}

    /**
     * Lets someone in.
     *
     * @param name for the audit log
     * @param role what it may do
     * @return the token, which is not kept and cannot be asked for again
     * @throws IOException if the storage fails
     */
    public String admit(String name, Role role) throws IOException {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        String token = HexFormat.of().formatHex(bytes);
        String json = JsonObject.builder()
                .put("name", name)
                .put("role", role.name())
                .build()
                .toString();
        store.transact(records -> {
            records.put(Table.OPERATOR, hash(token), json);
            return true;
        });
        return token;
    }

    private static String hash(String token) {
        return Digest.sha256(token.getBytes(StandardCharsets.UTF_8)).hex();
    }

    /**
     * Who shows a token.
     *
     * @param token any text
     * @return the operator, if there is one
     * @throws IOException if the storage fails
     */
    public Optional<Operator> byToken(String token) throws IOException {
        // Looked up by its hash: how long that takes says nothing about any token.
        Optional<String> json = store.transact(records -> records.get(Table.OPERATOR, hash(token)));
        if (json.isEmpty()) {
            return Optional.empty();
        }
        try {
            JsonObject object = JsonReader.object(json.get().getBytes(StandardCharsets.UTF_8));
            return Optional.of(new Operator(object.text("name"), Role.valueOf(object.text("role"))));
        } catch (JsonException e) {
            throw new IOException("a damaged record of an operator", e);
        }
    }
}
