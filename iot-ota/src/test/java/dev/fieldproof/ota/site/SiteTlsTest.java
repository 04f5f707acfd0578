package dev.fieldproof.ota.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Devices that show certificates: the right one, and every kind of wrong one. */
class SiteTlsTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final KeyManager[] NONE = {};

    private TestAuthority authority;
    private SiteFixture site;

    @BeforeEach
    void aNodeServesTls() throws Exception {
        authority = new TestAuthority("CN=Site");
        SiteTls tls = new SiteTls(authority.issue("CN=node", DAY).keys(), List.of(authority.certificate));
        site = new SiteFixture(SiteSettings.DEFAULT, tls);
        site.deployments.assign("dev1", site.store(new byte[100_000], "fw.bin"));
    }

    @AfterEach
    void theNodeEnds() {
        site.close();
    }

    private HttpResponse<byte[]> get(KeyManager[] keys, String path, String... headers) throws Exception {
        HttpClient client =
                HttpClient.newBuilder().sslContext(authority.client(keys)).build();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(site.base() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private int status(KeyManager[] keys, String device, String... headers) throws Exception {
        return get(keys, "/default/controller/v1/" + device, headers).statusCode();
    }

    private void assertRefusedBeforeAnyRequest(TestAuthority.Identity identity, String why) throws Exception {
        assertThrows(IOException.class, () -> status(identity.stubbornKeys(), "dev1"));
        AuditLog.Entry last = site.node.audit().latest(1).get(0);
        assertTrue(last.what().startsWith("refused the certificate of CN=dev1"), last.what());
        assertTrue(last.what().contains(why), last.what());
    }

    @Test
    void theRightCertificateIsEnoughForPollAndDownload() throws Exception {
        KeyManager[] keys = authority.issue("CN=Site,CN=dev1", DAY).keys();
        assertEquals(200, status(keys, "dev1"));
        byte[] image = get(keys, "/default/controller/v1/dev1/softwaremodules/1/artifacts/fw.bin")
                .body();
        assertEquals(100_000, image.length);
        assertEquals(401, status(keys, "dev2"), "a certificate of dev1 is not one of dev2");
    }

    @Test
    void theWrongAuthorityIsRefusedAlsoUnderTheRightName() throws Exception {
        assertRefusedBeforeAnyRequest(new TestAuthority("CN=Stranger").issue("CN=dev1", DAY), "valid certification");
        TestAuthority impostor = new TestAuthority("CN=Site");
        assertRefusedBeforeAnyRequest(impostor.issue("CN=dev1", DAY), "");
        assertEquals(200, status(authority.issue("CN=dev1", DAY).keys(), "dev1"), "the server goes on");
    }

    @Test
    void whatHasEndedIsRefused() throws Exception {
        assertRefusedBeforeAnyRequest(authority.issue("CN=dev1", DAY.negated()), "NotAfter");
    }

    @Test
    void aBodyThatTricklesIsRefusedOverTlsToo() throws Exception {
        site.close();
        site = new SiteFixture(
                SiteSettings.DEFAULT.withBodyWithin(Duration.ofMillis(200)),
                new SiteTls(authority.issue("CN=node", DAY).keys(), List.of(authority.certificate)));
        KeyManager[] keys = authority.issue("CN=dev1", DAY).keys();
        try (Socket slow = authority
                .client(keys)
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), site.server.port())) {
            slow.setSoTimeout(30_000);
            String head =
                    "PUT /default/controller/v1/dev1/configData HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{";
            slow.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            byte[] answer = slow.getInputStream().readNBytes(12);
            assertEquals("HTTP/1.1 408", new String(answer, StandardCharsets.US_ASCII));
        }
    }

    @Test
    void withoutACertificateATokenIsNeeded() throws Exception {
        assertEquals(401, status(NONE, "dev1"));
        String token = site.deployments.admit("dev1");
        assertEquals(200, status(NONE, "dev1", "Authorization", "TargetToken " + token));
    }

    @Test
    void aNameInsideAnotherValueIsNotTheDevices() throws Exception {
        KeyManager[] forged = authority.issue("O=x\\,CN\\=dev1,CN=dev2", DAY).keys();
        assertEquals(401, status(forged, "dev1"));
        assertEquals(200, status(forged, "dev2"));
        KeyManager[] joined = authority.issue("O=x+CN=dev1", DAY).keys();
        assertEquals(401, status(joined, "dev1"), "not of one value");
        assertEquals(401, status(authority.issue("O=x", DAY).keys(), "dev1"));
    }

    @Test
    void aDismissedDeviceStaysOutWhateverItShows() throws Exception {
        String token = site.deployments.admit("dev1");
        site.deployments.dismiss("dev1");
        assertEquals(401, status(authority.issue("CN=dev1", DAY).keys(), "dev1"));
        assertEquals(401, status(NONE, "dev1", "Authorization", "TargetToken " + token));
        assertEquals(List.of(), site.deployments.devices());
        site.deployments.admit("dev1");
        assertEquals(200, status(authority.issue("CN=dev1", DAY).keys(), "dev1"));
    }

    @Test
    void certificatesOnlyMeansThatNoTokenHelps() throws Exception {
        SiteTls tls = new SiteTls(authority.issue("CN=node", DAY).keys(), List.of(authority.certificate));
        SiteSettings strict = SiteSettings.DEFAULT.withAdmission(SiteSettings.Admission.CERTIFICATE);
        site.close();
        site = new SiteFixture(strict, tls);
        String token = site.deployments.admit("dev1");
        assertEquals(401, status(NONE, "dev1", "Authorization", "TargetToken " + token));
        assertEquals(200, status(authority.issue("CN=dev1", DAY).keys(), "dev1"));
    }

    @Test
    void aServerThatKnowsNoAuthorityBelievesNoCertificate() throws Exception {
        site.close();
        site = new SiteFixture(
                SiteSettings.DEFAULT,
                new SiteTls(authority.issue("CN=node", DAY).keys(), List.of()));
        assertRefusedBeforeAnyRequest(authority.issue("CN=dev1", DAY), "no authority of devices is known");
        assertEquals(401, status(NONE, "dev1"));
    }

    @Test
    void plainHttpStaysOnThisMachineUnlessToldOtherwise() throws Exception {
        InetSocketAddress everywhere = new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 0);
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> new SiteServer(
                        everywhere, site.node, site.deployments, site.rollouts, site.operators, SiteSettings.DEFAULT));
        assertTrue(String.valueOf(refused.getMessage()).contains("0.0.0.0"), refused.toString());
        // Told otherwise, as a mutant of the rule would: then it does come up.
        SiteSettings allowed = SiteSettings.DEFAULT.withPlainBeyondLoopback(true);
        try (SiteServer server =
                new SiteServer(everywhere, site.node, site.deployments, site.rollouts, site.operators, allowed)) {
            assertTrue(server.port() > 0);
        }
        assertFalse(site.node.audit().entries().toString().contains("PRIVATE"));
    }
}
