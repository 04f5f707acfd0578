/**
 * Keys that sign and never leave: the {@code KeyStore} SPI. Not to be confused with {@link java.security.KeyStore}.
 *
 * <pre>{@code
 * try (KeyStore keys = KeyStore.open(Path.of("device.p12").toUri(), password)) {
 *     byte[] signature = keys.sign("device", message);
 * }
 * }</pre>
 *
 * <p>Addresses: {@code file:///PATH.p12} and {@code memory:/}; both can also make, certify and forget keys ({@code
 * WritableKeyStore}). A secure element implements {@code KeyStore} alone.
 */
package dev.fieldproof.core.key;
