package dev.fieldproof.ota.json;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A JSON object with typed, checked access to its members. Immutable. */
public final class JsonObject implements JsonValue {
    private final Map<String, JsonValue> members;
    private final int offsetBytes;

    /**
     * Wraps members.
     *
     * @param members in order; copied
     * @param offsetBytes where the object began in its input; 0 for one that was made
     */
    public JsonObject(Map<String, JsonValue> members, int offsetBytes) {
        this.members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        this.offsetBytes = offsetBytes;
    }

    /**
     * The members.
     *
     * @return unmodifiable, in order of appearance
     */
    public Map<String, JsonValue> members() {
        return members;
    }

    /**
     * Whether a member is there and not null.
     *
     * @param name of the member
     * @return true if it is
     */
    public boolean has(String name) {
        JsonValue value = members.get(name);
        return value != null && !(value instanceof Null);
    }

    /**
     * A member that must be a string.
     *
     * @param name of the member
     * @return its value
     * @throws JsonException if it is missing or of another type
     */
    public String text(String name) throws JsonException {
        return require(name, Text.class).value();
    }

    /**
     * A member that, if there, must be a string.
     *
     * @param name of the member
     * @return its value, or empty
     * @throws JsonException if it is of another type
     */
    public Optional<String> optionalText(String name) throws JsonException {
        return has(name) ? Optional.of(text(name)) : Optional.empty();
    }

    /**
     * A member that must be a whole number.
     *
     * @param name of the member
     * @param min smallest value allowed
     * @return its value
     * @throws JsonException if it is missing, of another type or smaller
     */
    public long whole(String name, long min) throws JsonException {
        long value = require(name, Whole.class).value();
        if (value < min) {
            throw new JsonException(offsetBytes, "'" + name + "' is less than " + min + " in the object");
        }
        return value;
    }

    /**
     * A member that, if there, must be a truth value.
     *
     * @param name of the member
     * @param otherwise its value if it is missing
     * @return its value
     * @throws JsonException if it is of another type
     */
    public boolean truth(String name, boolean otherwise) throws JsonException {
        return has(name) ? require(name, Truth.class).value() : otherwise;
    }

    /**
     * A member that must be an object.
     *
     * @param name of the member
     * @return its value
     * @throws JsonException if it is missing or of another type
     */
    public JsonObject object(String name) throws JsonException {
        return require(name, JsonObject.class);
    }

    /**
     * A member that must be an array of strings.
     *
     * @param name of the member
     * @return its items
     * @throws JsonException if it is missing or of another type
     */
    public List<String> texts(String name) throws JsonException {
        List<String> texts = new ArrayList<>();
        for (JsonValue item : require(name, Array.class).items()) {
            if (!(item instanceof Text text)) {
                throw new JsonException(offsetBytes, "'" + name + "' holds more than strings in the object");
            }
            texts.add(text.value());
        }
        return texts;
    }

    /**
     * A member that must be an array of objects.
     *
     * @param name of the member
     * @return its items
     * @throws JsonException if it is missing or of another type
     */
    public List<JsonObject> objects(String name) throws JsonException {
        List<JsonObject> objects = new ArrayList<>();
        for (JsonValue item : require(name, Array.class).items()) {
            if (!(item instanceof JsonObject object)) {
                throw new JsonException(offsetBytes, "'" + name + "' holds more than objects in the object");
            }
            objects.add(object);
        }
        return objects;
    }

    /**
     * All members as objects by name.
     *
     * @return in order
     * @throws JsonException if a member is not an object
     */
    public Map<String, JsonObject> objectMembers() throws JsonException {
        Map<String, JsonObject> objects = new LinkedHashMap<>();
        for (String name : members.keySet()) {
            objects.put(name, object(name));
        }
        return objects;
    }

    /**
     * An error about this object.
     *
     * @param rule the rule it breaks
     * @return to be thrown
     */
    public JsonException broken(String rule) {
        return new JsonException(offsetBytes, rule + " in the object");
    }

    private <T extends JsonValue> T require(String name, Class<T> type) throws JsonException {
        JsonValue value = members.get(name);
        if (!type.isInstance(value)) {
            String kind = type == JsonObject.class ? "object" : type.getSimpleName();
            throw new JsonException(offsetBytes, "'" + name + "' is not of kind " + kind + " in the object");
        }
        return type.cast(value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JsonObject that && members.equals(that.members);
    }

    @Override
    public int hashCode() {
        return members.hashCode();
    }

    @Override
    public String toString() {
        return JsonWriter.compact(this);
    }

    /**
     * Begins an object.
     *
     * @return an empty builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects members. Not thread-safe. */
    public static final class Builder {
        private final Map<String, JsonValue> members = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Adds a member.
         *
         * @param name of the member
         * @param value of the member
         * @return this
         */
        public Builder put(String name, JsonValue value) {
            members.put(name, value);
            return this;
        }

        /**
         * Adds a string.
         *
         * @param name of the member
         * @param value of the member
         * @return this
         */
        public Builder put(String name, String value) {
            return put(name, new Text(value));
        }

        /**
         * Adds a whole number.
         *
         * @param name of the member
         * @param value of the member
         * @return this
         */
        public Builder put(String name, long value) {
            return put(name, new Whole(value));
        }

        /**
         * Adds a truth value.
         *
         * @param name of the member
         * @param value of the member
         * @return this
         */
        public Builder put(String name, boolean value) {
            return put(name, new Truth(value));
        }

        /**
         * Adds an array of strings.
         *
         * @param name of the member
         * @param values of the member
         * @return this
         */
        public Builder put(String name, Iterable<String> values) {
            List<JsonValue> items = new ArrayList<>();
            values.forEach(value -> items.add(new Text(value)));
            return put(name, new Array(items));
        }

        /**
         * Ends the object.
         *
         * @return what was collected
         */
        public JsonObject build() {
            return new JsonObject(members, 0);
        }
    }
}
