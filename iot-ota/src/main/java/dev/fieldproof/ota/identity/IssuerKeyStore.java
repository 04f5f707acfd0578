package dev.fieldproof.ota.identity;

import dev.fieldproof.core.key.KeyStore;
import dev.fieldproof.core.key.UnknownKeyException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/**
 * One P-256 key of an issuing authority, held in memory. It signs with Bouncy Castle, several times as fast as the
 * platform does, and with the nonces of RFC 6979, so that no weak source of chance can give the key away. For a key
 * that has to stay in its own hardware, use another store. Thread-safe.
 */
public final class IssuerKeyStore implements KeyStore {
    private final String keyId;
    private final ECPrivateKeyParameters key;
    private final PublicKey publicKey;
    private final List<X509Certificate> chain;

    private IssuerKeyStore(String keyId, ECPrivateKeyParameters key, PublicKey publicKey, List<X509Certificate> chain) {
        this.keyId = keyId;
        this.key = key;
        this.publicKey = publicKey;
        this.chain = List.copyOf(chain);
    }

    /**
     * Holds a key.
     *
     * @param keyId what it is called
     * @param pkcs8 the private key (RFC 5958), not encrypted
     * @param chain its certificate and those above it, or empty
     * @return a store with this key alone
     * @throws IOException if the bytes are not a P-256 key, or the certificate is of another
     */
    public static IssuerKeyStore of(String keyId, byte[] pkcs8, List<X509Certificate> chain) throws IOException {
        try {
            if (!(PrivateKeyFactory.createKey(pkcs8) instanceof ECPrivateKeyParameters key)
                    || !(key.getParameters() instanceof ECNamedDomainParameters curve)
                    || !curve.getName().equals(X9ObjectIdentifiers.prime256v1)) {
                throw new IOException("the key " + keyId + " is not of the curve P-256");
            }
            ECPublicKeyParameters point =
                    new ECPublicKeyParameters(new FixedPointCombMultiplier().multiply(curve.getG(), key.getD()), curve);
            PublicKey publicKey = KeyFactory.getInstance("EC")
                    .generatePublic(new X509EncodedKeySpec(SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(point)
                            .getEncoded()));
            if (!chain.isEmpty() && !chain.get(0).getPublicKey().equals(publicKey)) {
                throw new IOException("the certificate is not of the key " + keyId);
            }
            return new IssuerKeyStore(keyId, key, publicKey, chain);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IOException("the key " + keyId + " cannot be read", e);
        }
    }

    private void require(String asked) throws UnknownKeyException {
        if (!asked.equals(keyId)) {
            throw new UnknownKeyException(asked);
        }
    }

    @Override
    public Set<String> keyIds() {
        return Set.of(keyId);
    }

    @Override
    public PublicKey publicKey(String asked) throws IOException {
        require(asked);
        return publicKey;
    }

    @Override
    public List<X509Certificate> certificateChain(String asked) throws IOException {
        require(asked);
        return chain;
    }

    @Override
    public byte[] sign(String asked, byte[] message) throws IOException {
        require(asked);
        SHA256Digest digest = new SHA256Digest();
        digest.update(message, 0, message.length);
        byte[] hash = new byte[digest.getDigestSize()];
        digest.doFinal(hash, 0);
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, key);
        BigInteger[] signature = signer.generateSignature(hash);
        return StandardDSAEncoding.INSTANCE.encode(key.getParameters().getN(), signature[0], signature[1]);
    }

    @Override
    public void close() {}
}
