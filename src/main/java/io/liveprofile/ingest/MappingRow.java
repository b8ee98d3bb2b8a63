package io.liveprofile.ingest;

import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** One row of the source while it is mapped: the text of each column, never null; an absent value is empty. */
final class MappingRow {
    private final MappingColumns columns;
    private final String[] values;
    private final long number;

    /** {@code values} has one text for each column. */
    MappingRow(MappingColumns columns, String[] values, long number) {
        this.columns = columns;
        this.values = values;
        this.number = number;
    }

    String value(int column) {
        return values[column];
    }

    String[] values() {
        return values;
    }

    long number() {
        return number;
    }

    MappingColumns columns() {
        return columns;
    }

    /** The row as expressions see it, without copying. */
    Map<String, String> asMap() {
        return new AbstractMap<>() {
            @Override
            public String get(Object column) {
                int index = column instanceof String name ? columns.indexOf(name) : -1;
                return index < 0 ? null : values[index];
            }

            @Override
            public boolean containsKey(Object column) {
                return column instanceof String name && columns.indexOf(name) >= 0;
            }

            @Override
            public Set<Entry<String, String>> entrySet() {
                Map<String, String> copy = new LinkedHashMap<>();
                for (int i = 0; i < values.length; i++) {
                    copy.put(columns.name(i), values[i]);
                }
                return copy.entrySet();
            }
        };
    }
}
