package dev.fieldproof.ota.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Certificates in files, as an operator has them: made by the JDK's keytool. */
final class TestCertificates {
    private static final String PASSWORD = "changeit";

    private final Path directory;

    TestCertificates(Path directory) throws Exception {
        this.directory = directory;
        keytool("-genkeypair", "-alias", "it", "-keystore", p12("authority"), "-dname", "CN=Site", "-ext", "bc:c");
        Files.writeString(directory.resolve("authority.pem"), export("authority"));
        for (String name : List.of("node", "dev1")) {
            keytool("-genkeypair", "-alias", "it", "-keystore", p12(name), "-dname", "CN=" + name);
            Path request = directory.resolve(name + ".csr");
            keytool("-certreq", "-alias", "it", "-keystore", p12(name), "-file", request.toString());
            String issued = directory.resolve(name + ".issued").toString();
            keytool(
                    "-gencert",
                    "-alias",
                    "it",
                    "-keystore",
                    p12("authority"),
                    "-rfc",
                    "-infile",
                    request.toString(),
                    "-outfile",
                    issued,
                    "-ext",
                    "san=ip:127.0.0.1");
            keytool("-importcert", "-noprompt", "-alias", "ca", "-keystore", p12(name), "-file", pem("authority"));
            keytool("-importcert", "-noprompt", "-alias", "it", "-keystore", p12(name), "-file", issued);
            Files.writeString(directory.resolve(name + ".pem"), export(name));
        }
        KeyStore store = store("node");
        Files.writeString(
                directory.resolve("node.key"),
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(store.getKey("it", PASSWORD.toCharArray())
                                        .getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        Files.writeString(directory.resolve("password"), PASSWORD + "\n");
    }

    private static void keytool(String... command) throws Exception {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        line.addAll(List.of(command));
        line.addAll(List.of("-storepass", PASSWORD));
        if (command[0].equals("-genkeypair")) {
            line.addAll(List.of("-keyalg", "EC"));
        }
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(line + ": " + said);
        }
    }

    private String p12(String name) {
        return directory.resolve(name + ".p12").toString();
    }

    private KeyStore store(String name) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(Path.of(p12(name)))) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private String export(String name) throws Exception {
        StringBuilder pem = new StringBuilder();
        for (Certificate certificate : store(name).getCertificateChain("it")) {
            pem.append("-----BEGIN CERTIFICATE-----\n")
                    .append(Base64.getMimeEncoder().encodeToString(certificate.getEncoded()))
                    .append("\n-----END CERTIFICATE-----\n");
        }
        return pem.toString();
    }

    String pem(String name) {
        return directory.resolve(name + ".pem").toString();
    }

    String key(String name) {
        return directory.resolve(name + ".key").toString();
    }

    String[] pkcs12(String name) {
        return new String[] {
            "--tls-p12",
            p12(name),
            "--tls-password-file",
            directory.resolve("password").toString()
        };
    }

    /** Asks, showing the certificate of a name, or none, and an authorization, or none. */
    HttpResponse<String> get(String name, String address, String authorization) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        KeyStore authorities = KeyStore.getInstance("PKCS12");
        authorities.load(null, null);
        authorities.setCertificateEntry("ca", store("authority").getCertificate("it"));
        trust.init(authorities);
        KeyManager[] keys = {};
        if (!name.isEmpty()) {
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store(name), PASSWORD.toCharArray());
            keys = factory.getKeyManagers();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust.getTrustManagers(), null);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return HttpClient.newBuilder()
                .sslContext(context)
                .build()
                .send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
