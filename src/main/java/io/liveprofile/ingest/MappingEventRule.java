package io.liveprofile.ingest;

import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.BehaviorEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One rule that turns a row into an event, when its condition holds. */
final class MappingEventRule {
    private final String mapping;
    private final String name;
    private final MappingCondition when;
    private final MappingFields fields;
    private final MappingText eventId;

    private MappingEventRule(
            String mapping, String name, MappingCondition when, MappingFields fields, MappingText eventId) {
        this.mapping = mapping;
        this.name = name;
        this.when = when;
        this.fields = fields;
        this.eventId = eventId;
    }

    static MappingEventRule read(
            String mapping, String defaultName, ConfigNode node, Optional<ConfigNode> shared, MappingScope scope) {
        List<String> keys = new ArrayList<>(List.of("name", "when"));
        keys.addAll(MappingFields.KEYS);
        node.rejectOtherKeys(keys.toArray(String[]::new));
        String name = node.find("name").map(ConfigNode::text).orElse(defaultName);
        MappingCondition when = node.find("when")
                .map(n -> scope.expressions().condition(n, "event rule " + name))
                .orElse(MappingCondition.ALWAYS);
        MappingText eventId = node.find("eventId").or(() -> shared.flatMap(s -> s.find("eventId")))
                .map(n -> new MappingTextReader(scope).read(n, "eventId"))
                .orElse(null);
        return new MappingEventRule(mapping, name, when, MappingFields.read(node, shared, scope), eventId);
    }

    String name() {
        return name;
    }

    /** The event, or null when the condition does not hold. */
    BehaviorEvent apply(MappingRow row) throws RejectedRecordException {
        if (!when.holds(row)) {
            return null;
        }
        BehaviorEvent event = fields.event(row);
        String id = eventId == null ? MappingIds.of(mapping, name, row) : eventId.read(row);
        if (id == null) {
            throw new RejectedRecordException("missing-field", "eventId is empty");
        }
        event.setEventId(id);
        return event;
    }
}
