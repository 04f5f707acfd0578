package dev.fieldproof.core.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.key.KeyAlgorithm;
import dev.fieldproof.core.key.KeyStore;
import dev.fieldproof.core.key.UnknownKeyException;
import dev.fieldproof.core.key.WritableKeyStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link WritableKeyStore} must do, beside what every {@link KeyStore} must. Extend it and give it a store.
 */
public abstract class WritableKeyStoreContract extends KeyStoreContract {
    /** For subclasses. */
    protected WritableKeyStoreContract() {}

    /**
     * A store that is empty and used by one test alone.
     *
     * @return an open store, closed by the test
     * @throws IOException if it cannot be made
     */
    protected abstract WritableKeyStore emptyStore() throws IOException;

    @Override
    protected final KeyStore storeWith(Map<String, KeyAlgorithm> keys) throws IOException {
        WritableKeyStore store = emptyStore();
        for (var key : keys.entrySet()) {
            store.generate(key.getKey(), key.getValue());
        }
        return store;
    }

    /**
     * A certificate for a key that no store made.
     *
     * @return the certificate
     * @throws Exception if it cannot be parsed
     */
    protected static X509Certificate foreignCertificate() throws Exception {
        // Self-signed P-256, CN=foreign, made with openssl for this test.
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(Base64.getMimeDecoder().decode(FOREIGN)));
    }

    private static final String FOREIGN = """
            MIIBfDCCASGgAwIBAgIUAhR8oyLkRxwh7XzIpflJgYr4yX4wCgYIKoZIzj0EAwIw
            EjEQMA4GA1UEAwwHZm9yZWlnbjAgFw0yNjExMjIwMzMxNTZaGA8yMTI2MTAyOTAz
            MzE1NlowEjEQMA4GA1UEAwwHZm9yZWlnbjBZMBMGByqGSM49AgEGCCqGSM49AwEH
            A0IABID+CKpfUkRJkOoDWxyZ2Q6pMI23Jqee1rtmYwCupVKbkihneeprquA7l+IL
            WSElo0J/+2a3U6jQRMq8RlsCps6jUzBRMB0GA1UdDgQWBBRiQpiWfhbkNWBKNwsR
            h5bOAgzTsDAfBgNVHSMEGDAWgBRiQpiWfhbkNWBKNwsRh5bOAgzTsDAPBgNVHRMB
            Af8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQCyeij7ngPpo3NAxhu3amqZDe9g
            9t1WEgAOOq5k1aMhZwIhALEaZtkknsSFDTZ7t0/MThP8q+0LkTMGTUy54dcivmC3
            """;

    @ParameterizedTest
    @EnumSource(KeyAlgorithm.class)
    void returnsTheKeyItMade(KeyAlgorithm algorithm) throws IOException {
        try (WritableKeyStore store = emptyStore()) {
            PublicKey key = store.generate("device-1", algorithm);
            assertEquals(key, store.publicKey("device-1"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "-a", ".a", "a b", "a/b", "../a", "ä", "a\n"})
    void makesNoKeyOfAMalformedId(String id) throws IOException {
        try (WritableKeyStore store = emptyStore()) {
            assertThrows(IllegalArgumentException.class, () -> store.generate(id, KeyAlgorithm.ED25519));
        }
    }

    @ParameterizedTest
    @EnumSource(KeyAlgorithm.class)
    void keepsTheCertificatesOfAKeyAndReplacesThem(KeyAlgorithm algorithm) throws Exception {
        try (WritableKeyStore store = emptyStore()) {
            store.generate("k", algorithm);
            for (String name : List.of("first", "second")) {
                X509Certificate own = SelfSigned.certificate(store, "k", algorithm, name);
                store.setCertificateChain("k", List.of(own));
                assertEquals(List.of(own), store.certificateChain("k"));
            }
        }
    }

    /**
     * Several keys are made at once, or none of them.
     *
     * @throws Exception if the store fails
     */
    @Test
    public void severalKeysAreMadeAtOnceOrNone() throws Exception {
        try (WritableKeyStore store = emptyStore()) {
            store.generateAll(List.of("a-1", "a-2"), KeyAlgorithm.P256);
            assertEquals(Set.of("a-1", "a-2"), store.keyIds());
            assertEquals("EC", store.publicKey("a-2").getAlgorithm());
            assertThrows(
                    IllegalArgumentException.class, () -> store.generateAll(List.of("a-1", "b"), KeyAlgorithm.ED25519));
            assertEquals(Set.of("a-1", "a-2"), store.keyIds());
        }
    }

    @Test
    void refusesIdsThatAreTooLongAndTakesTheLongest() throws IOException {
        try (WritableKeyStore store = emptyStore()) {
            store.generate("x".repeat(64), KeyAlgorithm.ED25519);
            assertThrows(IllegalArgumentException.class, () -> store.generate("x".repeat(65), KeyAlgorithm.ED25519));
        }
    }

    @Test
    void neverReplacesAKey() throws IOException {
        try (WritableKeyStore store = emptyStore()) {
            PublicKey key = store.generate("k", KeyAlgorithm.ED25519);
            assertThrows(IllegalArgumentException.class, () -> store.generate("k", KeyAlgorithm.P256));
            assertEquals(key, store.publicKey("k"));
        }
    }

    @Test
    void forgetsAKey() throws IOException {
        try (WritableKeyStore store = emptyStore()) {
            store.generate("k", KeyAlgorithm.ED25519);
            store.generate("l", KeyAlgorithm.ED25519);
            assertTrue(store.delete("k"));
            assertFalse(store.delete("k"));
            assertThrows(UnknownKeyException.class, () -> store.sign("k", new byte[1]));
            assertEquals(Set.of("l"), store.keyIds());
        }
    }

    @Test
    void refusesCertificatesOfOtherKeys() throws Exception {
        try (WritableKeyStore store = emptyStore()) {
            store.generate("k", KeyAlgorithm.P256);
            X509Certificate foreign = foreignCertificate();
            assertThrows(IllegalArgumentException.class, () -> store.setCertificateChain("k", List.of(foreign)));
            assertThrows(IllegalArgumentException.class, () -> store.setCertificateChain("k", List.of()));
            assertThrows(UnknownKeyException.class, () -> store.setCertificateChain("l", List.of(foreign)));
            assertEquals(List.of(), store.certificateChain("k"));
        }
    }

    @Test
    void makesNothingOnceClosed() throws IOException {
        WritableKeyStore store = emptyStore();
        store.generate("k", KeyAlgorithm.ED25519);
        store.close();
        assertThrows(IOException.class, () -> store.generate("l", KeyAlgorithm.ED25519));
        assertThrows(IOException.class, () -> store.delete("k"));
    }
}
