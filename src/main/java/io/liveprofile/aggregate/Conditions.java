package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.expression.EventCondition;
import io.liveprofile.expression.ExpressionFailedException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The distinct {@code where} conditions of a plan, each looked at once an event however many aggregates share it. */
final class Conditions {
    static final int NONE = -1;
    static final int MAX = Long.SIZE;

    private static final Passed NOTHING_ASKED = new Passed(0, 0);

    /**
     * Which conditions an event meets.
     *
     * @param bits one a condition
     * @param failed how many had no value for the event, which therefore does not meet them
     */
    record Passed(long bits, int failed) {
        boolean by(int condition) {
            return condition == NONE || (bits >>> condition & 1) != 0;
        }

        boolean by(AggregateDefinition definition) {
            return by(definition.condition());
        }
    }

    private final List<EventCondition> conditions;
    private final Map<EventType, int[]> askedOf = new EnumMap<>(EventType.class);

    Conditions(List<EventCondition> conditions, List<AggregateDefinition> definitions) {
        this.conditions = List.copyOf(conditions);
        for (EventType type : EventType.values()) {
            askedOf.put(type, IntStream.range(0, conditions.size())
                    .filter(number -> definitions.stream().anyMatch(definition ->
                            definition.condition() == number && definition.types().contains(type)))
                    .toArray());
        }
    }

    Passed passed(BehaviorEvent event) {
        int[] asked = askedOf.get(event.getType());
        if (asked.length == 0) {
            return NOTHING_ASKED;
        }
        long bits = 0;
        int failed = 0;
        for (int number : asked) {
            try {
                bits |= conditions.get(number).holds(event) ? 1L << number : 0;
            } catch (ExpressionFailedException e) {
                failed++;
            }
        }
        return new Passed(bits, failed);
    }
}
