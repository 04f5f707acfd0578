package dev.fieldproof.core.store;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;

/**
 * The stores that need no server: {@code file:///DIRECTORY} and {@code memory:/}, each with an optional {@code
 * ?quotaBytes=N}.
 */
public final class DefaultStoreProvider implements ArtifactStoreProvider {
    private static final String QUOTA = "quotaBytes=";

    /** Made by {@link java.util.ServiceLoader}. */
    public DefaultStoreProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("file", "memory");
    }

    @Override
    public ArtifactStore open(URI location) throws IOException {
        String rest = location.getSchemeSpecificPart();
        int question = rest.indexOf('?');
        long quotaBytes = question < 0 ? Long.MAX_VALUE : quotaBytes(rest.substring(question + 1), location);
        String path = question < 0 ? rest : rest.substring(0, question);
        return switch (location.getScheme()) {
            case "memory" -> new MemoryArtifactStore(quotaBytes);
            case "file" ->
                FileArtifactStore.open(
                        Path.of(URI.create("file:" + rawPath(location))),
                        FileArtifactStore.Options.defaults().withQuotaBytes(quotaBytes));
            default -> throw new IllegalArgumentException("not a location of files or memory: " + path);
        };
    }

    private static String rawPath(URI location) {
        if (location.getRawPath() == null || location.getAuthority() != null) {
            throw new IllegalArgumentException("not of the form file:///DIRECTORY: " + location);
        }
        return location.getRawPath();
    }

    private static long quotaBytes(String query, URI location) {
        try {
            if (query.startsWith(QUOTA)) {
                return Long.parseLong(query.substring(QUOTA.length()));
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a number of bytes: " + location, e);
        }
        throw new IllegalArgumentException("only ?quotaBytes=N is known: " + location);
    }
}
