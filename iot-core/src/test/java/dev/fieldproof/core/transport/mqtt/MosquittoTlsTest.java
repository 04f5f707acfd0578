package dev.fieldproof.core.transport.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.ConnectionState.LossCause;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.core.transport.TransportException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS with client certificates against a broker that demands them. */
class MosquittoTlsTest {
    @TempDir
    static Path directory;

    private static Certificates certificates;
    private static Mosquitto broker;

    @BeforeAll
    static void startBroker() throws Exception {
        certificates = new Certificates(directory);
        certificates.authority("ca");
        certificates.authority("stranger");
        certificates.issue("server", "ca");
        certificates.issue("device", "ca");
        certificates.issue("intruder", "stranger");
        broker = Mosquitto.start(
                directory,
                "cafile " + certificates.file("ca.crt"),
                "certfile " + certificates.file("server.crt"),
                "keyfile " + certificates.file("server.key"),
                "require_certificate true");
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) {
            broker.close();
        }
    }

    private static MqttTls pem(String authority, String client) {
        return new MqttTls(
                Optional.of(certificates.file(authority + ".crt")),
                Optional.of(certificates.file(client + ".crt")),
                Optional.of(certificates.file(client + ".key")),
                Optional.empty());
    }

    private static Transport open(MqttTls tls, MqttVersion version) throws IOException {
        return MqttTransport.builder(Mosquitto.HOST, broker.port())
                .version(version)
                .tls(tls)
                .build();
    }

    private static TransportException refusal(Transport transport) {
        try (transport) {
            ExecutionException thrown = assertThrows(
                    ExecutionException.class,
                    () -> transport.connect(ConnectOptions.of("c")).get(30, TimeUnit.SECONDS));
            return assertInstanceOf(TransportException.class, thrown.getCause());
        }
    }

    @ParameterizedTest
    @EnumSource
    void connectsWithAClientCertificate(MqttVersion version) throws Exception {
        try (Transport transport = open(pem("ca", "device"), version)) {
            assertFalse(transport.connect(ConnectOptions.of("c")).get(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void connectsWithPkcs12ByAddress() throws Exception {
        URI address = URI.create("ssl://" + Mosquitto.HOST + ":" + broker.port() + "?ca=" + certificates.file("ca.crt")
                + "&cert=" + certificates.file("device.p12") + "&password=secret");
        try (Transport transport = Transport.open(address)) {
            assertFalse(transport.connect(ConnectOptions.of("c")).get(30, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWrongClientCertificateIsRefusedWithAClearError(MqttVersion version) throws Exception {
        TransportException refusal = refusal(open(pem("ca", "intruder"), version));
        assertEquals(LossCause.NOT_TRUSTED, refusal.lossCause(), refusal::getMessage);
        assertTrue(refusal.getMessage().contains("check the client certificate"), refusal::getMessage);
        assertTrue(refusal.getMessage().contains("ssl://127.0.0.1:" + broker.port()), refusal::getMessage);
    }

    @Test
    void noClientCertificateIsRefusedWithAClearError() throws Exception {
        MqttTls anonymous = new MqttTls(
                Optional.of(certificates.file("ca.crt")), Optional.empty(), Optional.empty(), Optional.empty());
        TransportException refusal = refusal(open(anonymous, MqttVersion.V5));
        assertEquals(LossCause.NOT_TRUSTED, refusal.lossCause(), refusal::getMessage);
    }

    @Test
    void aBrokerOfAnotherAuthorityIsNotTrusted() throws Exception {
        TransportException refusal = refusal(open(pem("stranger", "device"), MqttVersion.V5));
        assertEquals(LossCause.NOT_TRUSTED, refusal.lossCause(), refusal::getMessage);
    }

    @Test
    void unusableFilesAreNamed() throws Exception {
        certificates.openssl("ec -in device.key -out sec1.key");
        MqttTls sec1 = new MqttTls(
                Optional.empty(),
                Optional.of(certificates.file("device.crt")),
                Optional.of(certificates.file("sec1.key")),
                Optional.empty());
        assertMessage("openssl pkcs8 -topk8", sec1);
        assertMessage(
                "wrong password",
                new MqttTls(
                        Optional.empty(),
                        Optional.of(certificates.file("device.p12")),
                        Optional.empty(),
                        Optional.of("guess")));
        assertMessage(
                "holds no certificate",
                new MqttTls(
                        Optional.of(certificates.file("device.key")),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
        assertMessage(
                "holds no private key",
                new MqttTls(
                        Optional.empty(),
                        Optional.of(certificates.file("device.crt")),
                        Optional.empty(),
                        Optional.empty()));
    }

    private static void assertMessage(String part, MqttTls tls) {
        String message =
                assertThrows(IOException.class, () -> open(tls, MqttVersion.V5)).getMessage();
        assertTrue(message.contains(part), message);
    }
}
