package dev.fieldproof.core.key;

import java.io.IOException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/** What both default stores do: everything but where the entries are kept. Thread-safe. */
abstract class HeldKeys implements WritableKeyStore {
    private boolean closed;

    /** The entries as they are now. */
    abstract SortedMap<String, KeyEntry> entries() throws IOException;

    /** Changes the entries in one atomic and durable step; what the edit throws leaves them unchanged. */
    abstract void edit(Edit edit) throws IOException;

    /** Forgets what is secret. */
    abstract void forget();

    /** A change of all entries. */
    @FunctionalInterface
    interface Edit {
        void apply(SortedMap<String, KeyEntry> entries) throws IOException;
    }

    private KeyEntry entry(SortedMap<String, KeyEntry> entries, String keyId) throws UnknownKeyException {
        KeyEntry entry = entries.get(KeyEntry.requireId(keyId));
        if (entry == null) {
            throw new UnknownKeyException("no key '" + keyId + "' in " + this + ", which has " + entries.keySet());
        }
        return entry;
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException(this + " is closed");
        }
    }

    @Override
    public final synchronized Set<String> keyIds() throws IOException {
        requireOpen();
        return Collections.unmodifiableSet(new TreeSet<>(entries().keySet()));
    }

    @Override
    public final synchronized PublicKey publicKey(String keyId) throws IOException {
        requireOpen();
        return entry(entries(), keyId).publicKey();
    }

    @Override
    public final synchronized List<X509Certificate> certificateChain(String keyId) throws IOException {
        requireOpen();
        return entry(entries(), keyId).chain();
    }

    @Override
    public final byte[] sign(String keyId, byte[] message) throws IOException {
        KeyEntry entry;
        synchronized (this) {
            requireOpen();
            entry = entry(entries(), keyId);
        }
        return entry.sign(message);
    }

    @Override
    public final synchronized PublicKey generate(String keyId, KeyAlgorithm algorithm) throws IOException {
        requireOpen();
        KeyEntry.requireId(keyId);
        KeyEntry made = KeyEntry.generate(algorithm);
        edit(entries -> putNew(entries, keyId, made));
        return made.publicKey();
    }

    @Override
    public final synchronized void generateAll(List<String> keyIds, KeyAlgorithm algorithm) throws IOException {
        requireOpen();
        List<KeyEntry> made = new ArrayList<>();
        for (String keyId : keyIds) {
            KeyEntry.requireId(keyId);
            made.add(KeyEntry.generate(algorithm));
        }
        edit(entries -> {
            for (int i = 0; i < made.size(); i++) {
                putNew(entries, keyIds.get(i), made.get(i));
            }
        });
    }

    private void putNew(SortedMap<String, KeyEntry> entries, String keyId, KeyEntry made) {
        if (entries.putIfAbsent(keyId, made) != null) {
            throw new IllegalArgumentException("key id '" + keyId + "' is taken in " + this);
        }
    }

    @Override
    public final synchronized void setCertificateChain(String keyId, List<X509Certificate> chain) throws IOException {
        requireOpen();
        edit(entries -> entries.put(keyId, entry(entries, keyId).withChain(chain)));
    }

    @Override
    public final synchronized boolean delete(String keyId) throws IOException {
        requireOpen();
        KeyEntry.requireId(keyId);
        boolean[] found = {false};
        edit(entries -> found[0] = entries.remove(keyId) != null);
        return found[0];
    }

    @Override
    public final synchronized void close() {
        closed = true;
        forget();
    }
}
