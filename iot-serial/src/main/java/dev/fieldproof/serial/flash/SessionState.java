package dev.fieldproof.serial.flash;

import dev.fieldproof.core.Digest;
import dev.fieldproof.serial.Chip;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What of a session outlives its program: which part it was at, what of it was still to be written, and whether the
 * neighbours are suspect. What is in flash is not in here: that is asked again.
 *
 * @param plan digest of the plan
 * @param chip the chip that was found
 * @param part index of the part
 * @param suspect whether a damaged begin may have hit flash outside its target
 * @param runs what was to be written, at least one
 */
record SessionState(Digest plan, Chip chip, int part, boolean suspect, List<Run> runs) {
    private static final String HEADER = "fieldproof flash session 1";
    private static final int FIRST_RUN_LINE = 5;

    SessionState {
        runs = List.copyOf(runs);
    }

    /** Tells plans apart by what they write and where. */
    static Digest digestOf(FlashPlan plan) {
        ByteBuffer digests = ByteBuffer.allocate(plan.parts().size() * (Digest.LENGTH_BYTES + 4));
        for (FlashPart part : plan.parts()) {
            digests.putInt(part.offset()).put(Digest.sha256(part.bytes()).bytes());
        }
        return Digest.sha256(digests.array());
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(HEADER);
        lines.add("plan " + plan);
        lines.add("chip " + chip.name());
        lines.add("part " + part);
        lines.add("suspect " + suspect);
        runs.forEach(run -> lines.add("run " + run.from() + " " + run.length()));
        return lines;
    }

    /**
     * Reads what {@link #lines} wrote.
     *
     * @throws IOException naming the line that is not as it must be
     */
    static SessionState parse(List<String> lines) throws IOException {
        int line = 0;
        try {
            if (!lines.get(line).equals(HEADER)) {
                throw new IllegalArgumentException("not '" + HEADER + "'");
            }
            Digest plan = new Digest(value(lines, ++line, "plan"));
            Chip chip = Chip.valueOf(value(lines, ++line, "chip"));
            int part = Integer.parseInt(value(lines, ++line, "part"));
            boolean suspect = Boolean.parseBoolean(value(lines, ++line, "suspect"));
            List<Run> runs = new ArrayList<>();
            for (line = FIRST_RUN_LINE; line < lines.size() || runs.isEmpty(); line++) {
                String[] numbers = value(lines, line, "run").split(" ", 2);
                runs.add(new Run(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1])));
            }
            return new SessionState(plan, chip, part, suspect, runs);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException("line " + (line + 1) + " of the session's state: " + e.getMessage(), e);
        }
    }

    private static String value(List<String> lines, int line, String name) {
        String text = lines.get(line);
        if (!text.startsWith(name + " ")) {
            throw new IllegalArgumentException("'" + name + "' expected, not '" + text + "'");
        }
        return text.substring(name.length() + 1);
    }

    /** Whether it is of this plan, and within it. */
    boolean fits(FlashPlan other) {
        if (!plan.equals(digestOf(other)) || part < 0 || part >= other.parts().size()) {
            return false;
        }
        int end = 0;
        for (Run run : runs) {
            boolean inOrder = run.from() >= end && run.from() % FlashPart.SECTOR_BYTES == 0 && run.length() > 0;
            if (!inOrder || run.length() > other.parts().get(part).bytes().length - run.from()) {
                return false;
            }
            end = run.end();
        }
        return true;
    }
}
