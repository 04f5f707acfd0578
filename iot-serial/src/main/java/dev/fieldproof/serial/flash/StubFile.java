package dev.fieldproof.serial.flash;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a stub from the flat JSON object in which the vendor publishes its Apache-2.0 OR MIT licensed stubs: {@code
 * entry}, {@code text_start}, {@code text} and optionally {@code data_start}, {@code data}, the contents in Base64.
 * Stateless and thread-safe.
 */
public final class StubFile {
    private static final Pattern FIELD =
            Pattern.compile("\"([a-z_]{1,32})\"\\s*:\\s*(?:\"([A-Za-z0-9+/=]*+)\"|(-?\\d{1,10}))");

    private StubFile() {}

    /**
     * Reads a stub.
     *
     * @param json the file's content
     * @return the stub
     * @throws IllegalArgumentException naming the field that is missing or not Base64
     */
    public static Stub parse(String json) {
        List<Stub.Segment> segments = new ArrayList<>();
        segments.add(segment(json, "text").orElseThrow(() -> missing("text")));
        segment(json, "data").ifPresent(segments::add);
        return new Stub(number(json, "entry"), segments);
    }

    private static Optional<Stub.Segment> segment(String json, String name) {
        return field(json, name, 2).filter(text -> !text.isEmpty()).map(text -> {
            try {
                return new Stub.Segment(
                        number(json, name + "_start"), Base64.getDecoder().decode(text));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("stub file: '" + name + "': " + e.getMessage(), e);
            }
        });
    }

    private static int number(String json, String name) {
        return (int) Long.parseLong(field(json, name, 3).orElseThrow(() -> missing(name)));
    }

    private static IllegalArgumentException missing(String name) {
        return new IllegalArgumentException("stub file: field '" + name + "' is missing");
    }

    private static Optional<String> field(String json, String name, int group) {
        Matcher matcher = FIELD.matcher(json);
        while (matcher.find()) {
            if (matcher.group(1).equals(name)) {
                return Optional.ofNullable(matcher.group(group));
            }
        }
        return Optional.empty();
    }
}
