package dev.fieldproof.core.transport.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Certificates made by openssl for one test. */
final class Certificates {
    private final Path directory;

    /**
     * Skips the test where openssl is missing.
     *
     * @param directory for the files
     */
    public Certificates(Path directory) {
        this.directory = directory;
        assumeTrue(Mosquitto.executable("openssl").isPresent(), "skipped: openssl is not installed");
    }

    /**
     * A file.
     *
     * @param name in the directory
     * @return its path
     */
    public Path file(String name) {
        return directory.resolve(name);
    }

    /**
     * Makes NAME.crt and NAME.key, signed by itself.
     *
     * @param name of the authority
     * @throws Exception if openssl fails
     */
    public void authority(String name) throws Exception {
        openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=" + name + " -keyout "
                + name + ".key -out " + name + ".crt");
    }

    /**
     * Makes NAME.crt, NAME.key (PKCS#8) and NAME.p12 (password "secret"), signed by an authority.
     *
     * @param name of the holder
     * @param authority made before
     * @throws Exception if openssl fails
     */
    public void issue(String name, String authority) throws Exception {
        Files.writeString(file(name + ".ext"), "subjectAltName=IP:127.0.0.1,DNS:localhost\n");
        openssl("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=" + name + " -keyout " + name
                + ".key -out " + name + ".csr");
        openssl("x509 -req -days 2 -in " + name + ".csr -CA " + authority + ".crt -CAkey " + authority
                + ".key -CAcreateserial -extfile " + name + ".ext -out " + name + ".crt");
        openssl("pkcs12 -export -in " + name + ".crt -inkey " + name + ".key -out " + name
                + ".p12 -passout pass:secret");
    }

    /**
     * Runs openssl in the directory.
     *
     * @param arguments separated by blanks
     * @throws IOException if it cannot be started
     * @throws InterruptedException if the thread is interrupted
     */
    public void openssl(String arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments.split(" ")));
        Path log = file("openssl.log");
        int status = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start()
                .waitFor();
        assertEquals(0, status, () -> "openssl " + arguments + ", see " + log);
    }
}
