package dev.fieldproof.ota.json;

import java.util.List;

/** A JSON value without fractions (RFC 8259); what canonical JSON can express. Immutable. */
public sealed interface JsonValue
        permits JsonObject, JsonValue.Text, JsonValue.Whole, JsonValue.Truth, JsonValue.Null, JsonValue.Array {
    /**
     * A string.
     *
     * @param value well-formed Unicode, no lone surrogates
     */
    record Text(String value) implements JsonValue {}

    /**
     * A whole number.
     *
     * @param value of 64 bits
     */
    record Whole(long value) implements JsonValue {}

    /**
     * A truth value.
     *
     * @param value which
     */
    record Truth(boolean value) implements JsonValue {}

    /** The literal {@code null}. */
    record Null() implements JsonValue {}

    /**
     * An array.
     *
     * @param items in order
     */
    record Array(List<JsonValue> items) implements JsonValue {
        /** Copies the list. */
        public Array {
            items = List.copyOf(items);
        }
    }
}
