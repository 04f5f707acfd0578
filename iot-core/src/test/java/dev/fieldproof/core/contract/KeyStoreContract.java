package dev.fieldproof.core.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.key.KeyAlgorithm;
import dev.fieldproof.core.key.KeyStore;
import dev.fieldproof.core.key.UnknownKeyException;
import java.io.IOException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link KeyStore} must do, a secure element that makes no keys included. Extend it in your own tests and
 * give it a store; for one that also makes keys extend {@link WritableKeyStoreContract}.
 */
public abstract class KeyStoreContract {
    private static final byte[] MESSAGE = {1, 2, 3};

    /** For subclasses. */
    protected KeyStoreContract() {}

    /**
     * A store that holds just these keys, without certificates, and is used by one test alone.
     *
     * @param keys algorithm by key id; none to four
     * @return an open store, closed by the test
     * @throws IOException if it cannot be made
     */
    protected abstract KeyStore storeWith(Map<String, KeyAlgorithm> keys) throws IOException;

    private static boolean verifies(PublicKey key, KeyAlgorithm algorithm, byte[] message, byte[] signature)
            throws Exception {
        Signature verifier = Signature.getInstance(algorithm == KeyAlgorithm.ED25519 ? "Ed25519" : "SHA256withECDSA");
        verifier.initVerify(key);
        verifier.update(message);
        return verifier.verify(signature);
    }

    @ParameterizedTest
    @EnumSource(KeyAlgorithm.class)
    void signsWithItsKey(KeyAlgorithm algorithm) throws Exception {
        try (KeyStore store = storeWith(Map.of("device-1", algorithm))) {
            PublicKey key = store.publicKey("device-1");
            assertEquals(algorithm == KeyAlgorithm.P256 ? "EC" : "EdDSA", key.getAlgorithm());
            byte[] signature = store.sign("device-1", MESSAGE);
            assertTrue(verifies(key, algorithm, MESSAGE, signature));
            assertFalse(verifies(key, algorithm, new byte[] {1, 2, 4}, signature));
            assertTrue(verifies(key, algorithm, new byte[0], store.sign("device-1", new byte[0])));
            assertEquals(algorithm == KeyAlgorithm.ED25519, signature.length == 64 && signature[0] != 0x30);
        }
    }

    @Test
    void aKeyMayHaveNoCertificates() throws IOException {
        try (KeyStore store = storeWith(Map.of("k", KeyAlgorithm.ED25519))) {
            assertEquals(List.of(), store.certificateChain("k"));
        }
    }

    @Test
    void listsItsKeysInOrder() throws IOException {
        try (KeyStore store = storeWith(Map.of())) {
            assertEquals(Set.of(), store.keyIds());
        }
        KeyAlgorithm any = KeyAlgorithm.P256;
        try (KeyStore store = storeWith(Map.of("b", any, "a.1", any, "a-1", any, "0_z", any))) {
            assertEquals(List.of("0_z", "a-1", "a.1", "b"), List.copyOf(store.keyIds()));
            assertThrows(
                    UnsupportedOperationException.class, () -> store.keyIds().clear());
        }
    }

    @Test
    void knowsNoOtherKeys() throws IOException {
        try (KeyStore store = storeWith(Map.of("k", KeyAlgorithm.P256))) {
            assertThrows(UnknownKeyException.class, () -> store.publicKey("other"));
            assertThrows(UnknownKeyException.class, () -> store.certificateChain("other"));
            UnknownKeyException e = assertThrows(UnknownKeyException.class, () -> store.sign("other", MESSAGE));
            assertTrue(e.getMessage().contains("other"), e.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "-a", ".a", "a b", "a/b", "../a", "ä", "a\n"})
    void refusesMalformedIds(String id) throws IOException {
        try (KeyStore store = storeWith(Map.of("k", KeyAlgorithm.P256))) {
            assertThrows(IllegalArgumentException.class, () -> store.sign(id, MESSAGE));
        }
    }

    @Test
    void doesNothingOnceClosed() throws IOException {
        KeyStore store = storeWith(Map.of("k", KeyAlgorithm.ED25519));
        store.close();
        store.close();
        assertThrows(IOException.class, store::keyIds);
        assertThrows(IOException.class, () -> store.publicKey("k"));
        assertThrows(IOException.class, () -> store.sign("k", MESSAGE));
    }
}
