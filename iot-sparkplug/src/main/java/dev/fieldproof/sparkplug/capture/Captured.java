package dev.fieldproof.sparkplug.capture;

import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A message and when it was received. A capture is a text file with one line for each, its parts separated by tabs: the
 * time as seconds since 1970 with a fraction, quality of service, retain flag, topic, payload in hexadecimal. This is
 * what {@code mosquitto_sub -t 'spBv1.0/#' -F '%U\t%q\t%r\t%t\t%x'} prints. Immutable.
 *
 * @param at when it was received, to the nanosecond
 * @param message what was received; its topic holds no tab or line break
 */
public record Captured(Instant at, Message message) {
    private static final int MAX_LINE_CHARS = 16 << 20;
    private static final Pattern LINE =
            Pattern.compile("(\\d{1,12})(?:\\.(\\d{1,9}))?\t([012])\t([01])\t([^\t]+)\t((?:[0-9A-Fa-f]{2})*)");
    /** By the number that MQTT gives it. */
    private static final List<Qos> QOS = List.of(Qos.AT_MOST_ONCE, Qos.AT_LEAST_ONCE, Qos.EXACTLY_ONCE);

    /**
     * The line of a capture file.
     *
     * @return without a line break
     */
    public String toLine() {
        return String.format("%d.%09d", at.getEpochSecond(), at.getNano()) + "\t" + QOS.indexOf(message.qos()) + "\t"
                + (message.retain() ? "1" : "0") + "\t" + message.topic() + "\t"
                + HexFormat.of().formatHex(message.payload());
    }

    /**
     * Reads a line of a capture file.
     *
     * @param line without a line break
     * @return the message
     * @throws IOException if it is no such line
     */
    public static Captured parse(String line) throws IOException {
        Matcher parts = LINE.matcher(line);
        if (line.length() > MAX_LINE_CHARS || !parts.matches()) {
            throw new IOException("not a line of a capture, which is: time, QoS, retain, topic, payload in hexadecimal,"
                    + " separated by tabs: '" + line.substring(0, Math.min(60, line.length())) + "'");
        }
        String fraction = parts.group(2) == null ? "0" : (parts.group(2) + "00000000").substring(0, 9);
        Instant at = Instant.ofEpochSecond(Long.parseLong(parts.group(1)), Long.parseLong(fraction));
        try {
            return new Captured(
                    at,
                    new Message(
                            parts.group(5),
                            HexFormat.of().parseHex(parts.group(6)),
                            QOS.get(Integer.parseInt(parts.group(3))),
                            parts.group(4).equals("1")));
        } catch (IllegalArgumentException e) {
            throw new IOException("a line of the capture has no topic name: " + e.getMessage(), e);
        }
    }

    /**
     * Reads a capture file.
     *
     * @param file text as described above; empty lines are skipped
     * @param maxMessages most messages to read
     * @return in order of the file
     * @throws IOException if it cannot be read, has more messages, or a line is malformed; names the line
     */
    public static List<Captured> read(Path file, int maxMessages) throws IOException {
        List<Captured> messages = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            int number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                if (messages.size() == maxMessages) {
                    throw new IOException(file + " has more than " + maxMessages + " messages");
                }
                try {
                    messages.add(parse(line));
                } catch (IOException e) {
                    throw new IOException(file + ", line " + number + ": " + e.getMessage(), e);
                }
            }
        }
        return messages;
    }
}
