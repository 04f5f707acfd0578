package dev.fieldproof.core.key;

import java.io.IOException;
import java.net.URI;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * Signs with private keys that never leave it; an implementation may be a file, memory, or a secure element.
 *
 * <p>Key ids are 1 to 64 characters of {@code a-z 0-9 . _ -}, beginning with a letter or digit. All methods are
 * thread-safe. Every implementation passes {@code KeyStoreContract} of this module's test jar. What can also make and
 * replace keys is a {@link WritableKeyStore}.
 */
public interface KeyStore extends AutoCloseable {
    /**
     * Lists the keys.
     *
     * @return the ids of all keys, sorted
     * @throws IOException if the storage fails
     */
    Set<String> keyIds() throws IOException;

    /**
     * The public half of a key.
     *
     * @param keyId which key
     * @return a public key, {@code getAlgorithm()} is {@code EdDSA} or {@code EC}
     * @throws UnknownKeyException if there is no such key
     * @throws IOException if the storage fails
     */
    PublicKey publicKey(String keyId) throws IOException;

    /**
     * The certificates of a key.
     *
     * @param keyId which key
     * @return the key's own certificate first, then its issuers; empty if the key has none
     * @throws UnknownKeyException if there is no such key
     * @throws IOException if the storage fails
     */
    List<X509Certificate> certificateChain(String keyId) throws IOException;

    /**
     * Signs bytes.
     *
     * @param keyId which key
     * @param message the whole message, not a digest of it
     * @return the signature, in the form that the key's {@link KeyAlgorithm} states
     * @throws UnknownKeyException if there is no such key
     * @throws IOException if the storage or the device that holds the key fails
     */
    byte[] sign(String keyId, byte[] message) throws IOException;

    /** Releases what the store holds. Idempotent. */
    @Override
    void close() throws IOException;

    /**
     * Opens a store by location with the first provider on the class or module path that knows the scheme.
     *
     * @param location {@code file:///PATH.p12}, {@code memory:/}, or another scheme by its provider
     * @param password protects the store where it needs one; the caller may clear it afterwards
     * @return an open store
     * @throws IOException if it cannot be opened
     * @throws IllegalArgumentException if no provider knows the scheme
     */
    static KeyStore open(URI location, char[] password) throws IOException {
        String scheme = Objects.requireNonNullElse(location.getScheme(), "");
        for (KeyStoreProvider provider : ServiceLoader.load(KeyStoreProvider.class)) {
            if (provider.schemes().contains(scheme)) {
                return provider.open(location, password);
            }
        }
        throw new IllegalArgumentException("no key store provider knows the scheme of " + location);
    }
}
