package dev.fieldproof.sparkplug.capture;

import java.time.Instant;

/**
 * A rule of the specification that a message breaks. Immutable.
 *
 * @param assertion the rule's identifier in the specification, such as {@code tck-id-payloads-nbirth-seq}
 * @param at when the message was received
 * @param topic it came on
 * @param words what is wrong and what must be done instead, for people
 * @param binding false if the specification recommends it only
 */
public record Finding(String assertion, Instant at, String topic, String words, boolean binding) {
    @Override
    public String toString() {
        return at + " " + topic + ": " + (binding ? "" : "(recommended) ") + words + " [" + assertion + "]";
    }
}
