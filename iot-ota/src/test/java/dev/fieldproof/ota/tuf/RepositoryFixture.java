package dev.fieldproof.ota.tuf;

import dev.fieldproof.core.sim.SimClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A repository in memory, its published files, and a client of it. */
final class RepositoryFixture {
    static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

    final SimClock clock = new SimClock(START);
    final Map<String, byte[]> files = new TreeMap<>();
    final TrustedStore store = TrustedStore.inMemory();
    final Map<TopLevelRole, RoleSigners> signers = new EnumMap<>(TopLevelRole.class);
    final TufRepository repository;

    RepositoryFixture() {
        signers.put(TopLevelRole.ROOT, new RoleSigners(List.of(signer(1), signer(2), signer(3)), 2));
        signers.put(TopLevelRole.TARGETS, RoleSigners.of(signer(4)));
        signers.put(TopLevelRole.SNAPSHOT, RoleSigners.of(signer(5)));
        signers.put(TopLevelRole.TIMESTAMP, RoleSigners.of(signer(6)));
        repository = new TufRepository(clock, signers);
    }

    static TufSigner signer(int number) {
        byte[] seed = new byte[32];
        Arrays.fill(seed, (byte) number);
        return TufSigner.ed25519(seed);
    }

    RepositoryFixture publish() throws IOException {
        repository.publish(files::put);
        return this;
    }

    RepositoryFixture trustFirstRoot() throws IOException {
        if (TufClient.initialise(store, file("1.root.json"), TufLimits.DEFAULT).isPresent()) {
            throw new AssertionError("the first root is good");
        }
        return this;
    }

    byte[] file(String name) {
        byte[] bytes = files.get(name);
        if (bytes == null) {
            throw new AssertionError("no " + name + " in " + files.keySet());
        }
        return bytes;
    }

    Fetcher fetcher() {
        return from(files);
    }

    static Fetcher from(Map<String, byte[]> files) {
        return path -> Optional.ofNullable(files.get(path)).<InputStream>map(ByteArrayInputStream::new);
    }

    TufClient client() {
        return new TufClient(store, fetcher(), clock);
    }

    TufResult refresh() throws IOException {
        return client().refresh();
    }
}
