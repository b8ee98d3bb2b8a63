package io.liveprofile.ingest;

import io.liveprofile.config.ConfigNode;
import java.util.ArrayList;
import java.util.List;

/** Takes an embedding out of a row: floats between separators, with or without brackets around them. */
final class MappingEmbedding {
    /** Longer lists are refused: they would dominate every message of the user. */
    private static final int MOST_FLOATS = 4096;

    private final int column;
    private final char separator;
    private final String what;

    private MappingEmbedding(int column, char separator, String what) {
        this.column = column;
        this.separator = separator;
        this.what = what;
    }

    static MappingEmbedding read(ConfigNode node, MappingColumns columns) {
        ConfigNode columnNode = node.isScalar() ? node : node.get("column");
        char separator = ',';
        if (!node.isScalar()) {
            node.rejectOtherKeys("column", "separator");
            separator = node.find("separator").map(MappingFormat::character).orElse(',');
        }
        int column = columns.index(columnNode);
        return new MappingEmbedding(column, separator, "embedding (column " + columns.name(column) + ")");
    }

    /** The floats, empty when the column is. */
    List<Float> floats(MappingRow row) throws RejectedRecordException {
        String text = row.value(column).strip();
        if (text.startsWith("[") && text.endsWith("]")) {
            text = text.substring(1, text.length() - 1);
        }
        if (text.isBlank()) {
            return List.of();
        }
        List<Float> floats = new ArrayList<>();
        for (int at = 0; at <= text.length(); ) {
            int end = text.indexOf(separator, at);
            end = end < 0 ? text.length() : end;
            String part = text.substring(at, end).strip();
            floats.add((float) MappingNumbers.real(part, -Float.MAX_VALUE, Float.MAX_VALUE, what));
            if (floats.size() > MOST_FLOATS) {
                throw new RejectedRecordException("out-of-range", what + " has more than " + MOST_FLOATS + " numbers");
            }
            at = end + 1;
        }
        return floats;
    }
}
