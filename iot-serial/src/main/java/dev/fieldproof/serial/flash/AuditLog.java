package dev.fieldproof.serial.flash;

import dev.fieldproof.core.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * What was done to which device, as lines of text of which each carries the SHA-256 of the one before: a line that is
 * changed, removed or put elsewhere breaks the chain. Cutting off the end is only noticed by who kept the last digest.
 * Thread-safe, so that several ports may share one.
 */
public final class AuditLog {
    /** What the first line carries instead of a digest. */
    public static final String GENESIS = "0".repeat(2 * Digest.LENGTH_BYTES);

    private static final int MAX_FIELD_LENGTH = 1000;

    private final List<String> lines = new ArrayList<>();
    private String head = GENESIS;

    /**
     * Begins a log, or goes on with one.
     *
     * @param earlier its lines so far, possibly none
     * @throws IllegalArgumentException naming the first line that breaks the chain
     */
    public AuditLog(List<String> earlier) {
        OptionalInt broken = brokenLine(earlier);
        if (broken.isPresent()) {
            throw new IllegalArgumentException("the audit log is broken at line " + (broken.getAsInt() + 1));
        }
        lines.addAll(earlier);
        head = earlier.isEmpty() ? GENESIS : digest(earlier.get(earlier.size() - 1));
    }

    /**
     * Records a session.
     *
     * @param when it ended
     * @param device the caller's name for the device or port
     * @param plan what was to be flashed
     * @param report how it went
     * @return the new line: digest of the line before, time, device, SHA-256 and place of each part, result, costs;
     *     separated by tabs
     */
    public synchronized String record(Instant when, String device, FlashPlan plan, FlashReport report) {
        StringBuilder parts = new StringBuilder();
        for (FlashPart part : plan.parts()) {
            parts.append(parts.isEmpty() ? "" : ",")
                    .append(Digest.sha256(part.bytes()))
                    .append("@0x")
                    .append(Integer.toHexString(part.offset()));
        }
        String line = String.join(
                "\t", head, when.toString(), plain(device), parts, plain(report.result()), plain(report.stats()));
        lines.add(line);
        head = digest(line);
        return line;
    }

    private static String plain(Object value) {
        String text = value.toString().replaceAll("\\p{Cntrl}", " ");
        return text.length() <= MAX_FIELD_LENGTH ? text : text.substring(0, MAX_FIELD_LENGTH);
    }

    private static String digest(String line) {
        return Digest.sha256(line.getBytes(StandardCharsets.UTF_8)).hex();
    }

    /**
     * The lines so far.
     *
     * @return a copy
     */
    public synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /**
     * The digest of the last line, which proves all before it to whoever kept it.
     *
     * @return 64 hexadecimal digits, {@link #GENESIS} for an empty log
     */
    public synchronized String head() {
        return head;
    }

    /**
     * Checks a log.
     *
     * @param lines all of them
     * @return index of the first line that does not carry the digest of the one before, or empty if the chain holds
     */
    public static OptionalInt brokenLine(List<String> lines) {
        String expected = GENESIS;
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).startsWith(expected + "\t")) {
                return OptionalInt.of(i);
            }
            expected = digest(lines.get(i));
        }
        return OptionalInt.empty();
    }
}
