/** Keys that sign and never leave: the {@code KeyStore} SPI. Not to be confused with {@link java.security.KeyStore}. */
package dev.fieldproof.core.key;
