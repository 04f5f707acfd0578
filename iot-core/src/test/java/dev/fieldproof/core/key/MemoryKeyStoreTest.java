package dev.fieldproof.core.key;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.contract.WritableKeyStoreContract;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;

class MemoryKeyStoreTest extends WritableKeyStoreContract {
    @Override
    protected WritableKeyStore emptyStore() {
        return new MemoryKeyStore();
    }

    @Test
    void isFoundByItsScheme() throws IOException {
        try (KeyStore store = KeyStore.open(URI.create("memory:/"), new char[0])) {
            assertTrue(store instanceof WritableKeyStore);
        }
        assertThrows(IllegalArgumentException.class, () -> KeyStore.open(URI.create("pkcs11:/"), new char[0]));
    }
}
