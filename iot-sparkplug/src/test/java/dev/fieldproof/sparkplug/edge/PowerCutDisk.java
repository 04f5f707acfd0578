package dev.fieldproof.sparkplug.edge;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A disk that loses power: of what was not synced, any prefix of each file may survive, and deletions may be undone.
 * Can be told to lose power at a given operation, and to lie about syncing.
 */
final class PowerCutDisk implements LogFiles {
    private final Map<String, ByteArrayOutputStream> files = new HashMap<>();
    private final Map<String, Integer> durable = new HashMap<>();
    private final Map<String, byte[]> deleted = new HashMap<>();
    private final boolean liar;
    private long operations;
    private long cutAt = Long.MAX_VALUE;

    /** The machine stops here. */
    static final class PowerCut extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PowerCut() {
            super("power cut", null, false, false);
        }
    }

    PowerCutDisk(boolean liar) {
        this.liar = liar;
    }

    void cutAfter(long operation) {
        cutAt = operation;
        operations = 0;
    }

    long operations() {
        return operations;
    }

    private void operate() {
        if (++operations > cutAt) {
            throw new PowerCut();
        }
    }

    /** Power is gone and back: decides what survived. */
    void cut(RandomGenerator random) {
        for (Map.Entry<String, byte[]> each : deleted.entrySet()) {
            if (random.nextBoolean()) {
                files.computeIfAbsent(each.getKey(), name -> new ByteArrayOutputStream())
                        .writeBytes(each.getValue());
                durable.put(each.getKey(), each.getValue().length);
            }
        }
        deleted.clear();
        for (String name : List.copyOf(files.keySet())) {
            byte[] all = files.get(name).toByteArray();
            int safe = durable.getOrDefault(name, -1);
            int kept = Math.max(safe, 0) + random.nextInt(all.length - Math.max(safe, 0) + 1);
            if (safe < 0 && random.nextBoolean()) {
                files.remove(name);
                continue;
            }
            ByteArrayOutputStream survived = new ByteArrayOutputStream();
            survived.write(all, 0, kept);
            files.put(name, survived);
            durable.put(name, kept);
        }
        cutAt = Long.MAX_VALUE;
    }

    @Override
    public List<String> list() {
        return new ArrayList<>(files.keySet());
    }

    @Override
    public byte[] read(String name) {
        return files.get(name).toByteArray();
    }

    @Override
    public void append(String name, byte[] bytes) {
        ByteArrayOutputStream file = files.computeIfAbsent(name, made -> new ByteArrayOutputStream());
        boolean cutsHere = operations + 1 > cutAt;
        file.writeBytes(cutsHere ? Arrays.copyOf(bytes, bytes.length / 2) : bytes);
        operate();
    }

    @Override
    public void sync(String name) {
        operate();
        if (!liar) {
            durable.put(name, files.get(name).size());
            deleted.clear();
        }
    }

    @Override
    public void delete(String name) {
        operate();
        ByteArrayOutputStream file = files.remove(name);
        Integer safe = durable.remove(name);
        if (file != null && safe != null) {
            deleted.put(name, Arrays.copyOf(file.toByteArray(), safe));
        }
    }
}
