package io.liveprofile.ingest;

import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import java.util.ArrayList;
import java.util.Currency;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * The fields of one event rule: what stands in the rule, and below it what the mapping's {@code fields} give to every
 * rule. Attributes of both are joined, those of the rule first.
 */
final class MappingFields {
    /** What a shopper can do; outcomes have rules of their own. */
    private static final Set<EventType> EVENT_TYPES = EnumSet.complementOf(EnumSet.of(EventType.OUTCOME));

    private static final Map<String, BiConsumer<BehaviorEvent, String>> TEXTS = new LinkedHashMap<>();

    static {
        TEXTS.put("itemId", BehaviorEvent::setItemId);
        TEXTS.put("categoryId", BehaviorEvent::setCategoryId);
        TEXTS.put("brand", BehaviorEvent::setBrand);
        TEXTS.put("currency", BehaviorEvent::setCurrency);
        TEXTS.put("sessionId", BehaviorEvent::setSessionId);
        TEXTS.put("deviceId", BehaviorEvent::setDeviceId);
        TEXTS.put("ip", BehaviorEvent::setIp);
        TEXTS.put("channel", BehaviorEvent::setChannel);
        TEXTS.put("text", BehaviorEvent::setText);
    }

    /** Keys of a field, in the order of the event's schema. */
    static final List<String> KEYS = List.of("eventId", "userId", "eventTime", "type", "itemId", "categoryId", "brand",
            "amountMinor", "currency", "quantity", "sessionId", "deviceId", "ip", "latitude", "longitude", "channel",
            "rating", "text", "embedding", "attributes");

    private final MappingText userId;
    private final MappingTime eventTime;
    private final MappingText type;
    private final List<Filler> fillers = new ArrayList<>();

    /** Puts one field of the event, or leaves it when the row has none. */
    private interface Filler {
        void fill(MappingRow row, BehaviorEvent event) throws RejectedRecordException;
    }

    private MappingFields(ConfigNode rule, Optional<ConfigNode> shared, MappingScope scope) {
        Map<String, ConfigNode> nodes = new LinkedHashMap<>();
        for (String key : KEYS) {
            rule.find(key).or(() -> shared.flatMap(s -> s.find(key))).ifPresent(node -> nodes.put(key, node));
        }
        for (String key : List.of("userId", "eventTime", "type")) {
            if (!nodes.containsKey(key)) {
                throw rule.error("'" + key + "' is missing; give it here or under fields");
            }
        }
        if (nodes.containsKey("amountMinor") && !nodes.containsKey("currency")) {
            throw nodes.get("amountMinor").error("needs a currency beside it, such as currency: {constant: EUR}");
        }
        MappingTextReader texts = new MappingTextReader(scope);
        userId = texts.read(nodes.get("userId"), "userId");
        eventTime = MappingTime.read(nodes.get("eventTime"), "eventTime", scope.columns());
        type = type(nodes.get("type"), texts);
        TEXTS.forEach((key, setter) -> {
            if (nodes.containsKey(key)) {
                UnaryOperator<String> check =
                        key.equals("currency") ? MappingFields::checkedCurrency : UnaryOperator.identity();
                MappingText text = texts.read(nodes.get(key), key, check);
                fillers.add((row, event) -> setter.accept(event, text.read(row)));
            }
        });
        if (nodes.containsKey("amountMinor")) {
            MappingAmount amount = MappingAmount.read(nodes.get("amountMinor"), scope.columns());
            fillers.add((row, event) -> event.setAmountMinor(amount.minorUnits(row)));
        }
        addNumbers(nodes, texts);
        if (nodes.containsKey("embedding")) {
            MappingEmbedding embedding = MappingEmbedding.read(nodes.get("embedding"), scope.columns());
            fillers.add((row, event) -> event.setEmbedding(embedding.floats(row)));
        }
        addAttributes(rule, shared, texts);
    }

    /** {@code shared} is the mapping's {@code fields}, whose keys the caller has checked, as it has the rule's. */
    static MappingFields read(ConfigNode rule, Optional<ConfigNode> shared, MappingScope scope) {
        return new MappingFields(rule, shared, scope);
    }

    /** The event of a row, with every field but its id. */
    BehaviorEvent event(MappingRow row) throws RejectedRecordException {
        BehaviorEvent event = new BehaviorEvent();
        String user = userId.read(row);
        if (user == null) {
            throw new RejectedRecordException("missing-field", "userId is empty");
        }
        event.setUserId(user);
        event.setEventTime(eventTime.millis(row));
        event.setType(typeOf(row));
        event.setEmbedding(List.of());
        event.setAttributes(Map.of());
        for (Filler filler : fillers) {
            filler.fill(row, event);
        }
        return event;
    }

    private EventType typeOf(MappingRow row) throws RejectedRecordException {
        String name = type.read(row);
        if (name == null) {
            throw new RejectedRecordException("missing-field", "type is empty");
        }
        try {
            return EventType.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new RejectedRecordException("unknown-type", "type has a value that is no event type");
        }
    }

    private static MappingText type(ConfigNode node, MappingTextReader texts) {
        if (node.isScalar()) {
            EventType constant = node.oneOf(EVENT_TYPES);
            return row -> constant.name();
        }
        return texts.read(node, "type", MappingFields::checkedType);
    }

    private void addNumbers(Map<String, ConfigNode> nodes, MappingTextReader texts) {
        if (nodes.containsKey("quantity")) {
            MappingText text = texts.read(nodes.get("quantity"), "quantity");
            fillers.add((row, event) -> {
                String value = text.read(row);
                event.setQuantity(value == null ? null : (Integer) MappingNumbers.wholeInt(value, "quantity"));
            });
        }
        addReal(nodes, texts, "latitude", -90, 90, BehaviorEvent::setLatitude);
        addReal(nodes, texts, "longitude", -180, 180, BehaviorEvent::setLongitude);
        addReal(nodes, texts, "rating", -1e9, 1e9, BehaviorEvent::setRating);
    }

    private void addReal(Map<String, ConfigNode> nodes, MappingTextReader texts, String key, double min, double max,
            BiConsumer<BehaviorEvent, Double> setter) {
        if (nodes.containsKey(key)) {
            MappingText text = texts.read(nodes.get(key), key);
            fillers.add((row, event) -> {
                String value = text.read(row);
                setter.accept(event, value == null ? null : (Double) MappingNumbers.real(value, min, max, key));
            });
        }
    }

    private void addAttributes(ConfigNode rule, Optional<ConfigNode> shared, MappingTextReader texts) {
        Map<String, ConfigNode> nodes = new LinkedHashMap<>();
        shared.flatMap(s -> s.find("attributes")).ifPresent(a -> nodes.putAll(a.entries()));
        rule.find("attributes").ifPresent(a -> nodes.putAll(a.entries()));
        Map<String, MappingText> attributes = new LinkedHashMap<>();
        nodes.forEach((name, node) -> attributes.put(name, texts.read(node, "attributes." + name)));
        if (attributes.isEmpty()) {
            return;
        }
        fillers.add((row, event) -> {
            Map<String, String> values = new LinkedHashMap<>();
            for (Map.Entry<String, MappingText> attribute : attributes.entrySet()) {
                String value = attribute.getValue().read(row);
                if (value != null) {
                    values.put(attribute.getKey(), value);
                }
            }
            event.setAttributes(values);
        });
    }

    private static String checkedType(String name) {
        String type = name.toUpperCase(Locale.ROOT);
        if (EVENT_TYPES.stream().noneMatch(each -> each.name().equals(type))) {
            throw new IllegalArgumentException("must be one of " + EVENT_TYPES);
        }
        return type;
    }

    private static String checkedCurrency(String code) {
        try {
            return Currency.getInstance(code).getCurrencyCode();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("must be an ISO 4217 code such as EUR", e);
        }
    }
}
