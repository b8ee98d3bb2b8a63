package io.liveprofile.aggregate;

import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.BehaviorEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The fields of an event that an aggregate can take, by the name features.yaml gives them. */
public final class EventField {
    private static final double LARGEST = 1e30;
    private static final String ATTRIBUTE = "attributes.";
    private static final Map<String, ToDoubleFunction<BehaviorEvent>> NUMBERS = new LinkedHashMap<>();
    private static final Map<String, Function<BehaviorEvent, String>> TEXTS = new LinkedHashMap<>();

    static {
        NUMBERS.put("amountMinor", e -> orNaN(e.getAmountMinor()));
        NUMBERS.put("quantity", e -> orNaN(e.getQuantity()));
        NUMBERS.put("rating", e -> orNaN(e.getRating()));
        NUMBERS.put("latitude", e -> orNaN(e.getLatitude()));
        NUMBERS.put("longitude", e -> orNaN(e.getLongitude()));
        TEXTS.put("userId", BehaviorEvent::getUserId);
        TEXTS.put("itemId", BehaviorEvent::getItemId);
        TEXTS.put("categoryId", BehaviorEvent::getCategoryId);
        TEXTS.put("brand", BehaviorEvent::getBrand);
        TEXTS.put("sessionId", BehaviorEvent::getSessionId);
        TEXTS.put("deviceId", BehaviorEvent::getDeviceId);
        TEXTS.put("ip", BehaviorEvent::getIp);
        TEXTS.put("channel", BehaviorEvent::getChannel);
        TEXTS.put("currency", BehaviorEvent::getCurrency);
        TEXTS.put("text", BehaviorEvent::getText);
    }

    private EventField() {}

    /** Whether the field of that name is a number; an attribute is a text. */
    public static boolean isNumber(ConfigNode name) {
        return NUMBERS.containsKey(name.text());
    }

    /**
     * The number of that name; NaN where an event has none. Attributes are parsed; what is no number counts as none, and so
     * does one beyond ±10^30: sums of its powers would leave the range of a double, and a sum that did never comes back.
     */
    public static ToDoubleFunction<BehaviorEvent> number(ConfigNode name) {
        if (name.text().startsWith(ATTRIBUTE)) {
            String attribute = name.text().substring(ATTRIBUTE.length());
            return event -> parse(event.getAttributes().get(attribute));
        }
        ToDoubleFunction<BehaviorEvent> field = NUMBERS.get(name.text());
        if (field == null) {
            throw name.error("must be a numeric field: " + String.join(", ", NUMBERS.keySet()) + ", attributes.NAME");
        }
        return field;
    }

    /** The text of that name; null where an event has none. */
    public static Function<BehaviorEvent, String> text(ConfigNode name) {
        if (!isText(name.text())) {
            throw name.error("must be a text field: " + texts());
        }
        return text(name.text());
    }

    /** Whether there is a text of that name. */
    public static boolean isText(String name) {
        return name.startsWith(ATTRIBUTE) || TEXTS.containsKey(name);
    }

    /** Every name of a text. */
    public static String texts() {
        return String.join(", ", TEXTS.keySet()) + ", attributes.NAME";
    }

    /** The text of that name, which {@link #isText}; null where an event has none. */
    public static Function<BehaviorEvent, String> text(String name) {
        if (name.startsWith(ATTRIBUTE)) {
            String attribute = name.substring(ATTRIBUTE.length());
            return event -> event.getAttributes().get(attribute);
        }
        return TEXTS.get(name);
    }

    private static double orNaN(Number value) {
        return value == null ? Double.NaN : orNaN(value.doubleValue());
    }

    private static double orNaN(double value) {
        return Math.abs(value) <= LARGEST ? value : Double.NaN;
    }

    private static double parse(String text) {
        if (text == null) {
            return Double.NaN;
        }
        try {
            return orNaN(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
