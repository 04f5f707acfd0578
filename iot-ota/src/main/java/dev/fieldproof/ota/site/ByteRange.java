package dev.fieldproof.ota.site;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of an artifact that a client asks for (RFC 9110, section 14.1).
 *
 * @param fromBytes first byte
 * @param toBytes behind the last byte
 */
record ByteRange(long fromBytes, long toBytes) {
    private static final Pattern ONE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

    /** What a Range header means; an empty result for one that no byte satisfies. */
    static Optional<ByteRange> of(String header, long sizeBytes) {
        Matcher matcher = ONE.matcher(header);
        if (header.isEmpty() || !matcher.matches() || header.equals("bytes=-")) {
            return Optional.of(new ByteRange(0, sizeBytes)); // several ranges, or none that is understood: all of it
        }
        String first = matcher.group(1);
        String last = matcher.group(2);
        long from = first.isEmpty() ? Math.max(0, sizeBytes - Long.parseLong(last)) : Long.parseLong(first);
        long to = first.isEmpty() || last.isEmpty() ? sizeBytes : Math.min(sizeBytes, Long.parseLong(last) + 1);
        return from < to ? Optional.of(new ByteRange(from, to)) : Optional.empty();
    }

    long lengthBytes() {
        return toBytes - fromBytes;
    }
}
