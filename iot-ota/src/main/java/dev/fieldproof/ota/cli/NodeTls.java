package dev.fieldproof.ota.cli;

import dev.fieldproof.ota.site.SiteTls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a node shows and trusts on TLS, from PEM files or a PKCS#12 file. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class NodeTls {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final char[] NONE = new char[0];

    @Option(names = "--tls-cert", paramLabel = "PEM", description = "The node's certificate and those above it.")
    private @Nullable Path certificate;

    @Option(names = "--tls-key", paramLabel = "PEM", description = "The certificate's private key, PKCS#8.")
    private @Nullable Path key;

    @Option(names = "--tls-p12", paramLabel = "FILE", description = "Certificate and key in one PKCS#12 file instead.")
    private @Nullable Path pkcs12;

    @Option(names = "--tls-password-file", paramLabel = "FILE", description = "With the password of the PKCS#12 file.")
    private @Nullable Path passwordFile;

    @Option(
            names = "--client-ca",
            paramLabel = "PEM",
            description = "Who issues the certificates of devices; without it devices show tokens.")
    private @Nullable Path clientAuthority;

    NodeTls() {}

    /** What the server is given; every failure says which option it is about. */
    SiteTls read() throws IOException {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            if (pkcs12 != null) {
                char[] password = passwordFile == null
                        ? NONE
                        : Files.readString(passwordFile).strip().toCharArray();
                keys.init(pkcs12(pkcs12, password), password);
            } else if (certificate != null && key != null) {
                KeyStore store = empty();
                store.setKeyEntry(
                        "node", privateKey(key), NONE, certificates(certificate).toArray(Certificate[]::new));
                keys.init(store, NONE);
            } else {
                throw new IOException("TLS needs --tls-cert and --tls-key, or --tls-p12");
            }
            return new SiteTls(keys.getKeyManagers(), authorities());
        } catch (GeneralSecurityException e) {
            throw new IOException("the TLS options do not fit together: " + e.getMessage(), e);
        }
    }

    private List<X509Certificate> authorities() throws IOException, GeneralSecurityException {
        List<X509Certificate> authorities = new ArrayList<>();
        if (clientAuthority != null) {
            for (Certificate authority : certificates(clientAuthority)) {
                authorities.add((X509Certificate) authority);
            }
        }
        return authorities;
    }

    /** Whether devices can come in by certificates. */
    boolean knowsDevices() {
        return clientAuthority != null;
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static KeyStore pkcs12(Path file, char[] password) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password);
        } catch (IOException e) {
            throw new IOException("--tls-p12 " + file + " cannot be opened: " + e.getMessage(), e);
        }
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file)
            throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (found.isEmpty()) {
                throw new IOException(file + " holds no certificate");
            }
            return found;
        }
    }

    private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
        Matcher pem = KEY.matcher(new String(Files.readAllBytes(file), StandardCharsets.US_ASCII));
        if (!pem.find()) {
            throw new IOException("--tls-key " + file + " holds no 'PRIVATE KEY' (PKCS#8, not encrypted)");
        }
        PKCS8EncodedKeySpec encoded =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        for (String algorithm : new String[] {"EC", "RSA", "Ed25519"}) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException e) {
                // It is of another algorithm.
            }
        }
        throw new IOException("--tls-key " + file + " is neither EC, RSA nor Ed25519");
    }
}
