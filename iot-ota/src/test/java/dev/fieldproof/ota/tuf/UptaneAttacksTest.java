package dev.fieldproof.ota.tuf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The ten attacks of the Uptane Standard, section "Description of threats", each with the name it is refused by. */
class UptaneAttacksTest {
    private static final byte[] IMAGE = "firmware 2".getBytes(StandardCharsets.UTF_8);
    private static final byte[] OTHER = "firmware 1".getBytes(StandardCharsets.UTF_8);

    private final RepositoryFixture fixture = new RepositoryFixture();
    private final TargetFile main = TargetFile.of("main.bin", IMAGE);
    private final TargetFile radio = TargetFile.of("radio.bin", IMAGE);

    @BeforeEach
    void aDeviceKnowsTheFirstRelease() throws IOException {
        fixture.repository.addTarget(main);
        fixture.repository.addTarget(radio);
        fixture.publish().trustFirstRoot();
        assertInstanceOf(TufResult.Refreshed.class, fixture.refresh());
    }

    private static Refusal refusal(TufResult result) {
        return assertInstanceOf(TufResult.Refused.class, result).refusal();
    }

    private TufResult download(TargetFile target, Fetcher from) throws IOException {
        TufClient client = fixture.client();
        client.refresh();
        return client.download(target, from, new ByteArrayOutputStream());
    }

    private Fetcher serving(TargetFile target, byte[] bytes) throws IOException {
        TufClient client = fixture.client();
        client.refresh();
        return RepositoryFixture.from(Map.of(client.location(target), bytes));
    }

    /** What is confidential goes over TLS, which no redirect may take away; images at rest are not encrypted. */
    @Test
    void eavesdrop() {
        assertEquals(
                HttpClient.Redirect.NORMAL,
                dev.fieldproof.ota.download.HttpSource.newClient().followRedirects(),
                "never from https to http");
    }

    @Test
    void dropRequest() throws IOException {
        Fetcher cut = path -> {
            throw new IOException("no route");
        };
        TufClient client = new TufClient(fixture.store, cut, fixture.clock);
        assertEquals(Refusal.UNREACHABLE, refusal(client.refresh()));
        assertInstanceOf(TufResult.Refreshed.class, fixture.refresh(), "the next update is none the worse");
    }

    /** The downloader's own test drips bytes at it; here the reader of metadata meets its deadline. */
    @Test
    void slowRetrieval() throws IOException {
        Fetcher slow = path -> Optional.of(new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("too slow: " + path);
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                throw new IOException("too slow: " + path);
            }
        });
        TufResult result = new TufClient(fixture.store, slow, fixture.clock).refresh();
        assertEquals(Refusal.UNREACHABLE, refusal(result));
        assertTrue(result.toString().contains("too slow"), result.toString());
    }

    @Test
    void freeze() throws IOException {
        fixture.clock.advance(Duration.ofDays(8));
        assertEquals(Refusal.EXPIRED, refusal(fixture.refresh()));
    }

    @Test
    void partialBundleInstallation() throws IOException {
        assertInstanceOf(TufResult.Downloaded.class, download(main, serving(main, IMAGE)));
        assertEquals(Refusal.MISSING, refusal(download(radio, serving(main, IMAGE))), "withheld, and said to be");
        JsonObject listed = Tampering.signed(fixture.file("1.targets.json"));
        JsonObject fewer =
                Tampering.at(listed, List.of("targets"), targets -> Tampering.with(targets, "radio.bin", null));
        fixture.files.put("1.targets.json", Tampering.sign(fewer, RepositoryFixture.signer(66)));
        fixture.store.delete("targets.json");
        assertEquals(Refusal.MIX_AND_MATCH, refusal(fixture.refresh()));
    }

    @Test
    void denialOfServiceAgainstRepositories() throws IOException {
        fixture.files.clear();
        assertEquals(Refusal.MISSING, refusal(fixture.refresh()));
        assertInstanceOf(
                TufResult.Refreshed.class,
                new TufClient(fixture.store, mirror(), fixture.clock).refresh(),
                "another mirror of the same signed files is as good");
    }

    private static Fetcher mirror() throws IOException {
        RepositoryFixture other = new RepositoryFixture();
        other.repository.addTarget(TargetFile.of("main.bin", IMAGE));
        other.repository.addTarget(TargetFile.of("radio.bin", IMAGE));
        return other.publish().fetcher();
    }

    @Test
    void rollback() throws IOException {
        Map<String, byte[]> before = Map.copyOf(fixture.files);
        fixture.repository.addTarget(TargetFile.of("main.bin", OTHER));
        fixture.publish();
        assertInstanceOf(TufResult.Refreshed.class, fixture.refresh());
        fixture.files.putAll(before);
        assertEquals(Refusal.ROLLBACK, refusal(fixture.refresh()));
    }

    @Test
    void endlessData() throws IOException {
        Fetcher endless = path -> path.endsWith("root.json")
                ? Optional.empty()
                : Optional.of(new InputStream() {
                    @Override
                    public int read() {
                        return ' ';
                    }
                });
        assertEquals(Refusal.ENDLESS_DATA, refusal(new TufClient(fixture.store, endless, fixture.clock).refresh()));
        assertEquals(Refusal.ENDLESS_DATA, refusal(download(main, endless)));
    }

    @Test
    void mixAndMatch() throws IOException {
        byte[] firstTargets = fixture.file("1.targets.json");
        fixture.repository.addTarget(TargetFile.of("main.bin", OTHER));
        fixture.publish();
        fixture.files.put("2.targets.json", firstTargets);
        assertEquals(Refusal.MIX_AND_MATCH, refusal(fixture.refresh()));
    }

    @Test
    void arbitrarySoftware() throws IOException {
        assertEquals(Refusal.TARGET_MISMATCH, refusal(download(main, serving(main, OTHER))));
        JsonObject timestamp =
                Tampering.with(Tampering.signed(fixture.file("timestamp.json")), "version", new JsonValue.Whole(2));
        fixture.files.put("timestamp.json", Tampering.sign(timestamp, RepositoryFixture.signer(66)));
        assertEquals(Refusal.UNTRUSTED_SIGNATURES, refusal(fixture.refresh()));
        Fetcher forged = path -> Optional.of(new ByteArrayInputStream(new byte[0]));
        assertEquals(Refusal.MALFORMED, refusal(new TufClient(fixture.store, forged, fixture.clock).refresh()));
    }
}
