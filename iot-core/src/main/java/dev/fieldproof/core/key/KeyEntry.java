package dev.fieldproof.core.key;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.List;

/** One key of a store, with the certificates it has, perhaps none. Immutable. */
record KeyEntry(PrivateKey privateKey, PublicKey publicKey, List<X509Certificate> chain) {
    KeyEntry {
        chain = List.copyOf(chain);
    }

    static String requireId(String keyId) {
        if (!keyId.matches("[a-z0-9][a-z0-9._-]{0,63}")) {
            throw new IllegalArgumentException("not a key id: '" + keyId + "'");
        }
        return keyId;
    }

    static KeyEntry generate(KeyAlgorithm algorithm) {
        try {
            KeyPairGenerator generator =
                    KeyPairGenerator.getInstance(algorithm == KeyAlgorithm.ED25519 ? "Ed25519" : "EC");
            if (algorithm == KeyAlgorithm.P256) {
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            }
            KeyPair pair = generator.generateKeyPair();
            return new KeyEntry(pair.getPrivate(), pair.getPublic(), List.of());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform lacks " + algorithm, e);
        }
    }

    static KeyAlgorithm algorithmOf(PublicKey key) {
        return key.getAlgorithm().equals("EC") ? KeyAlgorithm.P256 : KeyAlgorithm.ED25519;
    }

    byte[] sign(byte[] message) {
        try {
            return sign(privateKey, algorithmOf(publicKey), message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key that this store holds cannot sign", e);
        }
    }

    static byte[] sign(PrivateKey key, KeyAlgorithm algorithm, byte[] message) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm == KeyAlgorithm.ED25519 ? "Ed25519" : "SHA256withECDSA");
        signature.initSign(key);
        signature.update(message);
        return signature.sign();
    }

    KeyEntry withChain(List<X509Certificate> newChain) {
        if (newChain.isEmpty() || !newChain.get(0).getPublicKey().equals(publicKey)) {
            throw new IllegalArgumentException(
                    newChain.isEmpty()
                            ? "no certificates"
                            : "the first certificate is for another key: "
                                    + newChain.get(0).getSubjectX500Principal());
        }
        for (int i = 1; i < newChain.size(); i++) {
            if (!newChain.get(i - 1)
                    .getIssuerX500Principal()
                    .equals(newChain.get(i).getSubjectX500Principal())) {
                throw new IllegalArgumentException("certificate " + i + " is not the issuer of the one before it: "
                        + newChain.get(i).getSubjectX500Principal());
            }
        }
        return new KeyEntry(privateKey, publicKey, newChain);
    }
}
