package io.liveprofile.ingest;

import io.liveprofile.config.ConfigNode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How the source writes a row.
 *
 * @param kind CSV or JSON (one object a line)
 * @param hasHeader whether the first line of a file names its columns; a topic's values never have one
 * @param columns name of each column; for JSON also where it stands
 * @param paths for JSON the path of each column, such as {@code user.id} or {@code items.0.sku}
 * @param quote the character that may enclose a field, or {@link #NO_QUOTE}
 */
public record MappingFormat(
        Kind kind, boolean hasHeader, List<String> columns, List<String> paths, char separator, char quote) {
    public static final char NO_QUOTE = '\0';

    /** Syntax of a row. */
    public enum Kind { CSV, JSON }

    static MappingFormat read(ConfigNode root) {
        Kind kind = root.get("format").oneOf(Kind.class);
        if (kind == Kind.JSON) {
            for (String key : List.of("header", "separator", "quote")) {
                if (root.has(key)) {
                    throw root.get(key).error("only for format: csv");
                }
            }
            Map<String, String> paths = jsonColumns(root.get("columns"));
            return new MappingFormat(
                    kind, false, List.copyOf(paths.keySet()), List.copyOf(paths.values()), ',', NO_QUOTE);
        }
        List<String> columns = distinct(root.get("columns"));
        char separator = root.find("separator").map(MappingFormat::character).orElse(',');
        char quote = root.find("quote").map(n -> n.text().equals("none") ? NO_QUOTE : character(n)).orElse('"');
        if (separator == quote) {
            throw root.error("separator and quote must differ");
        }
        return new MappingFormat(kind, root.get("header").bool(), columns, columns, separator, quote);
    }

    /** The same with the columns in the order of a file's header. */
    MappingFormat withColumns(List<String> fileColumns) {
        return new MappingFormat(kind, hasHeader, fileColumns, fileColumns, separator, quote);
    }

    /** One character, or the word tab. */
    static char character(ConfigNode node) {
        String text = node.text().equals("tab") ? "\t" : node.text();
        if (text.length() != 1 || text.charAt(0) > 126 || "\r\n\0".contains(text)) {
            throw node.error("must be one ASCII character, or tab");
        }
        return text.charAt(0);
    }

    private static Map<String, String> jsonColumns(ConfigNode node) {
        Map<String, String> paths = new LinkedHashMap<>();
        if (node.isMap()) {
            node.entries().forEach((name, path) -> paths.put(name, path.text()));
            if (paths.isEmpty()) {
                throw node.error("must name at least one column");
            }
        } else {
            distinct(node).forEach(name -> paths.put(name, name));
        }
        return paths;
    }

    private static List<String> distinct(ConfigNode node) {
        Set<String> names = new LinkedHashSet<>();
        for (ConfigNode item : node.items()) {
            if (item.text().isEmpty() || !names.add(item.text())) {
                throw item.error(item.text().isEmpty() ? "must not be empty" : "stands twice");
            }
        }
        if (names.isEmpty()) {
            throw node.error("must name at least one column");
        }
        return List.copyOf(names);
    }
}
