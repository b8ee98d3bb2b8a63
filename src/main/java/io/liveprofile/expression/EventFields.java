package io.liveprofile.expression;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import io.liveprofile.event.BehaviorEvent;
import java.time.Instant;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What an expression sees of an event: the fields of {@code event} with their CEL types. */
final class EventFields {
    /** Name of the event in expressions. */
    static final String EVENT = "event";

    static final StructType TYPE;

    /** Knows the type of {@code event} to the compiler. */
    static final CelTypeProvider PROVIDER;

    private record Field(CelType type, Function<BehaviorEvent, Object> value) {}

    private static final Map<String, Field> FIELDS = new LinkedHashMap<>();

    static {
        put("type", SimpleType.STRING, event -> event.getType().name());
        put("eventTime", SimpleType.TIMESTAMP, event -> Instant.ofEpochMilli(event.getEventTime()));
        put("itemId", SimpleType.STRING, BehaviorEvent::getItemId);
        put("categoryId", SimpleType.STRING, BehaviorEvent::getCategoryId);
        put("brand", SimpleType.STRING, BehaviorEvent::getBrand);
        put("amountMinor", SimpleType.INT, BehaviorEvent::getAmountMinor);
        put("currency", SimpleType.STRING, BehaviorEvent::getCurrency);
        put("quantity", SimpleType.INT, event -> event.getQuantity() == null ? null : event.getQuantity().longValue());
        put("sessionId", SimpleType.STRING, BehaviorEvent::getSessionId);
        put("deviceId", SimpleType.STRING, BehaviorEvent::getDeviceId);
        put("ip", SimpleType.STRING, BehaviorEvent::getIp);
        put("latitude", SimpleType.DOUBLE, BehaviorEvent::getLatitude);
        put("longitude", SimpleType.DOUBLE, BehaviorEvent::getLongitude);
        put("channel", SimpleType.STRING, BehaviorEvent::getChannel);
        put("rating", SimpleType.DOUBLE, BehaviorEvent::getRating);
        put("text", SimpleType.STRING, BehaviorEvent::getText);
        put("attributes", MapType.create(SimpleType.STRING, SimpleType.STRING), BehaviorEvent::getAttributes);
        TYPE = StructType.create("liveprofile.Event", ImmutableSet.copyOf(FIELDS.keySet()),
                name -> Optional.ofNullable(FIELDS.get(name)).map(Field::type));
        PROVIDER = new CelTypeProvider() {
            @Override
            public ImmutableCollection<CelType> types() {
                return ImmutableSet.of(TYPE);
            }

            @Override
            public Optional<CelType> findType(String name) {
                return name.equals(TYPE.name()) ? Optional.of(TYPE) : Optional.empty();
            }
        };
    }

    private EventFields() {}

    /** What a field holds; null = the event lacks it. */
    static Function<BehaviorEvent, Object> field(String name) {
        return FIELDS.get(name).value();
    }

    static String listed() {
        return String.join(", ", FIELDS.keySet());
    }

    /** The event as the interpreter reads it; a field that the event lacks is no key of it. */
    static Map<String, Object> view(BehaviorEvent event) {
        return new View(event);
    }

    private static void put(String name, CelType type, Function<BehaviorEvent, Object> value) {
        FIELDS.put(name, new Field(type, value));
    }

    private static final class View extends AbstractMap<String, Object> {
        private final BehaviorEvent event;

        private View(BehaviorEvent event) {
            this.event = event;
        }

        @Override
        public Object get(Object name) {
            Field field = FIELDS.get(name);
            return field == null ? null : field.value().apply(event);
        }

        @Override
        public boolean containsKey(Object name) {
            return get(name) != null;
        }

        @Override
        public Set<Entry<String, Object>> entrySet() {
            Map<String, Object> all = new LinkedHashMap<>();
            FIELDS.forEach((name, field) -> {
                if (field.value().apply(event) != null) {
                    all.put(name, field.value().apply(event));
                }
            });
            return all.entrySet();
        }
    }
}
