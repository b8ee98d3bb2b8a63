package io.liveprofile.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.aggregate.AggregateValues;
import io.liveprofile.aggregate.NumbersByKey;
import io.liveprofile.aggregate.TextList;
import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.EncodedRecord;
import io.liveprofile.event.EventType;
import io.liveprofile.event.PredictionStatus;
import io.liveprofile.event.Progress;
import io.liveprofile.event.Reason;
import io.liveprofile.event.ScoredFeatures;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.UserProfile;
import io.liveprofile.feature.FeaturePlan;
import io.liveprofile.feature.UserUpdate;
import io.liveprofile.inference.ScoredUpdate;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ProfileEncoderTest {
    private static final FeaturePlan PLAN = FeaturePlan.read(ConfigNode.parse("features.yaml", """
            windows: { 1h: { length: 1 h, hop: 1 min }, 1d: { length: 1 d, hop: 1 h } }
            aggregates:
              views:   { op: count, events: [VIEW], windows: all }
              average: { op: average, field: amountMinor, windows: [1d] }
              last:    { op: last_k, field: itemId, k: 3, windows: [1d] }
              sought:  { op: last_k, field: text, k: 3, windows: [1d] }
              brands:  { op: affinity, field: brand, half_life: 1 d, size: 4, weights: { VIEW: 1 } }
            features: [ { statistics: [views] } ]
            """));

    private final ProfileEncoder encoder = new ProfileEncoder(PLAN.aggregates(), PLAN.schema());

    @Test
    void aScoredProfileIsReadAsItWasWritten() throws IOException {
        Map<String, Double> shares = new TreeMap<>(Map.of("Äpfel", 0.25, "shoes", 0.5));
        AggregateValues values = new AggregateValues(
                new double[] {3, Double.NaN, -1.5},
                new TextList[] {TextList.of(List.of("i2", "", "ünïcode")), TextList.EMPTY},
                new NumbersByKey[] {NumbersByKey.of(shares)});
        ScoredUpdate scored = new ScoredUpdate(
                update(values), "r000007", List.of("buys", "fraud"), new float[] {0.25f, 0.5f}, new float[] {1, -2});
        UserProfile profile = profile(scored);

        assertThat(profile.getUserId()).isEqualTo("üser");
        assertThat(profile.getVersion()).isEqualTo(11);
        assertThat(profile.getFirstSeenAt()).isEqualTo(-14);
        assertThat(profile.getUpdatedAt()).isEqualTo(15);
        assertThat(profile.getIngestedAt()).isEqualTo(13);
        assertThat(profile.getLastEventId()).isEqualTo("e1");
        assertThat(profile.getEvents()).isEqualTo(16);
        assertThat(profile.getQuarantined()).isEqualTo(17);
        assertThat(profile.getStatistics()).isEqualTo(Map.of("views_1h", 3.0, "average_1d", -1.5));
        assertThat(profile.getLists()).isEqualTo(Map.of("last", List.of("i2", "", "ünïcode")));
        assertThat(profile.getAffinities()).isEqualTo(Map.of("brands", shares));
        assertThat(profile.getPredictionStatus()).isEqualTo(PredictionStatus.SCORED);
        assertThat(profile.getReleaseId()).isEqualTo("r000007");
        assertThat(profile.getPredictions()).isEqualTo(Map.of("buys", 0.25, "fraud", 0.5));
        assertThat(profile.getEmbedding()).containsExactly(1f, -2f);
        assertThat(profile.getExplanations()).isEmpty();
    }

    @Test
    void aProfileWithoutModelOrValuesSaysSo() throws IOException {
        UserProfile profile = profile(ScoredUpdate.unscored(update(nothing())));
        assertThat(profile.getStatistics()).isEmpty();
        assertThat(profile.getLists()).isEmpty();
        assertThat(profile.getAffinities()).isEmpty();
        assertThat(profile.getPredictionStatus()).isEqualTo(PredictionStatus.NO_MODEL);
        assertThat(profile.getReleaseId()).isNull();
        assertThat(profile.getPredictions()).isEmpty();
        assertThat(profile.getEmbedding()).isEmpty();
    }

    @Test
    void scoredFeaturesHoldTheExactVector() throws IOException {
        ScoredUpdate scored = new ScoredUpdate(
                update(nothing()), "r1", List.of("buys"), new float[] {0.125f}, new float[] {9});
        ScoredFeatures features =
                new SingleObject<>(ScoredFeatures.class).decode(encoder.scoredFeatures(scored, new Progress(-3L, 1, 4)).value());
        assertThat(features.getPredictionId()).isEqualTo("üser:11");
        assertThat(features.getUserId()).isEqualTo("üser");
        assertThat(features.getEventId()).isEqualTo("e1");
        assertThat(features.getEventTime()).isEqualTo(12);
        assertThat(features.getSchemaHash()).isEqualTo(PLAN.schema().hash());
        assertThat(features.getVector()).containsExactly(Float.NaN, 2f);
        assertThat(features.getScores()).isEqualTo(Map.of("buys", 0.125));
        assertThat(features.getReleaseId()).isEqualTo("r1");
        assertThat(features.getAsOf()).isEqualTo(15);
        assertThat(features.getEventType()).isEqualTo(EventType.ORDER);
        assertThat(features.getProgress()).isEqualTo(new Progress(-3L, 1, 4));
    }

    @Test
    void anotherReleaseMayHaveOtherHeads() throws IOException {
        profile(new ScoredUpdate(update(nothing()), "r1", List.of("buys"), new float[] {0.5f}, new float[0]));
        UserProfile next = profile(
                new ScoredUpdate(update(nothing()), "r2", List.of("leaves", "buys"), new float[] {0.25f, 1}, new float[0]));
        assertThat(next.getPredictions()).isEqualTo(Map.of("leaves", 0.25, "buys", 1.0));
    }

    @Test
    void anExplainedProfileSaysWhyHeadByHead() throws IOException {
        List<Reason> raising = List.of(
                new Reason("raises-log-odds", "views_1h", 3.0, 0.5, "views_1h 3.000, usually 0.5000, adds 0.40 to the log-odds"),
                new Reason("lowers-log-odds", "ünïcode", -0.0, 0.0, "ünïcode takes 0.20 from the log-odds"));
        List<Reason> lowering = List.of(raising.get(1));
        ScoredUpdate scored = new ScoredUpdate(update(nothing()), "r1", List.of("buys", "leaves", "fraud"),
                new float[] {0.5f, 0.25f, 0}, new float[0], List.of(raising, List.of(), lowering));
        UserProfile profile = profile(scored);
        assertThat(profile.getExplanations()).isEqualTo(Map.of("buys", raising, "fraud", lowering));
        assertThat(profile(ScoredUpdate.unscored(update(nothing()))).getExplanations()).isEmpty();
    }

    private UserProfile profile(ScoredUpdate scored) throws IOException {
        EncodedRecord record = encoder.profile(scored);
        assertThat(record.keyText()).isEqualTo("üser");
        return new SingleObject<>(UserProfile.class).decode(record.value());
    }

    private static UserUpdate update(AggregateValues values) {
        return new UserUpdate(UserUpdate.Cause.CORRECTION, "üser", 11, "e1", EventType.ORDER, 12, 13, -14, 15, 16, 17, Map.of("n_1d", 18L), 0, values, new float[] {Float.NaN, 2});
    }

    private static AggregateValues nothing() {
        return new AggregateValues(
                new double[] {Double.NaN, Double.NaN, Double.NaN},
                new TextList[] {TextList.EMPTY, TextList.EMPTY},
                new NumbersByKey[] {NumbersByKey.EMPTY});
    }
}
