package dev.fieldproof.benchmarks.rival;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

/** What the JDK itself brings. */
public final class Jdk {
    /** Name and version. */
    public static final String NAME = "SunEC of JDK " + Runtime.version().feature();

    /** SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410, section 4). */
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private Jdk() {}

    /**
     * Verifies one signature again and again, with a parsed key.
     *
     * @param publicKey 32 bytes
     * @param message what was signed
     * @param signature 64 bytes
     * @return the work
     * @throws GeneralSecurityException if the key is none
     */
    public static Callable<Boolean> verifyEd25519(byte[] publicKey, byte[] message, byte[] signature)
            throws GeneralSecurityException {
        byte[] encoded = new byte[ED25519_PREFIX.length + publicKey.length];
        System.arraycopy(ED25519_PREFIX, 0, encoded, 0, ED25519_PREFIX.length);
        System.arraycopy(publicKey, 0, encoded, ED25519_PREFIX.length, publicKey.length);
        PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        Signature verifier = Signature.getInstance("Ed25519");
        return () -> {
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        };
    }

    /**
     * Writes keys of a full map in turn, keeping the greater value.
     *
     * @param keys the names
     * @return the work: one write
     */
    public static Callable<Object> mergeIntoMap(String[] keys) {
        ConcurrentHashMap<String, Double> map = new ConcurrentHashMap<>();
        // The map has names of its own, as a caller seldom holds the very object that was put first.
        for (int i = 0; i < keys.length; i++) {
            map.put(String.copyValueOf(keys[i].toCharArray()), i * 0.5);
        }
        return new Callable<>() {
            private int next;

            @Override
            public Object call() {
                map.merge(keys[next], next * 0.5, Math::max);
                next = (next + 7) % keys.length;
                return map;
            }
        };
    }

    /**
     * Verifies one signature over P-256 and SHA-256 again and again, with a parsed key.
     *
     * @param key of P-256
     * @param message what was signed
     * @param signature in DER
     * @return the work
     * @throws GeneralSecurityException if the key is none
     */
    public static Callable<Boolean> verifyP256(PublicKey key, byte[] message, byte[] signature)
            throws GeneralSecurityException {
        Signature verifier = Signature.getInstance("SHA256withECDSA");
        verifier.initVerify(key);
        return () -> {
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        };
    }
}
