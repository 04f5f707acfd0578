package dev.fieldproof.ota.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.key.UnknownKeyException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.junit.jupiter.api.Test;

class IssuerKeyStoreTest {
    private static KeyPair pair(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    @Test
    void signsAsTheStandardsExampleDoes() throws Exception {
        // RFC 6979, appendix A.2.5: P-256, SHA-256, message "sample"
        BigInteger x = new BigInteger("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721", 16);
        byte[] pkcs8 = new PrivateKeyInfo(
                        new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, X9ObjectIdentifiers.prime256v1),
                        new ECPrivateKey(256, x))
                .getEncoded();
        byte[] signature =
                IssuerKeyStore.of("ca", pkcs8, List.of()).sign("ca", "sample".getBytes(StandardCharsets.US_ASCII));
        ASN1Sequence values = ASN1Sequence.getInstance(signature);
        assertEquals(
                "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
                ASN1Integer.getInstance(values.getObjectAt(0))
                        .getPositiveValue()
                        .toString(16));
        assertEquals(
                "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
                ASN1Integer.getInstance(values.getObjectAt(1))
                        .getPositiveValue()
                        .toString(16));
    }

    @Test
    void thePlatformBelievesWhatItSigns() throws Exception {
        KeyPair pair = pair("secp256r1");
        IssuerKeyStore keys = IssuerKeyStore.of("ca", pair.getPrivate().getEncoded(), List.of());
        assertEquals(Set.of("ca"), keys.keyIds());
        assertEquals(pair.getPublic(), keys.publicKey("ca"));
        byte[] message = {1, 2, 3};
        Signature verifier = Signature.getInstance("SHA256withECDSA");
        verifier.initVerify(pair.getPublic());
        verifier.update(message);
        byte[] signature = keys.sign("ca", message);
        assertTrue(verifier.verify(signature), HexFormat.of().formatHex(signature));
        assertArrayEquals(signature, keys.sign("ca", message), "the nonce is the message's and the key's");
        X509Certificate root = new CertificateAuthority(
                        keys, "ca", "CN=Site", InstantSource.system(), new SplittableRandom(1))
                .selfSigned(Duration.ofDays(1));
        root.verify(pair.getPublic());
        IssuerKeyStore withChain = IssuerKeyStore.of("ca", pair.getPrivate().getEncoded(), List.of(root));
        assertEquals(List.of(root), withChain.certificateChain("ca"));
        assertThrows(
                IOException.class,
                () -> IssuerKeyStore.of("ca", pair("secp256r1").getPrivate().getEncoded(), List.of(root)));
    }

    @Test
    void refusesWhatIsNoSuchKey() throws Exception {
        byte[] other = pair("secp384r1").getPrivate().getEncoded();
        IOException wrong = assertThrows(IOException.class, () -> IssuerKeyStore.of("ca", other, List.of()));
        assertTrue(String.valueOf(wrong.getMessage()).contains("P-256"), wrong.toString());
        assertThrows(IOException.class, () -> IssuerKeyStore.of("ca", new byte[9], List.of()));
        IssuerKeyStore keys =
                IssuerKeyStore.of("ca", pair("secp256r1").getPrivate().getEncoded(), List.of());
        assertThrows(UnknownKeyException.class, () -> keys.sign("other", new byte[1]));
        keys.close();
    }
}
