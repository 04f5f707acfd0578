package dev.fieldproof.sparkplug.payload;

import java.util.List;

/**
 * A table (Sparkplug 3.0, section 6.4.10). Immutable.
 *
 * @param columns headers
 * @param types a basic type for each column
 * @param rows each with one value per column; {@link Value.Null} for a cell without a value
 * @param unknown fields of later versions
 */
public record DataSet(List<String> columns, List<DataType> types, List<List<Value>> rows, UnknownFields unknown)
        implements Value {
    /**
     * Copies the lists and checks their shape.
     *
     * @throws IllegalArgumentException if headers, types and cells differ in number, a type is not basic or a cell's
     *     value is of another type than its column
     */
    public DataSet {
        columns = List.copyOf(columns);
        types = List.copyOf(types);
        rows = rows.stream().map(List::copyOf).toList();
        if (columns.size() != types.size()) {
            throw new IllegalArgumentException(columns.size() + " columns but " + types.size() + " types");
        }
        for (DataType type : types) {
            if (!type.isBasic()) {
                throw new IllegalArgumentException("a column cannot be a " + type);
            }
        }
        for (List<Value> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException("a row of " + row.size() + " in " + columns.size() + " columns");
            }
            for (int i = 0; i < row.size(); i++) {
                if (row.get(i).type() != types.get(i) && !(row.get(i) instanceof Raw)) {
                    throw new IllegalArgumentException("a " + row.get(i).type() + " in a column of " + types.get(i));
                }
            }
        }
    }

    /**
     * A table without unknown fields.
     *
     * @param columns headers
     * @param types a basic type for each column
     * @param rows each with one value per column
     */
    public DataSet(List<String> columns, List<DataType> types, List<List<Value>> rows) {
        this(columns, types, rows, UnknownFields.NONE);
    }

    @Override
    public DataType type() {
        return DataType.DATA_SET;
    }
}
