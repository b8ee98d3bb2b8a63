package io.liveprofile.replay;

import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.expression.EventCondition;
import io.liveprofile.expression.ExpressionFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Part of the judged vectors by which models are compared apart: {@code slices} of labels.yaml.
 *
 * @param where condition on the judged event; null = none
 * @param isSessionStart only the first judged event of each session
 * @param notBeforePositive vectors whose positive comes sooner than this are left out; zero = none
 */
public record Slice(String name, EventCondition where, boolean isSessionStart, Duration notBeforePositive) {
    public static final Slice ALL = new Slice("all", null, false, Duration.ZERO);
    private static final int MOST = 31;

    /** All vectors, and the slices of a labels.yaml. */
    public static List<Slice> read(ConfigNode labels) {
        List<Slice> slices = new ArrayList<>(List.of(ALL));
        labels.find("slices").ifPresent(declared -> declared.entries().forEach((name, node) -> {
            node.rejectOtherKeys("where", "session_start", "not_before_positive");
            slices.add(new Slice(
                    name,
                    node.find("where").map(EventCondition::read).orElse(null),
                    node.find("session_start").map(ConfigNode::bool).orElse(false),
                    node.find("not_before_positive").map(ConfigNode::duration).orElse(Duration.ZERO)));
            if (slices.size() > MOST) {
                throw declared.error("must declare at most " + (MOST - 1) + " slices");
            }
        }));
        return slices;
    }

    /** Whether the event is in it, as far as it is known when it happens. */
    boolean holds(BehaviorEvent event, boolean isFirstOfSession) {
        if (isSessionStart && !isFirstOfSession) {
            return false;
        }
        try {
            return where == null || where.holds(event);
        } catch (ExpressionFailedException e) {
            return false;
        }
    }
}
