package dev.fieldproof.ota.site;

import dev.fieldproof.core.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Who did what, in a chain of hashes: nothing can be changed or left out without breaking it. Thread-safe. */
public final class AuditLog {
    private static final Digest START = Digest.sha256(new byte[0]);

    private final List<Entry> entries = new ArrayList<>();

    /** Begins empty. */
    public AuditLog() {}

    /**
     * One line of the log.
     *
     * @param at when
     * @param who did it
     * @param what was done
     * @param chain SHA-256 over the chain of the line before and this line
     */
    public record Entry(Instant at, String who, String what, Digest chain) {}

    synchronized void add(Instant at, String who, String what) {
        Digest before =
                entries.isEmpty() ? START : entries.get(entries.size() - 1).chain();
        entries.add(new Entry(at, who, what, link(before, at, who, what)));
    }

    private static Digest link(Digest before, Instant at, String who, String what) {
        String line = before.hex() + '\n' + at + '\n' + who.length() + ' ' + who + '\n' + what;
        return Digest.sha256(line.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The log.
     *
     * @return a copy, oldest first
     */
    public synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    /**
     * Checks a log.
     *
     * @param entries oldest first, from the beginning
     * @return whether the chain holds
     */
    public static boolean verify(List<Entry> entries) {
        Digest before = START;
        for (Entry entry : entries) {
            if (!entry.chain().equals(link(before, entry.at(), entry.who(), entry.what()))) {
                return false;
            }
            before = entry.chain();
        }
        return true;
    }
}
