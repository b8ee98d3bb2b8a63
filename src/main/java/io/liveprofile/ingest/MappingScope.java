package io.liveprofile.ingest;

import io.liveprofile.config.ConfigNode;
import java.util.ArrayList;
import java.util.List;

/** What the rules of one mapping are read against: the columns and the expressions over them. */
record MappingScope(MappingColumns columns, MappingExpressions expressions) {
    static MappingScope of(MappingColumns columns) {
        return new MappingScope(columns, new MappingExpressions(columns));
    }

    /** The one of {@code keys} that {@code node} has; refuses none and several. */
    static String onlyOne(ConfigNode node, String... keys) {
        List<String> given = new ArrayList<>();
        for (String key : keys) {
            if (node.has(key)) {
                given.add(key);
            }
        }
        if (given.size() != 1) {
            throw node.error("must have one of " + String.join(", ", keys) + "; has "
                    + (given.isEmpty() ? "none" : String.join(" and ", given)));
        }
        return given.get(0);
    }

    /** Refuses keys without a value, anywhere below {@code node}: an empty {@code when} must not mean always. */
    static void rejectEmptyKeys(ConfigNode node) {
        if (node.isMap()) {
            for (String key : node.keys()) {
                rejectEmptyKeys(node.find(key).orElseThrow(
                        () -> node.error("'" + key + "' has no value; leave it out, or write '' for an empty text")));
            }
        } else if (node.isList()) {
            node.items().forEach(MappingScope::rejectEmptyKeys);
        }
    }
}
