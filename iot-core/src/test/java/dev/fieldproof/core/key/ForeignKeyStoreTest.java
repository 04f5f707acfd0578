package dev.fieldproof.core.key;

import dev.fieldproof.core.contract.KeyStoreContract;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The contract holds a store to its word that shares no code with ours and makes no keys, as a secure element. */
class ForeignKeyStoreTest extends KeyStoreContract {
    @Override
    protected KeyStore storeWith(Map<String, KeyAlgorithm> keys) throws IOException {
        try {
            return new SecureElement(keys);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static final class SecureElement implements KeyStore {
        private final SortedMap<String, KeyPair> slots = new TreeMap<>();
        private boolean closed;

        SecureElement(Map<String, KeyAlgorithm> keys) throws GeneralSecurityException {
            for (var key : keys.entrySet()) {
                boolean edwards = key.getValue() == KeyAlgorithm.ED25519;
                KeyPairGenerator generator = KeyPairGenerator.getInstance(edwards ? "Ed25519" : "EC");
                if (!edwards) {
                    generator.initialize(256);
                }
                slots.put(key.getKey(), generator.generateKeyPair());
            }
        }

        private KeyPair slot(String keyId) throws IOException {
            requireOpen();
            if (!keyId.matches("[a-z0-9][a-z0-9._-]{0,63}")) {
                throw new IllegalArgumentException(keyId);
            }
            KeyPair pair = slots.get(keyId);
            if (pair == null) {
                throw new UnknownKeyException(keyId);
            }
            return pair;
        }

        private void requireOpen() throws IOException {
            if (closed) {
                throw new IOException("the element is switched off");
            }
        }

        @Override
        public SortedSet<String> keyIds() throws IOException {
            requireOpen();
            return Collections.unmodifiableSortedSet(new TreeSet<>(slots.keySet()));
        }

        @Override
        public PublicKey publicKey(String keyId) throws IOException {
            return slot(keyId).getPublic();
        }

        @Override
        public List<X509Certificate> certificateChain(String keyId) throws IOException {
            slot(keyId);
            return List.of();
        }

        @Override
        public byte[] sign(String keyId, byte[] message) throws IOException {
            KeyPair pair = slot(keyId);
            try {
                Signature signer = Signature.getInstance(
                        pair.getPublic().getAlgorithm().equals("EC") ? "SHA256withECDSA" : "Ed25519");
                signer.initSign(pair.getPrivate());
                signer.update(message);
                return signer.sign();
            } catch (GeneralSecurityException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
