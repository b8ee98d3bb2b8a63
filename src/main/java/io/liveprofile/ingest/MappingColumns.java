package io.liveprofile.ingest;

import io.liveprofile.config.ConfigNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The columns that a row of the source has, in order; a rule can only name one of these. */
final class MappingColumns {
    private final List<String> names;
    private final Map<String, Integer> indexes = new HashMap<>();

    /** Names must be distinct. */
    MappingColumns(List<String> names) {
        this.names = List.copyOf(names);
        for (int i = 0; i < names.size(); i++) {
            indexes.put(names.get(i), i);
        }
    }

    List<String> names() {
        return names;
    }

    int size() {
        return names.size();
    }

    String name(int index) {
        return names.get(index);
    }

    /** Place of a column in the row, or -1. */
    int indexOf(String name) {
        return indexes.getOrDefault(name, -1);
    }

    /** Place of the column that {@code node} names; refuses one that the source does not have. */
    int index(ConfigNode node) {
        int index = indexOf(node.text());
        if (index < 0) {
            throw node.error("unknown column; columns: " + listed());
        }
        return index;
    }

    String listed() {
        return String.join(", ", names);
    }
}
