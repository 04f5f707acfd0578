package dev.fieldproof.core.key;

import dev.fieldproof.core.store.Directory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Keys in a PKCS#12 file (RFC 7292), encrypted with a password by the JDK (AES-256, PBKDF2 with HMAC-SHA-256).
 *
 * <p>The file is replaced as a whole: written beside itself as {@code NAME.new} with mode 0600 where the file system
 * knows modes, synced, renamed, and the directory synced; so a power cut leaves the old keys or the new. Several
 * processes may share it; {@code NAME.lock} keeps their changes apart, and a change by one is seen by the others. A key
 * without certificates is kept with a placeholder certificate that callers do not see. Thread-safe.
 */
public final class FileKeyStore extends HeldKeys {
    private static final long MAX_FILE_BYTES = 16L << 20;

    private final Directory directory;
    private final String name;
    private final char[] password;
    private SortedMap<String, KeyEntry> entries = new TreeMap<>();
    private Optional<Long> loadedModifiedMillis = Optional.empty();

    private FileKeyStore(Directory directory, String name, char[] password) throws IOException {
        this.directory = directory;
        this.name = name;
        this.password = password.clone();
        underLock(() -> {
            directory.delete(name + ".new");
            load();
        });
    }

    /**
     * Opens a store, empty if the file does not exist yet; the file appears with the first key.
     *
     * @param file named with {@code a-z A-Z 0-9 . _ -} only; its directory is made if there is none
     * @param password encrypts the file; copied, and the copy is cleared when the store is closed
     * @return an open store
     * @throws IOException if the file cannot be read, is damaged, or has another password
     * @throws IllegalArgumentException if the file's name has other characters
     */
    public static FileKeyStore open(Path file, char[] password) throws IOException {
        Path absolute = file.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        Path fileName = absolute.getFileName();
        if (parent == null || fileName == null) {
            throw new IllegalArgumentException("not a file: " + file);
        }
        return open(Directory.ownerOnly(parent), fileName.toString(), password);
    }

    /**
     * Opens a store in any directory.
     *
     * @param directory should make files that only their owner can read
     * @param name of the PKCS#12 file in it
     * @param password encrypts the file; copied, and the copy is cleared when the store is closed
     * @return an open store
     * @throws IOException if the file cannot be read, is damaged, or has another password
     * @throws IllegalArgumentException if the name is not one that {@link Directory} takes
     */
    public static FileKeyStore open(Directory directory, String name, char[] password) throws IOException {
        return new FileKeyStore(directory, name, password);
    }

    @FunctionalInterface
    private interface Locked {
        void run() throws IOException;
    }

    private void underLock(Locked work) throws IOException {
        Directory.File lock = directory
                .lock(name + ".lock", true)
                .orElseThrow(() -> new IOException("no lock on '" + name + "' in " + directory));
        try {
            work.run();
        } finally {
            lock.close();
        }
    }

    @Override
    SortedMap<String, KeyEntry> entries() throws IOException {
        if (!directory.lastModifiedMillis(name).equals(loadedModifiedMillis)) {
            load();
        }
        return entries;
    }

    @Override
    void edit(Edit edit) throws IOException {
        underLock(() -> {
            load();
            TreeMap<String, KeyEntry> next = new TreeMap<>(entries);
            edit.apply(next);
            if (!next.equals(entries)) {
                save(encode(next));
                load();
            }
        });
    }

    private void save(byte[] bytes) throws IOException {
        String fresh = name + ".new";
        directory.delete(fresh);
        try (Directory.File file = directory.open(fresh)) {
            file.write(0, ByteBuffer.wrap(bytes));
            file.sync();
        }
        directory.rename(fresh, name);
        directory.sync();
    }

    private void load() throws IOException {
        Optional<Long> modifiedMillis = directory.lastModifiedMillis(name);
        try (Directory.File file = directory.read(name).orElse(null)) {
            entries = file == null ? new TreeMap<>() : decode(readAll(file));
        }
        loadedModifiedMillis = modifiedMillis;
    }

    private byte[] readAll(Directory.File file) throws IOException {
        long sizeBytes = file.sizeBytes();
        if (sizeBytes > MAX_FILE_BYTES) {
            throw new IOException("'" + name + "' in " + directory + " is too large for a key store: " + sizeBytes);
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) sizeBytes);
        while (bytes.hasRemaining() && file.read(bytes.position(), bytes) > 0) {
            // A file may return less than was asked for.
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private SortedMap<String, KeyEntry> decode(byte[] bytes) throws IOException {
        TreeMap<String, KeyEntry> decoded = new TreeMap<>();
        try {
            java.security.KeyStore pkcs12 = java.security.KeyStore.getInstance("PKCS12");
            pkcs12.load(new ByteArrayInputStream(bytes), password);
            for (String alias : Collections.list(pkcs12.aliases())) {
                if (pkcs12.getKey(alias, password) instanceof PrivateKey privateKey) {
                    List<X509Certificate> chain = new ArrayList<>();
                    for (Certificate certificate : pkcs12.getCertificateChain(alias)) {
                        chain.add((X509Certificate) certificate);
                    }
                    boolean placeholder = PlaceholderCertificate.isOnlyCertificateOf(chain);
                    decoded.put(
                            alias,
                            new KeyEntry(privateKey, chain.get(0).getPublicKey(), placeholder ? List.of() : chain));
                }
            }
            return decoded;
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            boolean wrongPassword =
                    e.getCause() instanceof UnrecoverableKeyException || e instanceof UnrecoverableKeyException;
            throw new IOException(
                    wrongPassword
                            ? "the password does not open the key store '" + name + "' in " + directory
                            : "the key store '" + name + "' in " + directory + " is damaged: " + e.getMessage(),
                    e);
        }
    }

    private byte[] encode(SortedMap<String, KeyEntry> all) throws IOException {
        try {
            java.security.KeyStore pkcs12 = java.security.KeyStore.getInstance("PKCS12");
            pkcs12.load(null, password);
            for (var named : all.entrySet()) {
                KeyEntry entry = named.getValue();
                List<X509Certificate> chain = entry.chain().isEmpty()
                        ? List.of(PlaceholderCertificate.of(entry.publicKey(), entry.privateKey()))
                        : entry.chain();
                pkcs12.setKeyEntry(named.getKey(), entry.privateKey(), password, chain.toArray(Certificate[]::new));
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            pkcs12.store(out, password);
            return out.toByteArray();
        } catch (GeneralSecurityException e) {
            throw new IOException("the keys cannot be encoded as PKCS#12", e);
        }
    }

    @Override
    void forget() {
        entries = new TreeMap<>();
        loadedModifiedMillis = Optional.empty();
        Arrays.fill(password, '\0');
    }

    @Override
    public String toString() {
        return "the key store '" + name + "' in " + directory;
    }
}
