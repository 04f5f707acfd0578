/**
 * Values that every module shares, above three small interfaces with defaults that need no server: {@code Transport}
 * (messages), {@code ArtifactStore} (content by digest) and {@code KeyStore} (keys that sign and never leave).
 *
 * <p>Each has at most five methods, is {@code AutoCloseable} and thread-safe, is opened by address through {@link
 * java.util.ServiceLoader}, and comes with a contract test that an implementation of your own can extend; see package
 * {@code dev.fieldproof.core.contract} in this module's test jar.
 */
package dev.fieldproof.core;
