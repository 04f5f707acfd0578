package dev.fieldproof.ota.site;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fieldproof.core.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's swupdate, a client that nobody here wrote, takes a real update from the node (its suricatta mode). */
class SwupdateTest {
    private static final int WAIT_SECONDS = 60;

    /** Not "installed": the client tells the site the names of its files, and "nstalled" is what the tests wait for. */
    private static final String TARGET = "slot.bin";

    @TempDir
    Path directory;

    /** An archive that swupdate installs: cpio with checksums ("crc"), the description first. */
    private byte[] swu(byte[] payload, Path target) throws Exception {
        String description = "software = {\n  version = \"2.0\";\n  hardware-compatibility: [ \"1.0\" ];\n"
                + "  files: ( { filename = \"fw.bin\"; path = \"" + target + "\"; sha256 = \""
                + Digest.sha256(payload).hex() + "\"; } );\n}\n";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] described = description.getBytes(StandardCharsets.US_ASCII);
        entry(out, 1, "sw-description", described);
        entry(out, 2, "sw-description.sig", signature(described));
        entry(out, 3, "fw.bin", payload);
        entry(out, 0, "TRAILER!!!", new byte[0]);
        out.write(new byte[(512 - out.size() % 512) % 512]);
        return out.toByteArray();
    }

    /** Debian's build installs what has a detached CMS signature (RFC 5652) by a certificate that it was given. */
    private byte[] signature(byte[] content) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        X500Name name = new X500Name("CN=release");
        ContentSigner signer = new JcaContentSignerBuilder("SHA256withRSA").build(pair.getPrivate());
        X509CertificateHolder certificate = new JcaX509v3CertificateBuilder(
                        name,
                        BigInteger.ONE,
                        Date.from(Instant.now().minus(Duration.ofDays(1))),
                        Date.from(Instant.now().plus(Duration.ofDays(1))),
                        name,
                        pair.getPublic())
                .build(signer);
        Files.writeString(
                directory.resolve("release.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        CMSSignedDataGenerator cms = new CMSSignedDataGenerator();
        cms.addSignerInfoGenerator(new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
                .build(signer, certificate));
        cms.addCertificate(certificate);
        return cms.generate(new CMSProcessableByteArray(content), false).getEncoded();
    }

    private static void entry(ByteArrayOutputStream out, int inode, String name, byte[] content) throws IOException {
        long sum = 0;
        for (byte value : content) {
            sum += value & 0xFF;
        }
        long[] fields = {inode, 0100644, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length() + 1, sum & 0xFFFFFFFFL};
        StringBuilder header = new StringBuilder("070702");
        for (long field : fields) {
            header.append(String.format(Locale.ROOT, "%08x", field));
        }
        out.write((header + name + "\0").getBytes(StandardCharsets.US_ASCII));
        out.write(new byte[(4 - out.size() % 4) % 4]);
        out.write(content);
        out.write(new byte[(4 - out.size() % 4) % 4]);
    }

    private static boolean isInstalled() {
        try {
            Process process = new ProcessBuilder("swupdate", "--version")
                    .redirectErrorStream(true)
                    .start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Process start(String base, String token, Path log, String confirm) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                "swupdate",
                "-l",
                "5",
                "-B",
                "none",
                "-k",
                directory.resolve("release.pem").toString(),
                "-H",
                "fieldproof:1.0",
                "-u",
                "-t default -u " + base + " -i dev1 -k " + token + " -p 1 -r 10 -w 1" + confirm));
        builder.environment().put("TMPDIR", directory.toString());
        return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    /** Runs swupdate until a condition holds; it ends by our hand or by its own. */
    private String run(SiteFixture site, String token, String confirm, Callable<Boolean> done) throws Exception {
        return run(site.base(), token, confirm, done);
    }

    private String run(String base, String token, String confirm, Callable<Boolean> done) throws Exception {
        Path log = Files.createTempFile(directory, "swupdate", ".log");
        Process process = start(base, token, log, confirm);
        try {
            for (int i = 0; i < 10 * WAIT_SECONDS && !done.call(); i++) {
                if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
                    break;
                }
            }
        } finally {
            process.destroy();
            process.waitFor();
        }
        return Files.readString(log, StandardCharsets.ISO_8859_1);
    }

    private static Deployments.Action action(SiteFixture site, long id) throws IOException {
        return site.deployments.action("dev1", id).orElseThrow();
    }

    @Test
    void installsARealUpdate() throws Exception {
        assumeTrue(isInstalled(), "skipped: swupdate is not installed");
        byte[] payload = new byte[300_000];
        new SplittableRandom(7).nextBytes(payload);
        Path target = directory.resolve(TARGET);
        try (SiteFixture site = new SiteFixture(10_000)) {
            String token = site.deployments.admit("dev1");
            long id = site.deployments
                    .assign("dev1", site.store(swu(payload, target), "update.swu"))
                    .id();
            String said = run(
                    site, token, "", () -> action(site, id).details().toString().contains("nstalled"));
            assertTrue(Files.exists(target), said);
            assertArrayEquals(payload, Files.readAllBytes(target));
            assertEquals(Deployments.ActionState.OPEN, action(site, id).state(), "not confirmed yet");
            // The device restarts into the update, and says that it is well.
            said = run(site, token, " -c 2", () -> action(site, id).state() != Deployments.ActionState.OPEN);
            assertEquals(Deployments.ActionState.SUCCEEDED, action(site, id).state(), said);
        }
    }

    @Test
    void installsAllTheSameWhenTheConnectionIsCut() throws Exception {
        assumeTrue(isInstalled(), "skipped: swupdate is not installed");
        byte[] payload = new byte[300_000];
        new SplittableRandom(8).nextBytes(payload);
        Path target = directory.resolve(TARGET);
        try (SiteFixture site = new SiteFixture(10_000);
                CuttingProxy link = new CuttingProxy(site.server.port(), 2, 150_000)) {
            String token = site.deployments.admit("dev1");
            long id = site.deployments
                    .assign("dev1", site.store(swu(payload, target), "update.swu"))
                    .id();
            String said = run(
                    "http://127.0.0.1:" + link.port(),
                    token,
                    "",
                    () -> action(site, id).details().toString().contains("nstalled"));
            assertEquals(0, link.cutsLeft(), "the link was cut twice: " + said);
            assertTrue(Files.exists(target), said);
            assertArrayEquals(payload, Files.readAllBytes(target));
            assertEquals(Deployments.ActionState.OPEN, action(site, id).state(), "not confirmed yet");
        }
    }

    @Test
    void leavesOffWhatIsCancelled() throws Exception {
        assumeTrue(isInstalled(), "skipped: swupdate is not installed");
        Path target = directory.resolve(TARGET);
        try (SiteFixture site = new SiteFixture(10_000)) {
            String token = site.deployments.admit("dev1");
            long id = site.deployments
                    .assign("dev1", site.store(swu(new byte[9], target), "update.swu"))
                    .id();
            assertTrue(site.deployments.cancel(id));
            String said = run(site, token, "", () -> action(site, id).state() == Deployments.ActionState.CANCELLED);
            assertEquals(Deployments.ActionState.CANCELLED, action(site, id).state(), said);
            assertFalse(Files.exists(target));
        }
    }
}
