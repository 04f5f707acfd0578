package dev.fieldproof.ota.tuf;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A trusted store whose files a test sees, and whose power fails before or after any change. */
final class MapStore implements TrustedStore {
    final Map<String, byte[]> files = new TreeMap<>();
    private int changes;
    private int cutAt = -1;
    private boolean changeLands;

    MapStore() {}

    MapStore(MapStore other) {
        files.putAll(other.files);
    }

    /** The power fails at a change, counted from 0, which still lands or does not. */
    void cut(int atChange, boolean lands) {
        changes = 0;
        cutAt = atChange;
        changeLands = lands;
    }

    int changes() {
        return changes;
    }

    private void change(Runnable change) throws IOException {
        boolean now = changes++ == cutAt;
        if (!now || changeLands) {
            change.run();
        }
        if (now) {
            throw new IOException("power cut");
        }
    }

    @Override
    public Optional<byte[]> read(String file) {
        return Optional.ofNullable(files.get(file)).map(byte[]::clone);
    }

    @Override
    public void write(String file, byte[] bytes) throws IOException {
        change(() -> files.put(file, bytes.clone()));
    }

    @Override
    public void delete(String file) throws IOException {
        change(() -> files.remove(file));
    }
}
