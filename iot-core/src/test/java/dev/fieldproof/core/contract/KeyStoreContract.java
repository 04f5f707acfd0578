package dev.fieldproof.core.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.key.KeyAlgorithm;
import dev.fieldproof.core.key.UnknownKeyException;
import dev.fieldproof.core.key.WritableKeyStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every writable key store must do. Extend it in your own tests and give it a store. */
public abstract class KeyStoreContract {
    private static final byte[] MESSAGE = {1, 2, 3};

    /** For subclasses. */
    protected KeyStoreContract() {}

    /**
     * A store that is empty and used by one test alone.
     *
     * @return an open store, closed by the test
     * @throws IOException if it cannot be made
     */
    protected abstract WritableKeyStore emptyStore() throws IOException;

    private static boolean verifies(PublicKey key, KeyAlgorithm algorithm, byte[] message, byte[] signature)
            throws Exception {
        Signature verifier = Signature.getInstance(algorithm == KeyAlgorithm.ED25519 ? "Ed25519" : "SHA256withECDSA");
        verifier.initVerify(key);
        verifier.update(message);
        return verifier.verify(signature);
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
    void signsWithTheKeyItMade(KeyAlgorithm algorithm) throws Exception {
        try (WritableKeyStore store = emptyStore()) {
            PublicKey key = store.generate("device-1", algorithm);
            assertEquals(key, store.publicKey("device-1"));
            assertEquals(algorithm == KeyAlgorithm.P256 ? "EC" : "EdDSA", key.getAlgorithm());
            byte[] signature = store.sign("device-1", MESSAGE);
            assertTrue(verifies(key, algorithm, MESSAGE, signature));
            assertFalse(verifies(key, algorithm, new byte[] {1, 2, 4}, signature));
            assertEquals(algorithm == KeyAlgorithm.ED25519, signature.length == 64 && signature[0] != 0x30);
        }
    }

    @Test
    void aNewKeyHasNoCertificates() throws IOException {
        try (WritableKeyStore store = emptyStore()) {
            store.generate("k", KeyAlgorithm.ED25519);
            assertEquals(List.of(), store.certificateChain("k"));
        }
    }

    @Test
    void listsItsKeysInOrder() throws IOException {
        try (WritableKeyStore store = emptyStore()) {
            assertEquals(Set.of(), store.keyIds());
            for (String id : List.of("b", "a.1", "a-1", "0_z")) {
                store.generate(id, KeyAlgorithm.P256);
            }
            assertEquals(List.of("0_z", "a-1", "a.1", "b"), List.copyOf(store.keyIds()));
            assertThrows(
                    UnsupportedOperationException.class, () -> store.keyIds().clear());
        }
    }

    @Test
    void knowsNoOtherKeys() throws IOException {
        try (WritableKeyStore store = emptyStore()) {
            store.generate("k", KeyAlgorithm.P256);
            assertThrows(UnknownKeyException.class, () -> store.publicKey("other"));
            assertThrows(UnknownKeyException.class, () -> store.certificateChain("other"));
            UnknownKeyException e = assertThrows(UnknownKeyException.class, () -> store.sign("other", MESSAGE));
            assertTrue(e.getMessage().contains("other"), e.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "-a", ".a", "a b", "a/b", "../a", "ä", "a\n"})
    void refusesMalformedIds(String id) throws IOException {
        try (WritableKeyStore store = emptyStore()) {
            assertThrows(IllegalArgumentException.class, () -> store.generate(id, KeyAlgorithm.ED25519));
            assertThrows(IllegalArgumentException.class, () -> store.sign(id, MESSAGE));
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
            assertThrows(UnknownKeyException.class, () -> store.sign("k", MESSAGE));
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
    void doesNothingOnceClosed() throws IOException {
        WritableKeyStore store = emptyStore();
        store.generate("k", KeyAlgorithm.ED25519);
        store.close();
        store.close();
        assertThrows(IOException.class, store::keyIds);
        assertThrows(IOException.class, () -> store.sign("k", MESSAGE));
        assertThrows(IOException.class, () -> store.generate("l", KeyAlgorithm.ED25519));
        assertThrows(IOException.class, () -> store.delete("k"));
    }
}
