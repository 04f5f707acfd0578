package dev.fieldproof.ota.tuf;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where a client keeps what it trusts, across restarts. Each write is atomic and durable: after a power cut the file is
 * the old one or the new one. File names consist of letters, digits and {@code . _ ~ % -}. To be used by one client at
 * a time.
 */
public interface TrustedStore {
    /**
     * Reads a file.
     *
     * @param file its name
     * @return its bytes, or empty if there is none
     * @throws IOException if the storage fails
     */
    Optional<byte[]> read(String file) throws IOException;

    /**
     * Makes or replaces a file, atomically and durably.
     *
     * @param file its name
     * @param bytes its content
     * @throws IOException if the storage fails; the file is then the old one or the new one
     */
    void write(String file, byte[] bytes) throws IOException;

    /**
     * Removes a file, durably; does nothing if there is none.
     *
     * @param file its name
     * @throws IOException if the storage fails
     */
    void delete(String file) throws IOException;

    /**
     * A store that forgets everything when the process ends.
     *
     * @return an empty, thread-safe store
     */
    static TrustedStore inMemory() {
        Map<String, byte[]> files = new ConcurrentHashMap<>();
        return new TrustedStore() {
            @Override
            public Optional<byte[]> read(String file) {
                return Optional.ofNullable(files.get(file)).map(byte[]::clone);
            }

            @Override
            public void write(String file, byte[] bytes) {
                files.put(file, bytes.clone());
            }

            @Override
            public void delete(String file) {
                files.remove(file);
            }
        };
    }
}
