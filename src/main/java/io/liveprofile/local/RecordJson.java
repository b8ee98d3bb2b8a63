package io.liveprofile.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/**
 * An Avro record as JSON for a person: keys sorted, numbers with at most 9 significant digits and no exponent, bytes in Base64, beside
 * each time in milliseconds the same in ISO 8601. Not a wire format.
 */
final class RecordJson {
    private static final MathContext DIGITS = new MathContext(9);
    private static final ObjectMapper JSON =
            new ObjectMapper().configure(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN, true);

    private RecordJson() {}

    static String text(IndexedRecord record) {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(
                        Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER))
                .withObjectIndenter(new DefaultIndenter("  ", "\n"));
        try {
            return JSON.writer(printer).writeValueAsString(node(record));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of plain nodes is always JSON", e);
        }
    }

    private static JsonNode node(Object value) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (value == null) {
            return nodes.nullNode();
        }
        if (value instanceof IndexedRecord record) {
            Map<String, Object> fields = new TreeMap<>();
            for (Schema.Field field : record.getSchema().getFields()) {
                fields.put(field.name(), record.get(field.pos()));
            }
            return object(fields, true);
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> entries = new TreeMap<>();
            map.forEach((key, each) -> entries.put(key.toString(), each));
            return object(entries, false);
        }
        if (value instanceof Iterable<?> list) {
            ArrayNode array = nodes.arrayNode();
            list.forEach(each -> array.add(node(each)));
            return array;
        }
        if (value instanceof ByteBuffer bytes) {
            return nodes.textNode(ISO_8859_1.decode(Base64.getEncoder().encode(bytes.duplicate())).toString());
        }
        if (value instanceof Float || value instanceof Double) {
            return number(value);
        }
        if (value instanceof Long || value instanceof Integer) {
            return nodes.numberNode(((Number) value).longValue());
        }
        if (value instanceof Boolean truth) {
            return nodes.booleanNode(truth);
        }
        return nodes.textNode(value.toString());
    }

    private static ObjectNode object(Map<String, Object> sorted, boolean isRecord) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        sorted.forEach((name, value) -> {
            object.set(name, node(value));
            if (isRecord && value instanceof Long millis && (name.endsWith("At") || name.endsWith("Time"))) {
                object.put(name + "Iso", Instant.ofEpochMilli(millis).toString());
            }
        });
        return object;
    }

    /** Not-a-number and the infinities have no JSON number: they are text. */
    private static JsonNode number(Object value) {
        double number = ((Number) value).doubleValue();
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return JsonNodeFactory.instance.textNode(value.toString());
        }
        BigDecimal decimal = new BigDecimal(value.toString()).round(DIGITS);
        return DecimalNode.valueOf(decimal.signum() == 0 ? BigDecimal.ZERO : decimal.stripTrailingZeros());
    }
}
