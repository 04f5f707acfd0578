package dev.fieldproof.ota.site;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.function.Consumer;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What a site's server shows on TLS, and who issues the certificates of its devices. A certificate that is refused ends
 * the handshake with an alert, and is told to the server that this was given to. Thread-safe.
 */
public final class SiteTls {
    private static final int MAX_NAME_CHARS = 200;

    private final SSLContext context;
    private volatile Consumer<String> refused = line -> {};

    /**
     * Makes a context.
     *
     * @param keys certificate and key of the server
     * @param authorities who issues certificates of devices; with none every certificate is refused, and devices show
     *     tokens
     * @throws GeneralSecurityException if the platform cannot use the keys or certificates
     */
    public SiteTls(KeyManager[] keys, Collection<X509Certificate> authorities) throws GeneralSecurityException {
        context = SSLContext.getInstance("TLS");
        context.init(keys.clone(), new TrustManager[] {new Devices(platform(authorities))}, null);
    }

    private static @Nullable X509ExtendedTrustManager platform(Collection<X509Certificate> authorities)
            throws GeneralSecurityException {
        if (authorities.isEmpty()) {
            return null;
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int number = 0;
            for (X509Certificate authority : authorities) {
                store.setCertificateEntry("authority-" + number++, authority);
            }
            factory.init(store);
        } catch (IOException e) {
            throw new GeneralSecurityException("an empty key store cannot be made", e);
        }
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return extended;
            }
        }
        throw new GeneralSecurityException("this Java platform cannot check certificates");
    }

    /**
     * The context of the server's connections.
     *
     * @return the same each time
     */
    public SSLContext context() {
        return context;
    }

    void tell(Consumer<String> listener) {
        refused = listener;
    }

    /** Checks certificates as the platform does, and says what it refused and why. */
    private final class Devices extends X509ExtendedTrustManager {
        private final @Nullable X509ExtendedTrustManager platform;

        Devices(@Nullable X509ExtendedTrustManager platform) {
            this.platform = platform;
        }

        private interface Check {
            void by(X509ExtendedTrustManager platform) throws CertificateException;
        }

        private void check(X509Certificate[] chain, Check check) throws CertificateException {
            try {
                if (platform == null) {
                    throw new CertificateException("no authority of devices is known");
                }
                check.by(platform);
            } catch (CertificateException e) {
                String name = chain.length == 0
                        ? ""
                        : chain[0].getSubjectX500Principal().getName();
                refused.accept("refused the certificate of "
                        + name.substring(0, Math.min(name.length(), MAX_NAME_CHARS))
                                .replaceAll("\\p{Cntrl}", "?") + ": " + reason(e));
                throw e;
            }
        }

        private static String reason(Throwable e) {
            Throwable last = e;
            for (int depth = 0; depth < 10 && last.getCause() != null; depth++) {
                last = last.getCause();
            }
            return String.valueOf(last.getMessage());
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            check(chain, it -> it.checkClientTrusted(chain, authType));
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            check(chain, it -> it.checkClientTrusted(chain, authType, socket));
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            check(chain, it -> it.checkClientTrusted(chain, authType, engine));
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("this is a server");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            throw new CertificateException("this is a server");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("this is a server");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return platform == null ? new X509Certificate[0] : platform.getAcceptedIssuers();
        }
    }
}
