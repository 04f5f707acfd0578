package dev.fieldproof.core.key;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;

/** The stores that need no server: {@code file:///PATH.p12} and {@code memory:/}; both are writable. */
public final class DefaultKeyStoreProvider implements KeyStoreProvider {
    /** Made by {@link java.util.ServiceLoader}. */
    public DefaultKeyStoreProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("file", "memory");
    }

    @Override
    public WritableKeyStore open(URI location, char[] password) throws IOException {
        return switch (location.getScheme()) {
            case "memory" -> new MemoryKeyStore();
            case "file" -> FileKeyStore.open(Path.of(location), password);
            default -> throw new IllegalArgumentException("not a location of files or memory: " + location);
        };
    }
}
