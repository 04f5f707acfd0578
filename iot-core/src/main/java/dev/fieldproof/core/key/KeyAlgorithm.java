package dev.fieldproof.core.key;

/** The signature algorithms that a device key may have. */
public enum KeyAlgorithm {
    /** Ed25519 (RFC 8032): 64-byte signatures. */
    ED25519,
    /** ECDSA over P-256 with SHA-256 (FIPS 186-5), signatures in ASN.1 DER. */
    P256
}
