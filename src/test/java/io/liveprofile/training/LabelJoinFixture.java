package io.liveprofile.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.aggregate.TestingEvents;
import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.training.LabeledExample.Certainty;
import java.util.List;
import java.util.Map;

/** Three heads, a user, and words to tell what happens to him. */
abstract class LabelJoinFixture {
    static final int BOUGHT = 0;
    static final int FRAUD = 1;
    static final int SILENT = 2;
    static final long BEGINNING = Long.MIN_VALUE;
    static final long SECOND = 1_000;

    static final LabelPlan PLAN = plan("""
            labels:
              bought: { positive: { events: [ORDER], where: "event.amountMinor > 0" }, horizon: 100 s }
              fraud:
                positive: { outcomes: [fraud, chargeback] }
                judged: [ORDER, REFUND]
                horizon: 300 s
                negative_after: 50 s
              silent: { positive: { silence: all }, horizon: 40 s, every: 20 s }
            """);

    final LabelJoin join = new LabelJoin(PLAN, 1_000);
    UserLabels user = new UserLabels(PLAN);

    /** One head's label of one vector. */
    record Told(String prediction, int head, boolean isPositive, Certainty certainty, long knownAt) {}

    static LabelPlan plan(String yaml) {
        ConfigNode root = ConfigNode.parse("labels.yaml", yaml);
        return LabelPlan.parse(root, List.copyOf(root.get("labels").keys()));
    }

    void view(String id, long asOf) {
        predict(id, EventType.VIEW, asOf);
    }

    void predict(String id, EventType type, long asOf) {
        assertThat(join.add(user, prediction(id, type, asOf), BEGINNING)).isEqualTo(LabelJoin.Taken.YES);
    }

    void order(String id, long time) {
        join.add(user, bought(id, time));
    }

    void outcome(String eventId, double value, long time) {
        join.add(user, new LabeledOutcome("o" + time, "user", "fraud", value, time, eventId));
    }

    List<Told> advance(long watermark) {
        return tell(join.advance(user, watermark));
    }

    static List<Told> tell(List<LabeledExample> examples) {
        return examples.stream()
                .flatMap(example -> example.labels().stream().map(label -> new Told(
                        example.prediction().id(), label.head(), label.isPositive(), label.certainty(), label.knownAt())))
                .toList();
    }

    static BehaviorEvent order(String id, String order, long time) {
        BehaviorEvent event = bought(id, time);
        event.setAttributes(Map.of("order", order));
        return event;
    }

    static BehaviorEvent bought(String id, long time) {
        BehaviorEvent event = TestingEvents.event(id, EventType.ORDER, time);
        event.setAmountMinor(100L);
        return event;
    }

    static Prediction prediction(String id, EventType type, long asOf) {
        return new Prediction(id, id, type, asOf, "schema", new float[] {1, Float.NaN}, scores(), "r000001");
    }

    static float[] scores() {
        return new float[] {0.5f, 0.25f, Float.NaN};
    }
}
