package io.liveprofile.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.util.List;

/**
 * JSON rows, one object a line. A column is the text at its path: numbers exactly as written save for their exponent,
 * lists and objects as JSON, null and absent as empty.
 */
final class JsonMappingLines implements MappingLines {
    private static final ObjectReader READER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build()
            .readerFor(JsonNode.class);

    private final List<String[]> paths;

    JsonMappingLines(List<String> paths) {
        this.paths = paths.stream().map(path -> path.split("\\.")).toList();
    }

    @Override
    public String[] values(String line) throws RejectedRecordException {
        if (line.isBlank()) {
            return null;
        }
        JsonNode object;
        try {
            object = READER.readTree(line);
        } catch (JsonProcessingException | ArithmeticException | NumberFormatException e) { // its message may quote the row
            throw new RejectedRecordException("bad-json", "the row is not one JSON object");
        }
        if (!object.isObject()) {
            throw new RejectedRecordException("bad-json", "the row is not one JSON object");
        }
        String[] values = new String[paths.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = text(at(object, paths.get(i)));
        }
        return values;
    }

    private static JsonNode at(JsonNode object, String[] path) {
        JsonNode node = object;
        for (String step : path) {
            JsonNode next = node.get(step);
            if (next == null && node.isArray() && step.length() < 6 && step.chars().allMatch(Character::isDigit)) {
                next = node.get(Integer.parseInt(step));
            }
            if (next == null) {
                return null;
            }
            node = next;
        }
        return node;
    }

    private static String text(JsonNode node) {
        if (node == null || node.isNull()) {
            return "";
        }
        if (node.isBigDecimal()) {
            BigDecimal number = node.decimalValue();
            return Math.abs((long) number.scale()) < 60 ? number.toPlainString() : number.toString();
        }
        return node.isValueNode() ? node.asText() : node.toString();
    }
}
