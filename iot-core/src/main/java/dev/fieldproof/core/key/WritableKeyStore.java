package dev.fieldproof.core.key;

import java.io.IOException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** A key store that can also make keys, certify them and forget them, each in one atomic and durable step. */
public interface WritableKeyStore extends KeyStore {
    /**
     * Makes a key inside the store.
     *
     * @param keyId a new id, of the form that {@link KeyStore} states
     * @param algorithm of the key
     * @return the public half
     * @throws IllegalArgumentException if the id is malformed or taken
     * @throws IOException if the storage fails; the store is then unchanged
     */
    PublicKey generate(String keyId, KeyAlgorithm algorithm) throws IOException;

    /**
     * Makes several keys inside the store, all or none where the store can; one that keeps its keys in a single file
     * writes it once.
     *
     * @param keyIds new ids, of the form that {@link KeyStore} states
     * @param algorithm of the keys
     * @throws IllegalArgumentException if an id is malformed, taken or there twice
     * @throws IOException if the storage fails; by default the keys before the failure are then there
     */
    default void generateAll(List<String> keyIds, KeyAlgorithm algorithm) throws IOException {
        for (String keyId : keyIds) {
            generate(keyId, algorithm);
        }
    }

    /**
     * Sets the certificates of a key, replacing any earlier ones.
     *
     * @param keyId which key
     * @param chain the key's own certificate first, then its issuers; not empty
     * @throws UnknownKeyException if there is no such key
     * @throws IllegalArgumentException if the first certificate is not for this key
     * @throws IOException if the storage fails; the store is then unchanged
     */
    void setCertificateChain(String keyId, List<X509Certificate> chain) throws IOException;

    /**
     * Forgets a key and its certificates.
     *
     * @param keyId which key
     * @return whether it was there
     * @throws IOException if the storage fails; the store is then unchanged
     */
    boolean delete(String keyId) throws IOException;
}
