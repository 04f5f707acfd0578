package dev.fieldproof.crdt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A device's state as it is and as it should be: the device owns what is reported, the cloud owns what is desired, and
 * the difference is what is left to do. A view of an {@link LwwMap} in which every name has two keys; as thread-safe as
 * that map.
 */
public final class DeviceShadow {
    private final LwwMap map;
    private final List<String> names;
    private final KeyDictionary index;

    /**
     * Looks at a map.
     *
     * @param map made with {@link #keys} and {@link #policy} of the same names
     * @param names what the device has
     * @throws IllegalArgumentException if the map's schema is another
     */
    public DeviceShadow(LwwMap map, List<String> names) {
        this.map = map;
        this.names = List.copyOf(names);
        this.index = KeyDictionary.of(this.names);
        boolean fits = map.keys().size() == 2 * names.size();
        for (int i = 0; fits && i < names.size(); i++) {
            fits = map.keys().nameOf(2 * i).equals("reported/" + names.get(i));
        }
        if (!fits) {
            throw new IllegalArgumentException("the map was not made for these names: " + names);
        }
    }

    /**
     * The schema of a shadow's map: {@code reported/NAME} and {@code desired/NAME} for every name.
     *
     * @param names distinct
     * @return the dictionary
     */
    public static KeyDictionary keys(List<String> names) {
        List<String> keys = new ArrayList<>();
        for (String name : names) {
            keys.add("reported/" + name);
            keys.add("desired/" + name);
        }
        return KeyDictionary.of(keys);
    }

    /**
     * Who owns what in a shadow's map.
     *
     * @param device owns what is reported
     * @param cloud owns what is desired; {@link WriterId#SHARED} to let several write it
     * @return the policy
     */
    public static StampPolicy policy(WriterId device, WriterId cloud) {
        return key -> (key & 1) == 0 ? device : cloud;
    }

    /**
     * What is left to do for one name.
     *
     * @param desired what should be
     * @param reported what is; empty if nothing is known
     */
    public record Difference(Value desired, Optional<Value> reported) {}

    /** What came of a desire that was tied to a version. */
    public sealed interface Outcome {
        /**
         * It stands.
         *
         * @param stamp its version
         */
        record Written(Dot stamp) implements Outcome {}

        /**
         * Someone else was faster; nothing changed.
         *
         * @param current the version that stands; empty if there is none
         */
        record Conflict(Optional<Dot> current) implements Outcome {}
    }

    private int keyOf(String name, int part) {
        int i = index.idOf(name);
        if (i < 0) {
            throw new IllegalArgumentException("the device has no '" + name + "'");
        }
        return 2 * i + part;
    }

    /**
     * Says what is; for the device.
     *
     * @param name one of the names
     * @param value the state
     * @throws IllegalArgumentException if there is no such name
     * @throws IllegalStateException if this replica is not the device's
     */
    public void report(String name, Value value) {
        map.put(keyOf(name, 0), value);
    }

    /**
     * Says what should be; for the cloud.
     *
     * @param name one of the names
     * @param value the wanted state
     * @throws IllegalArgumentException if there is no such name
     * @throws IllegalStateException if this replica is not the cloud's
     */
    public void desire(String name, Value value) {
        map.put(keyOf(name, 1), value);
    }

    /**
     * Says what should be, if nobody has said otherwise meanwhile.
     *
     * @param name one of the names
     * @param value the wanted state
     * @param expected the version that the caller knows, from {@link #desiredVersion}; empty for none
     * @return whether it stands
     * @throws IllegalArgumentException if there is no such name
     * @throws IllegalStateException if this replica is not the cloud's
     */
    public Outcome desireIf(String name, Value value, Optional<Dot> expected) {
        Optional<Dot> current = desiredVersion(name);
        if (!current.equals(expected)) {
            return new Outcome.Conflict(current);
        }
        desire(name, value);
        return new Outcome.Written(desiredVersion(name).orElseThrow());
    }

    /**
     * What is.
     *
     * @param name one of the names
     * @return empty if the device never said
     * @throws IllegalArgumentException if there is no such name
     */
    public Optional<Value> reported(String name) {
        return map.get(keyOf(name, 0));
    }

    /**
     * What should be.
     *
     * @param name one of the names
     * @return empty if nobody said
     * @throws IllegalArgumentException if there is no such name
     */
    public Optional<Value> desired(String name) {
        return map.get(keyOf(name, 1));
    }

    /**
     * The version of what should be.
     *
     * @param name one of the names
     * @return empty if nobody ever said
     * @throws IllegalArgumentException if there is no such name
     */
    public Optional<Dot> desiredVersion(String name) {
        return map.entry(keyOf(name, 1)).map(LwwMap.Entry::stamp);
    }

    /**
     * What is left to do: names whose desired state is said and not reported.
     *
     * @return by name, in the order of the names
     */
    public Map<String, Difference> difference() {
        Map<String, Difference> open = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            @Nullable Value desired = map.get(2 * i + 1).orElse(null);
            Optional<Value> reported = map.get(2 * i);
            if (desired != null && !reported.equals(Optional.of(desired))) {
                open.put(names.get(i), new Difference(desired, reported));
            }
        }
        return open;
    }
}
