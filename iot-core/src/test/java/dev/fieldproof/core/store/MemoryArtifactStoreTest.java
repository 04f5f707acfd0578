package dev.fieldproof.core.store;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.contract.ArtifactStoreContract;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;

class MemoryArtifactStoreTest extends ArtifactStoreContract {
    @Override
    protected ArtifactStore emptyStore(long quotaBytes) {
        return new MemoryArtifactStore(quotaBytes);
    }

    @Test
    void isFoundByItsScheme() throws IOException {
        try (ArtifactStore store = ArtifactStore.open(URI.create("memory:/"))) {
            assertTrue(store instanceof MemoryArtifactStore);
        }
    }

    @Test
    void refusesUnknownSchemes() {
        assertThrows(IllegalArgumentException.class, () -> ArtifactStore.open(URI.create("s3://bucket")));
    }
}
