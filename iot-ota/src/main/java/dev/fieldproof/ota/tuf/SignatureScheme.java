package dev.fieldproof.ota.tuf;

import dev.fieldproof.core.Digest;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.BiPredicate;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.engines.RSAEngine;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.PSSSigner;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jspecify.annotations.Nullable;

/**
 * Verification with one parsed key. Bouncy Castle's lightweight API verifies about ten times faster than the JDK 17
 * provider, and the JDK hashes six times faster than Bouncy Castle; so each does what it does best.
 */
interface SignatureScheme {
    int MIN_RSA_BITS = 2048;
    int MAX_RSA_BITS = 8192;
    int MAX_PEM_CHARS = 8192;

    boolean verify(byte[] message, byte[] signature);

    /** The key itself, the same however metadata spells it. */
    String material();

    private static SignatureScheme of(String material, BiPredicate<byte[], byte[]> verifier) {
        return new SignatureScheme() {
            @Override
            public boolean verify(byte[] message, byte[] signature) {
                return verifier.test(message, signature);
            }

            @Override
            public String material() {
                return material;
            }
        };
    }

    /** Returns null for what this client does not know or finds too weak. */
    static @Nullable SignatureScheme parse(String keyType, String scheme, String publicValue) {
        try {
            return switch (scheme) {
                case "ed25519" -> keyType.equals("ed25519") ? ed25519(publicValue) : null;
                case "ecdsa-sha2-nistp256" ->
                    keyType.equals("ecdsa") || keyType.equals(scheme) ? p256(publicValue) : null;
                case "rsassa-pss-sha256" -> keyType.equals("rsa") ? rsaPss(publicValue) : null;
                default -> null;
            };
        } catch (IOException | RuntimeException e) {
            // Bouncy Castle answers malformed keys with several unchecked exceptions; to a verifier they are all one.
            return null;
        }
    }

    private static @Nullable SignatureScheme ed25519(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        if (bytes.length != Ed25519.PUBLIC_KEY_SIZE || !Ed25519.validatePublicKeyFull(bytes, 0)) {
            return null; // of small order, so that anyone could sign, or no point of the curve
        }
        Ed25519PublicKeyParameters key = new Ed25519PublicKeyParameters(bytes);
        return of(
                "ed25519 " + HexFormat.of().formatHex(bytes),
                (message, signature) -> signature.length == Ed25519.SIGNATURE_SIZE
                        && key.verify(Ed25519.Algorithm.Ed25519, null, message, 0, message.length, signature, 0));
    }

    private static @Nullable SignatureScheme p256(String pem) throws IOException {
        if (!(parsePem(pem) instanceof ECPublicKeyParameters key)
                || key.getParameters().getCurve().getFieldSize() != 256
                || !key.getParameters().getG().equals(P256.GENERATOR)) {
            return null;
        }
        return of("p256 " + HexFormat.of().formatHex(key.getQ().getEncoded(true)), (message, signature) -> {
            BigInteger[] pair = derPair(signature);
            ECDSASigner signer = new ECDSASigner();
            signer.init(false, key);
            return pair.length == 2 && signer.verifySignature(Digest.newSha256().digest(message), pair[0], pair[1]);
        });
    }

    private static @Nullable SignatureScheme rsaPss(String pem) throws IOException {
        if (!(parsePem(pem) instanceof RSAKeyParameters key)
                || key.isPrivate()
                || key.getModulus().bitLength() < MIN_RSA_BITS
                || key.getModulus().bitLength() > MAX_RSA_BITS) {
            return null;
        }
        int longestSalt = (key.getModulus().bitLength() + 6) / 8 - Digest.LENGTH_BYTES - 2;
        return of("rsa " + key.getModulus() + " " + key.getExponent(), (message, signature) -> {
            byte[] digest = Digest.newSha256().digest(message);
            // Signers choose the digest's length or the longest salt that fits.
            return pss(key, digest, signature, Digest.LENGTH_BYTES) || pss(key, digest, signature, longestSalt);
        });
    }

    private static boolean pss(RSAKeyParameters key, byte[] digest, byte[] signature, int saltBytes) {
        PSSSigner signer = PSSSigner.createRawSigner(
                new RSAEngine(), new SHA256Digest(), new SHA256Digest(), saltBytes, PSSSigner.TRAILER_IMPLICIT);
        signer.init(false, key);
        signer.update(digest, 0, digest.length);
        try {
            return signer.verifySignature(signature);
        } catch (RuntimeException e) {
            return false; // a signature longer than the modulus
        }
    }

    private static AsymmetricKeyParameter parsePem(String pem) throws IOException {
        if (pem.length() > MAX_PEM_CHARS) {
            throw new IOException("a public key of " + pem.length() + " characters");
        }
        String body = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        byte[] der = Base64.getDecoder().decode(body);
        if (pem.contains("RSA PUBLIC KEY")) {
            RSAPublicKey key = RSAPublicKey.getInstance(der); // PKCS #1, RFC 8017 appendix A.1.1
            return new RSAKeyParameters(false, key.getModulus(), key.getPublicExponent());
        }
        return PublicKeyFactory.createKey(der);
    }

    private static BigInteger[] derPair(byte[] signature) {
        try {
            ASN1Sequence sequence = ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(signature));
            if (sequence.size() != 2) {
                return new BigInteger[0];
            }
            return new BigInteger[] {
                ASN1Integer.getInstance(sequence.getObjectAt(0)).getPositiveValue(),
                ASN1Integer.getInstance(sequence.getObjectAt(1)).getPositiveValue()
            };
        } catch (IOException | RuntimeException e) {
            return new BigInteger[0];
        }
    }
}
