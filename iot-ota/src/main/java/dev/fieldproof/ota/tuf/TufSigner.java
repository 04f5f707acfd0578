package dev.fieldproof.ota.tuf;

import dev.fieldproof.core.key.KeyStore;
import java.io.IOException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/** Signs metadata with one key. Implementations are thread-safe. */
public interface TufSigner {
    /**
     * The public half.
     *
     * @return the key as metadata states it
     */
    TufKey key();

    /**
     * Signs bytes.
     *
     * @param message the whole message
     * @return the signature in the form of the key's scheme
     * @throws IOException if what holds the key fails
     */
    byte[] sign(byte[] message) throws IOException;

    /**
     * Signs with an Ed25519 key held in memory.
     *
     * @param seed the 32 secret bytes (RFC 8032, section 5.1.5), copied
     * @return the signer
     * @throws IllegalArgumentException if the length is not 32
     */
    static TufSigner ed25519(byte[] seed) {
        if (seed.length != 32) {
            throw new IllegalArgumentException("an Ed25519 seed has 32 bytes, not " + seed.length);
        }
        Ed25519PrivateKeyParameters secret = new Ed25519PrivateKeyParameters(seed);
        TufKey key = TufKey.ed25519(secret.generatePublicKey().getEncoded());
        return new TufSigner() {
            @Override
            public TufKey key() {
                return key;
            }

            @Override
            public byte[] sign(byte[] message) {
                Ed25519Signer signer = new Ed25519Signer();
                signer.init(true, secret);
                signer.update(message, 0, message.length);
                return signer.generateSignature();
            }
        };
    }

    /**
     * Signs with a key of a key store, which may be a secure element.
     *
     * @param store stays the caller's to close
     * @param keyId which of its keys
     * @return the signer
     * @throws IOException if the store fails or has no such key
     */
    static TufSigner of(KeyStore store, String keyId) throws IOException {
        PublicKey publicKey = store.publicKey(keyId);
        TufKey key = publicKey instanceof ECPublicKey
                ? new TufKey("ecdsa", "ecdsa-sha2-nistp256", pem(publicKey))
                : TufKey.ed25519(SubjectPublicKeyInfo.getInstance(publicKey.getEncoded())
                        .getPublicKeyData()
                        .getOctets());
        return new TufSigner() {
            @Override
            public TufKey key() {
                return key;
            }

            @Override
            public byte[] sign(byte[] message) throws IOException {
                return store.sign(keyId, message);
            }
        };
    }

    private static String pem(PublicKey key) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
        return "-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----\n";
    }
}
