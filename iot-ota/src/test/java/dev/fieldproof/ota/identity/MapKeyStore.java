package dev.fieldproof.ota.identity;

import dev.fieldproof.core.key.KeyAlgorithm;
import dev.fieldproof.core.key.UnknownKeyException;
import dev.fieldproof.core.key.WritableKeyStore;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Keys in a map, P-256 only. */
final class MapKeyStore implements WritableKeyStore {
    private final Map<String, KeyPair> pairs = new TreeMap<>();
    private final Map<String, List<X509Certificate>> chains = new TreeMap<>();

    @Override
    public Set<String> keyIds() {
        return pairs.keySet();
    }

    private KeyPair pair(String keyId) throws UnknownKeyException {
        KeyPair pair = pairs.get(keyId);
        if (pair == null) {
            throw new UnknownKeyException(keyId);
        }
        return pair;
    }

    @Override
    public PublicKey publicKey(String keyId) throws IOException {
        return pair(keyId).getPublic();
    }

    @Override
    public List<X509Certificate> certificateChain(String keyId) {
        return chains.getOrDefault(keyId, List.of());
    }

    @Override
    public byte[] sign(String keyId, byte[] message) throws IOException {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(pair(keyId).getPrivate());
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    @Override
    public PublicKey generate(String keyId, KeyAlgorithm algorithm) throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            pairs.put(keyId, generator.generateKeyPair());
            return publicKey(keyId);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void setCertificateChain(String keyId, List<X509Certificate> chain) {
        chains.put(keyId, chain);
    }

    @Override
    public boolean delete(String keyId) {
        return pairs.remove(keyId) != null;
    }

    @Override
    public void close() {}
}
