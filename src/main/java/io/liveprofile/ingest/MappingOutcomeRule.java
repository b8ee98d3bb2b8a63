package io.liveprofile.ingest;

import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.LabeledOutcome;
import java.time.Duration;
import java.util.List;

/** One rule that turns a row into an outcome, when its condition holds and the event it is about was made. */
final class MappingOutcomeRule {
    private static final int NO_EVENT = -1;

    private final String mapping;
    private final String name;
    private final MappingCondition when;
    private final String label;
    private final MappingText value;
    private final long delayMillis;
    /** Index of the event rule that this is about, or {@link #NO_EVENT}. */
    private final int about;
    private final MappingText userId;
    private final MappingTime time;
    private final MappingText eventId;
    private final MappingText outcomeId;

    private MappingOutcomeRule(String mapping, int index, ConfigNode node, List<String> eventRules, MappingScope scope) {
        node.rejectOtherKeys(
                "when", "label", "value", "delay", "about", "userId", "time", "eventId", "outcomeId");
        MappingTextReader texts = new MappingTextReader(scope);
        this.mapping = mapping;
        this.label = node.get("label").text();
        this.name = "outcome " + index + " " + label;
        this.when = node.find("when").map(n -> scope.expressions().condition(n, "outcome rule " + label))
                .orElse(MappingCondition.ALWAYS);
        this.value = node.find("value").map(n -> value(n, texts)).orElse(row -> "1");
        this.delayMillis = node.find("delay").map(ConfigNode::duration).orElse(Duration.ZERO).toMillis();
        this.outcomeId = node.find("outcomeId").map(n -> texts.read(n, "outcomeId")).orElse(null);
        if (node.has("about")) {
            about = eventRules.indexOf(node.get("about").text());
            if (about < 0) {
                throw node.get("about").error("no such event rule; names: " + String.join(", ", eventRules));
            }
            for (String key : List.of("userId", "eventId")) {
                if (node.has(key)) {
                    throw node.get(key).error("not allowed beside about, which gives it");
                }
            }
        } else {
            about = NO_EVENT;
            if (!node.has("userId") || !node.has("time")) {
                throw node.error("must have about (name of an event rule), or userId and time");
            }
        }
        this.userId = node.find("userId").map(n -> texts.read(n, "userId")).orElse(null);
        this.time = node.find("time").map(n -> MappingTime.read(n, "time", scope.columns())).orElse(null);
        this.eventId = node.find("eventId").map(n -> texts.read(n, "eventId")).orElse(null);
    }

    /** {@code eventRules} are the names of the event rules in order. */
    static MappingOutcomeRule read(
            String mapping, int index, ConfigNode node, List<String> eventRules, MappingScope scope) {
        return new MappingOutcomeRule(mapping, index, node, eventRules, scope);
    }

    /**
     * The outcome, or null when it does not apply.
     *
     * @param made what each event rule made of this row, null where it made none
     */
    LabeledOutcome apply(MappingRow row, BehaviorEvent[] made) throws RejectedRecordException {
        BehaviorEvent event = about == NO_EVENT ? null : made[about];
        if (about != NO_EVENT && event == null || !when.holds(row)) {
            return null;
        }
        LabeledOutcome outcome = new LabeledOutcome();
        outcome.setLabel(label);
        outcome.setUserId(event == null ? required(userId, row, "userId") : event.getUserId());
        outcome.setValue(MappingNumbers.real(required(value, row, "value"), -Double.MAX_VALUE, Double.MAX_VALUE, "value"));
        long known = time == null ? event.getEventTime() : time.millis(row);
        outcome.setOutcomeTime(known + delayMillis);
        outcome.setEventId(event == null ? eventId == null ? null : eventId.read(row) : event.getEventId());
        outcome.setOutcomeId(outcomeId == null ? MappingIds.of(mapping, name, row) : required(outcomeId, row, "outcomeId"));
        return outcome;
    }

    /** Time of the event that an outcome of {@link #apply} is about, or else of the outcome itself before its delay. */
    long origin(LabeledOutcome outcome, BehaviorEvent[] made) {
        return about == NO_EVENT ? outcome.getOutcomeTime() - delayMillis : made[about].getEventTime();
    }

    /** A plain value is the number itself, unlike the fields of an event. */
    private static MappingText value(ConfigNode node, MappingTextReader texts) {
        if (!node.isScalar()) {
            return texts.read(node, "value");
        }
        String number = Double.toString(node.number(-Double.MAX_VALUE, Double.MAX_VALUE));
        return row -> number;
    }

    private static String required(MappingText text, MappingRow row, String field) throws RejectedRecordException {
        String value = text.read(row);
        if (value == null) {
            throw new RejectedRecordException("missing-field", field + " is empty");
        }
        return value;
    }
}
