package dev.fieldproof.sparkplug.host;

import dev.fieldproof.sparkplug.payload.DataType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Names, aliases and datatypes of a birth certificate; shared by all nodes that announce the same. Immutable. */
final class MetricLayout {
    static final int NONE = -1;
    private static final int DENSE_FACTOR = 8;

    private final List<String> names;
    private final List<DataType> types;
    private final long[] aliases;
    private final Map<String, Integer> byName = new HashMap<>();
    private final Map<Long, Integer> byAlias = new HashMap<>();
    private int[] dense = new int[0];

    /** An alias of {@link #NONE} stands for no alias. */
    MetricLayout(List<String> names, List<DataType> types, long[] aliases) {
        this.names = List.copyOf(names);
        this.types = List.copyOf(types);
        this.aliases = aliases;
        long highest = -1;
        for (int i = 0; i < names.size(); i++) {
            byName.putIfAbsent(names.get(i), i);
            if (aliases[i] != NONE) {
                byAlias.putIfAbsent(aliases[i], i);
                highest = Math.max(highest, aliases[i]);
            }
        }
        boolean allPositive = byAlias.keySet().stream().allMatch(alias -> alias >= 0);
        if (highest >= 0 && allPositive && highest < (long) DENSE_FACTOR * names.size() + 64) {
            dense = new int[(int) highest + 1];
            Arrays.fill(dense, NONE);
            byAlias.forEach((alias, index) -> dense[alias.intValue()] = index);
            byAlias.clear();
        }
    }

    int size() {
        return names.size();
    }

    String name(int index) {
        return names.get(index);
    }

    DataType type(int index) {
        return types.get(index);
    }

    long alias(int index) {
        return aliases[index];
    }

    int ofAlias(long alias) {
        if (alias >= 0 && alias < dense.length) {
            return dense[(int) alias];
        }
        Integer index = byAlias.get(alias);
        return index == null ? NONE : index;
    }

    int ofName(String name) {
        Integer index = byName.get(name);
        return index == null ? NONE : index;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MetricLayout that
                && names.equals(that.names)
                && types.equals(that.types)
                && Arrays.equals(aliases, that.aliases);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * names.hashCode() + types.hashCode()) + Arrays.hashCode(aliases);
    }
}
