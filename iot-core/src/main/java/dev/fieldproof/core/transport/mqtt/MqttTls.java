package dev.fieldproof.core.transport.mqtt;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The files that secure a connection, in PEM or PKCS#12, told apart by content. Immutable; the files are read when a
 * transport is built.
 *
 * @param authority certificates of the authorities that may vouch for the broker; empty for the machine's own
 * @param certificate this client's certificate chain, leaf first, or a PKCS#12 file with chain and key; empty for none
 * @param key this client's private key as PKCS#8 in PEM; empty if it is in the certificate file
 * @param password of PKCS#12 files; empty for none
 */
public record MqttTls(
        Optional<Path> authority, Optional<Path> certificate, Optional<Path> key, Optional<String> password) {
    /** The machine's own authorities, no client certificate. */
    public static final MqttTls DEFAULT =
            new MqttTls(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private static final int MAX_FILE_BYTES = 1 << 20;
    private static final Pattern PEM_KEY = Pattern.compile("-----BEGIN ([A-Z ]*)PRIVATE KEY-----([^-]+)-----END");
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "Ed25519", "Ed448");

    /**
     * Reads whom to trust.
     *
     * @return null for the machine's own authorities
     * @throws IOException if the file cannot be read or holds no certificate
     */
    @Nullable
    TrustManagerFactory trustManagers() throws IOException {
        if (authority.isEmpty()) {
            return null;
        }
        Path file = authority.get();
        try {
            KeyStore store = isPkcs12(file) ? pkcs12(file) : emptyStore();
            if (!isPkcs12(file)) {
                int count = 0;
                for (Certificate each : certificates(file)) {
                    store.setCertificateEntry("authority-" + count++, each);
                }
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory;
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot use " + file + " as certificate authority: " + e.getMessage(), e);
        }
    }

    /**
     * Reads who this client is.
     *
     * @return null for nobody
     * @throws IOException if a file cannot be read or certificate and key are no pair
     */
    @Nullable
    KeyManagerFactory keyManagers() throws IOException {
        if (certificate.isEmpty()) {
            return null;
        }
        Path file = certificate.get();
        char[] secret = password.orElse("").toCharArray();
        try {
            KeyStore store = isPkcs12(file) ? pkcs12(file) : emptyStore();
            if (!isPkcs12(file)) {
                Certificate[] chain = certificates(file).toArray(new Certificate[0]);
                store.setKeyEntry("client", privateKey(key.orElse(file)), secret, chain);
            }
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, secret);
            return factory;
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot use " + file + " as client certificate: " + e.getMessage(), e);
        }
    }

    private static byte[] read(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException(file + " is larger than " + MAX_FILE_BYTES + " bytes; not a certificate or key");
        }
        return Files.readAllBytes(file);
    }

    /** PKCS#12 is DER and begins with a SEQUENCE. */
    private static boolean isPkcs12(Path file) throws IOException {
        byte[] bytes = read(file);
        return bytes.length > 0 && bytes[0] == 0x30;
    }

    private KeyStore pkcs12(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(new ByteArrayInputStream(read(file)), password.orElse("").toCharArray());
        } catch (IOException e) {
            throw new IOException("cannot open PKCS#12 file " + file + " (wrong password?): " + e.getMessage(), e);
        }
        return store;
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file)
            throws IOException, GeneralSecurityException {
        // The JDK's own reader would stop at a key in the same file.
        String pem = new String(read(file), StandardCharsets.US_ASCII);
        StringBuilder certificates = new StringBuilder();
        String begin = "-----BEGIN CERTIFICATE-----";
        String end = "-----END CERTIFICATE-----";
        for (int at = pem.indexOf(begin); at >= 0; at = pem.indexOf(begin, at + 1)) {
            int last = pem.indexOf(end, at);
            if (last < 0) {
                throw new IOException(file + " ends within a certificate");
            }
            certificates.append(pem, at, last + end.length()).append('\n');
        }
        if (certificates.isEmpty()) {
            throw new IOException(file + " holds no certificate in PEM or PKCS#12");
        }
        byte[] bytes = certificates.toString().getBytes(StandardCharsets.US_ASCII);
        return CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes));
    }

    private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
        Matcher matcher = PEM_KEY.matcher(new String(read(file), StandardCharsets.US_ASCII));
        if (!matcher.find()) {
            throw new IOException(file + " holds no private key in PEM");
        }
        if (!matcher.group(1).isEmpty()) {
            throw new IOException(file + " holds a key of kind " + matcher.group(1)
                    + "PRIVATE KEY; convert it: openssl pkcs8 -topk8 -nocrypt -in " + file.getFileName());
        }
        PKCS8EncodedKeySpec spec =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(matcher.group(2)));
        List<String> failures = new ArrayList<>();
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                failures.add(algorithm);
            }
        }
        throw new IOException(file + " holds a key that is none of " + failures);
    }
}
