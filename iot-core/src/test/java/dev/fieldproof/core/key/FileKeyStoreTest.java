package dev.fieldproof.core.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.contract.WritableKeyStoreContract;
import dev.fieldproof.core.sim.PowerCutException;
import dev.fieldproof.core.sim.SimDirectory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FileKeyStoreTest extends WritableKeyStoreContract {
    private static final char[] PASSWORD = "correct horse".toCharArray();

    @TempDir
    private Path dir;

    @Override
    protected WritableKeyStore emptyStore() throws IOException {
        return FileKeyStore.open(dir.resolve("empty.p12"), PASSWORD);
    }

    private FileKeyStore open() throws IOException {
        return FileKeyStore.open(dir.resolve("keys.p12"), PASSWORD);
    }

    @Test
    void outlivesTheProcess() throws IOException {
        PublicKey ed;
        PublicKey p256;
        try (FileKeyStore store = open()) {
            ed = store.generate("ed", KeyAlgorithm.ED25519);
            p256 = store.generate("p256", KeyAlgorithm.P256);
        }
        try (KeyStore store = KeyStore.open(dir.resolve("keys.p12").toUri(), PASSWORD)) {
            assertEquals(Set.of("ed", "p256"), store.keyIds());
            assertEquals(ed, store.publicKey("ed"));
            assertEquals(p256, store.publicKey("p256"));
            assertEquals(List.of(), store.certificateChain("p256"));
            assertEquals(64, store.sign("ed", new byte[9]).length);
        }
    }

    @Test
    void severalKeysAreOneRewrite() throws IOException {
        SimDirectory one = new SimDirectory();
        SimDirectory five = new SimDirectory();
        try (FileKeyStore store = FileKeyStore.open(one, "keys.p12", PASSWORD)) {
            store.generate("k-1", KeyAlgorithm.ED25519);
        }
        try (FileKeyStore store = FileKeyStore.open(five, "keys.p12", PASSWORD)) {
            store.generateAll(List.of("k-1", "k-2", "k-3", "k-4", "k-5"), KeyAlgorithm.ED25519);
        }
        assertEquals(one.operations(), five.operations());
    }

    @Test
    void theCallerMayClearThePassword() throws IOException {
        char[] password = PASSWORD.clone();
        try (FileKeyStore store = FileKeyStore.open(dir.resolve("keys.p12"), password)) {
            Arrays.fill(password, 'x');
            store.generate("k", KeyAlgorithm.ED25519);
        }
        try (FileKeyStore store = open()) {
            assertEquals(Set.of("k"), store.keyIds());
        }
    }

    @Test
    void aWrongPasswordAndDamageAreToldApart() throws IOException {
        try (FileKeyStore store = open()) {
            store.generate("k", KeyAlgorithm.ED25519);
        }
        Path file = dir.resolve("keys.p12");
        IOException wrong = assertThrows(IOException.class, () -> FileKeyStore.open(file, "battery".toCharArray()));
        assertTrue(wrong.getMessage().startsWith("the password does not open"), wrong.getMessage());
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        IOException damaged = assertThrows(IOException.class, this::open);
        assertTrue(damaged.getMessage().contains("is damaged"), damaged.getMessage());
    }

    @Test
    void onlyTheOwnerMayReadTheFile() throws IOException {
        Assumptions.assumeTrue(dir.getFileSystem().supportedFileAttributeViews().contains("posix"));
        try (FileKeyStore store = open()) {
            store.generate("k", KeyAlgorithm.ED25519);
        }
        try (var files = Files.list(dir)) {
            for (Path file : files.toList()) {
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
    }

    @Test
    void twoStoresOnOneFileSeeEachOthersKeys() throws IOException {
        try (FileKeyStore first = open();
                FileKeyStore second = open()) {
            first.generate("a", KeyAlgorithm.ED25519);
            second.generate("b", KeyAlgorithm.ED25519);
            assertEquals(Set.of("a", "b"), second.keyIds());
            assertThrows(IllegalArgumentException.class, () -> first.generate("b", KeyAlgorithm.ED25519));
        }
        try (FileKeyStore third = open()) {
            assertEquals(Set.of("a", "b"), third.keyIds());
        }
    }

    @ParameterizedTest
    @EnumSource(KeyAlgorithm.class)
    void keepsCertificatesAndNeverShowsThePlaceholder(KeyAlgorithm algorithm) throws Exception {
        KeyEntry entry = KeyEntry.generate(algorithm);
        X509Certificate placeholder = PlaceholderCertificate.of(entry.publicKey(), entry.privateKey());
        placeholder.verify(entry.publicKey());
        placeholder.checkValidity();
        assertTrue(PlaceholderCertificate.isOnlyCertificateOf(List.of(placeholder)));
        assertFalse(PlaceholderCertificate.isOnlyCertificateOf(List.of(foreignCertificate())));
        assertEquals(List.of(placeholder), entry.withChain(List.of(placeholder)).chain());
    }

    @Test
    void refusesAChainWithAGap() throws Exception {
        KeyEntry entry = KeyEntry.generate(KeyAlgorithm.P256);
        X509Certificate own = PlaceholderCertificate.of(entry.publicKey(), entry.privateKey());
        assertThrows(IllegalArgumentException.class, () -> entry.withChain(List.of(own, foreignCertificate())));
    }

    @Test
    void refusesFileNamesThatADirectoryDoesNotTake() {
        assertThrows(IllegalArgumentException.class, () -> FileKeyStore.open(dir.resolve("my keys.p12"), PASSWORD));
        URI s3 = URI.create("s3:/x");
        assertThrows(IllegalArgumentException.class, () -> new DefaultKeyStoreProvider().open(s3, PASSWORD));
    }

    /** Cuts the power at every change and sync while keys are made and forgotten. */
    private static int enumerate(boolean fileSyncsLie, boolean directorySyncsLie) throws IOException {
        SimDirectory whole = new SimDirectory();
        life(whole, new TreeMap<>());
        int states = 0;
        for (long cut = 0; cut < whole.operations(); cut++) {
            SimDirectory disk = new SimDirectory();
            disk.lieAboutSyncs(fileSyncsLie, directorySyncsLie);
            disk.cutAt(cut);
            TreeMap<String, PublicKey> told = new TreeMap<>();
            assertThrows(PowerCutException.class, () -> life(disk, told));
            for (SimDirectory state : disk.crashStates(12, cut)) {
                check(state, told);
                states++;
            }
        }
        return states;
    }

    private static void life(SimDirectory disk, Map<String, PublicKey> told) throws IOException {
        try (FileKeyStore store = FileKeyStore.open(disk, "keys.p12", PASSWORD)) {
            told.put("a", store.generate("a", KeyAlgorithm.ED25519));
            told.put("b", store.generate("b", KeyAlgorithm.P256));
            told.remove("a");
            store.delete("a");
            told.put("-a", store.publicKey("b"));
        }
    }

    private static void check(SimDirectory disk, Map<String, PublicKey> told) throws IOException {
        try (FileKeyStore store = FileKeyStore.open(disk, "keys.p12", PASSWORD)) {
            for (var entry : told.entrySet()) {
                if (entry.getKey().equals("-a")) {
                    assertFalse(store.keyIds().contains("a"), "what was reported as forgotten is gone");
                } else {
                    assertEquals(entry.getValue(), store.publicKey(entry.getKey()), "what was reported is there");
                }
            }
        }
    }

    @Test
    void everyCrashLeavesTheOldKeysOrTheNew() throws IOException {
        assertTrue(enumerate(false, false) > 60);
    }

    @ParameterizedTest
    @CsvSource({"true,false", "false,true"})
    void theEnumerationCatchesMissingSyncs(boolean fileSyncsLie, boolean directorySyncsLie) {
        Throwable caught = assertThrows(Throwable.class, () -> enumerate(fileSyncsLie, directorySyncsLie));
        assertTrue(caught instanceof AssertionError || caught instanceof IOException, caught::toString);
        if (fileSyncsLie) {
            assertInstanceOf(IOException.class, caught);
        }
    }
}
