package dev.fieldproof.ota.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.store.ArtifactStore;
import dev.fieldproof.ota.tuf.Fetcher;
import dev.fieldproof.ota.tuf.Refusal;
import dev.fieldproof.ota.tuf.RoleSigners;
import dev.fieldproof.ota.tuf.TargetFile;
import dev.fieldproof.ota.tuf.TopLevelRole;
import dev.fieldproof.ota.tuf.TrustedStore;
import dev.fieldproof.ota.tuf.TufClient;
import dev.fieldproof.ota.tuf.TufLimits;
import dev.fieldproof.ota.tuf.TufRepository;
import dev.fieldproof.ota.tuf.TufResult;
import dev.fieldproof.ota.tuf.TufSigner;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ControlNodeTest {
    private final SimClock clock = new SimClock(Instant.parse("2026-03-01T00:00:00Z"));
    private final Map<String, byte[]> metadata = new TreeMap<>();
    private final byte[] image = new byte[1000];
    private final Digest digest = Digest.sha256(image);
    private ControlNode node;
    private boolean linkBreaks;

    @BeforeEach
    void aNodeTrustsARepository() throws IOException {
        Map<TopLevelRole, RoleSigners> signers = new EnumMap<>(TopLevelRole.class);
        for (TopLevelRole role : TopLevelRole.values()) {
            signers.put(role, RoleSigners.of(TufSigner.ed25519(new byte[32])));
        }
        TufRepository repository = new TufRepository(clock, signers);
        repository.addTarget(TargetFile.of("fw.bin", image));
        repository.publish(metadata::put);
        TrustedStore trusted = TrustedStore.inMemory();
        TufClient.initialise(trusted, metadata.get("1.root.json"), TufLimits.DEFAULT);
        Fetcher fetcher = path -> Optional.ofNullable(metadata.get(path)).<InputStream>map(ByteArrayInputStream::new);
        node = new ControlNode(
                ArtifactStore.open(URI.create("memory:cache")),
                new TufClient(trusted, fetcher, clock),
                path -> Optional.of(targetStream()),
                clock);
        assertInstanceOf(TufResult.Refreshed.class, node.refresh());
        int entries = node.audit().entries().size();
        assertInstanceOf(TufResult.Refreshed.class, node.refresh());
        assertEquals(entries, node.audit().entries().size(), "nothing new is not worth a line");
    }

    private InputStream targetStream() {
        return linkBreaks
                ? new SequenceInputStream(new ByteArrayInputStream(image, 0, 300), new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("link lost");
                    }

                    @Override
                    public int read(byte[] into, int offset, int length) throws IOException {
                        throw new IOException("link lost");
                    }
                })
                : new ByteArrayInputStream(image);
    }

    @Test
    void cachesOnceAndServesWhenTheWaveIsApproved() throws IOException {
        linkBreaks = true;
        assertEquals(new ControlNode.CacheResult.Interrupted(300), node.cache("fw.bin"));
        linkBreaks = false;
        assertEquals(new ControlNode.CacheResult.Cached(digest, 700), node.cache("fw.bin"));
        node.stage("wave-1");
        assertTrue(node.serve("wave-1", digest, 0).isEmpty());
        node.decide("wave-1", ControlNode.Gate.HELD, "ana");
        assertTrue(node.serve("wave-1", digest, 0).isEmpty());
        node.decide("wave-1", ControlNode.Gate.APPROVED, "ana");
        try (var channel = node.serve("wave-1", digest, 990).orElseThrow()) {
            assertEquals(10, channel.read(ByteBuffer.allocate(100)));
        }
        assertTrue(AuditLog.verify(node.audit().entries()));
        assertEquals("APPROVED wave-1", node.audit().entries().get(5).what());
    }

    @Test
    void whatNoTrustedRoleKnowsIsRefused() throws IOException {
        ControlNode.CacheResult.Refused refused =
                assertInstanceOf(ControlNode.CacheResult.Refused.class, node.cache("other"));
        assertEquals(Refusal.UNKNOWN_TARGET, refused.refused().refusal());
    }

    @Test
    void aChangedLogIsNoticed() throws IOException {
        node.stage("a");
        node.stage("b");
        List<AuditLog.Entry> entries = new ArrayList<>(node.audit().entries());
        assertTrue(AuditLog.verify(entries));
        AuditLog.Entry second = entries.get(1);
        entries.set(1, new AuditLog.Entry(second.at(), "someone else", second.what(), second.chain()));
        assertFalse(AuditLog.verify(entries));
        entries.remove(1);
        assertFalse(AuditLog.verify(entries));
    }
}
