package io.liveprofile.ingest;

import io.liveprofile.config.ConfigException;
import io.liveprofile.config.ConfigNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Reads where a field's text comes from: a column, a constant, a template or an expression. */
final class MappingTextReader {
    private final MappingScope scope;

    MappingTextReader(MappingScope scope) {
        this.scope = scope;
    }

    /** A plain value names a column; a map says {@code column}, {@code constant}, {@code template} or {@code cel}. */
    MappingText read(ConfigNode node, String field) {
        return read(node, field, UnaryOperator.identity());
    }

    /**
     * As {@link #read(ConfigNode, String)}; every text that stands in the file itself (constant, values of a map,
     * otherwise) goes through {@code check}, given its node's text, which throws IllegalArgumentException with what is
     * allowed.
     */
    MappingText read(ConfigNode node, String field, UnaryOperator<String> check) {
        if (node.isScalar()) {
            return column(scope.columns().index(node));
        }
        return switch (MappingScope.onlyOne(node, "column", "constant", "template", "cel")) {
            case "column" -> columnForm(node, field, check);
            case "constant" -> {
                node.rejectOtherKeys("constant");
                String constant = presentOrNull(checked(node.get("constant"), check));
                yield row -> constant;
            }
            case "template" -> {
                node.rejectOtherKeys("template");
                yield template(node.get("template"));
            }
            default -> {
                node.rejectOtherKeys("cel");
                yield scope.expressions().text(node.get("cel"), field);
            }
        };
    }

    private MappingText columnForm(ConfigNode node, String field, UnaryOperator<String> check) {
        node.rejectOtherKeys("column", "as", "map", "otherwise");
        int column = scope.columns().index(node.get("column"));
        String what = field + " (column " + scope.columns().name(column) + ")";
        MappingText text = column(column);
        if (node.has("as")) {
            MappingTextForm form = node.get("as").oneOf(MappingTextForm.class);
            MappingText plain = text;
            text = row -> {
                String value = plain.read(row);
                return value == null ? null : form.apply(value, what);
            };
        }
        boolean hasOtherwise = node.has("otherwise");
        String otherwise = node.find("otherwise").map(n -> presentOrNull(checked(n, check))).orElse(null);
        if (node.has("map")) {
            Map<String, String> map = new HashMap<>();
            node.get("map").entries().forEach((value, target) -> map.put(value, checked(target, check)));
            return lookup(text, map, hasOtherwise, otherwise, what);
        }
        if (otherwise == null) {
            return text;
        }
        MappingText found = text;
        return row -> {
            String value = found.read(row);
            return value == null ? otherwise : value;
        };
    }

    private static MappingText lookup(
            MappingText text, Map<String, String> map, boolean hasOtherwise, String otherwise, String what) {
        return row -> {
            String value = text.read(row);
            String target = map.get(value == null ? "" : value);
            if (target != null) {
                return presentOrNull(target);
            }
            if (!hasOtherwise && value != null) {
                throw new RejectedRecordException("unknown-value", what + " has a value that the map does not name");
            }
            return otherwise;
        };
    }

    /** Text with columns in braces. Absent when every column in it is empty. */
    MappingText template(ConfigNode node) {
        String template = node.text();
        List<String> literals = new ArrayList<>();
        List<Integer> columns = new ArrayList<>();
        int at = 0;
        for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', at)) {
            int close = template.indexOf('}', open);
            if (close < 0) {
                throw node.error("'{' without '}'; a column stands in braces: {COLUMN}");
            }
            String name = template.substring(open + 1, close);
            int column = scope.columns().indexOf(name);
            if (column < 0) {
                throw node.error("unknown column '" + name + "'; columns: " + scope.columns().listed());
            }
            literals.add(template.substring(at, open));
            columns.add(column);
            at = close + 1;
        }
        if (columns.isEmpty()) {
            throw node.error("names no column; a column stands in braces: {COLUMN}");
        }
        return template(literals, columns, template.substring(at));
    }

    private static MappingText template(List<String> literals, List<Integer> columns, String tail) {
        return row -> {
            StringBuilder text = new StringBuilder();
            boolean isEmpty = true;
            for (int i = 0; i < columns.size(); i++) {
                String value = row.value(columns.get(i));
                isEmpty &= value.isEmpty();
                text.append(literals.get(i)).append(value);
            }
            return isEmpty ? null : text.append(tail).toString();
        };
    }

    private static MappingText column(int column) {
        return row -> {
            String value = row.value(column);
            return value.isEmpty() ? null : value;
        };
    }

    /** An empty text in the file means that the field stays empty. */
    private static String presentOrNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private static String checked(ConfigNode node, UnaryOperator<String> check) {
        try {
            return check.apply(node.text());
        } catch (ConfigException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw node.error(e.getMessage());
        }
    }
}
