package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.aggregate.AggregateValues;
import io.liveprofile.aggregate.TextList;
import io.liveprofile.aggregate.UserAggregates;
import io.liveprofile.event.EncodedRecord;
import io.liveprofile.event.EventType;
import io.liveprofile.event.Progress;
import io.liveprofile.event.ScoredFeatures;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.event.UserProfile;
import io.liveprofile.feature.UserUpdate;
import io.liveprofile.inference.ScoredUpdate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PublishOperatorHarnessTest {
    private final Configuration options = new Configuration();
    private OneInputStreamOperatorTestHarness<ScoredUpdate, EncodedRecord> harness;
    private final SingleObject<UserProfile> profiles = new SingleObject<>(UserProfile.class);
    private PublishOperator operator;
    private ProfileJobConfig config;

    @AfterEach
    void tearDown() throws Exception {
        harness.close();
    }

    @Test
    void withoutCoalescingEveryUpdateIsPublished() throws Exception {
        open(Duration.ZERO);
        send("ann", 1);
        send("ann", 2);
        assertThat(published()).containsExactly("ann:1", "ann:2");
        assertThat(harness.getSideOutput(PublishOperator.SCORED_FEATURES)).hasSize(2);
    }

    /** So that whoever waits for all vectors of a time need not go by those that came. */
    @Test
    void aVectorSaysHowFarItsSubtaskHasCome() throws Exception {
        open(Duration.ZERO);
        send("ann", 1);
        harness.processWatermark(7);
        send("ann", 2);
        assertThat(vectors()).extracting(ScoredFeatures::getProgress)
                .containsExactly(new Progress(Long.MIN_VALUE, 0, 1), new Progress(7L, 0, 1));
    }

    /** What decides it is of the history as well, which the training job does not read: it would be learned as negative. */
    @Test
    void aVectorOfTheHistoryIsNotLearned() throws Exception {
        openWithHistory();
        send("ann", 1, 999);
        send("ann", 2, 1_000);
        assertThat(published()).containsExactly("ann:1", "ann:2");
        assertThat(vectors()).extracting(ScoredFeatures::getPredictionId).as("of the live stream").containsExactly("ann:2");
    }

    @Test
    void coalescingSendsTheNewestOnceInAnInterval() throws Exception {
        open(Duration.ofMillis(100));
        send("ann", 1);
        send("bob", 1);
        send("ann", 2);
        assertThat(published()).isEmpty();
        assertThat(harness.getSideOutput(PublishOperator.SCORED_FEATURES)).as("never held").hasSize(3);
        harness.setProcessingTime(99);
        assertThat(published()).isEmpty();
        harness.setProcessingTime(100);
        assertThat(published()).containsExactlyInAnyOrder("ann:2", "bob:1");
        send("ann", 3);
        harness.setProcessingTime(200);
        assertThat(published()).endsWith("ann:3").hasSize(3);
        assertThat(operator.counted(Counts.PROFILES)).isEqualTo(3);
        assertThat(operator.counted(Counts.COALESCED)).isEqualTo(1);
    }

    @Test
    void nothingIsHeldAcrossABarrierOrTheEnd() throws Exception {
        open(Duration.ofHours(1));
        send("ann", 1);
        operator.prepareSnapshotPreBarrier(1);
        assertThat(published()).containsExactly("ann:1");
        send("ann", 2);
        harness.endInput();
        operator.finish();
        assertThat(published()).containsExactly("ann:1", "ann:2");
    }

    /** It could not be after a restart either, which would be one restart after the other. */
    @Test
    void whatCannotBeWrittenIsCountedAndAllElseGoesOn() throws Exception {
        open(Duration.ZERO);
        harness.processElement(new ScoredUpdate(update("ann", 1, 0), "r1", null, new float[] {0.5f}, new float[0]), 1);
        send("ann", 2);
        assertThat(published()).containsExactly("ann:2");
        assertThat(operator.counted(Counts.UNPUBLISHED)).isEqualTo(1);
        assertThat(operator.counted(Counts.PROFILES)).isEqualTo(1);
    }

    /** The broker would refuse it after each restart, and no other user's profile would be written any more. */
    @Test
    void aProfileThatTheTopicCannotHoldIsCountedAndTheNextThatFitsIsPublished() throws Exception {
        open(Duration.ZERO);
        send("ann", 1);
        int others = 2 * (harness.extractOutputValues().get(0).value().length + 100);
        harness.processElement(ScoredUpdate.unscored(large("ann", 2, Topic.MAX_MESSAGE_BYTES - others)), 2);
        harness.processElement(ScoredUpdate.unscored(large("ann", 3, Topic.MAX_RECORD_BYTES - others)), 3);
        harness.processElement(ScoredUpdate.unscored(large("ann", 4, 2 * Topic.MAX_MESSAGE_BYTES)), 4);
        send("ann", 5);
        assertThat(published()).containsExactly("ann:1", "ann:3", "ann:5");
        assertThat(operator.counted(Counts.UNPUBLISHED)).isEqualTo(2);
        assertThat(operator.counted(Counts.PROFILES)).isEqualTo(3);
        assertThat(operator.counted(Counts.SET_ASIDE)).as("of vectors").isZero();
        assertThat(harness.getSideOutput(PublishOperator.SCORED_FEATURES)).hasSize(5);
    }

    @Test
    void whatComesFromTheHistoryHasNoLatency() throws Exception {
        openWithHistory();
        send("ann", 1, 999);
        assertThat(operator.timed()).isZero();
        send("ann", 2, 1_000);
        assertThat(operator.timed()).isEqualTo(1);
        assertThat(published()).hasSize(2);
    }

    private void openWithHistory() throws Exception {
        options.set(Options.BACKFILL_PATH, "history.csv");
        options.set(Options.BACKFILL_MAPPING, "flink-conf/mappings/taobao.yaml");
        options.set(Options.BACKFILL_UNTIL, "1970-01-01T00:00:01Z");
        open(Duration.ZERO);
    }

    private void open(Duration coalesce) throws Exception {
        options.set(Options.COALESCE, coalesce);
        config = ProfileJobConfig.of(options);
        operator = new PublishOperator(config);
        harness = new OneInputStreamOperatorTestHarness<>(operator);
        harness.open();
    }

    private List<ScoredFeatures> vectors() throws Exception {
        SingleObject<ScoredFeatures> decoding = new SingleObject<>(ScoredFeatures.class);
        List<ScoredFeatures> vectors = new ArrayList<>();
        for (StreamRecord<EncodedRecord> record : harness.getSideOutput(PublishOperator.SCORED_FEATURES)) {
            vectors.add(decoding.decode(record.getValue().value()));
        }
        return vectors;
    }

    private List<String> published() throws Exception {
        List<String> published = new ArrayList<>();
        for (EncodedRecord record : harness.extractOutputValues()) {
            UserProfile profile = profiles.decode(record.value());
            assertThat(record.keyText()).isEqualTo(profile.getUserId());
            published.add(profile.getUserId() + ":" + profile.getVersion());
        }
        return published;
    }

    private void send(String user, long version) throws Exception {
        send(user, version, 0);
    }

    private void send(String user, long version, long eventTime) throws Exception {
        harness.processElement(ScoredUpdate.unscored(update(user, version, eventTime)), version);
    }

    /** An update whose profile has a list of texts of so many bytes together, none too long to be read. */
    private UserUpdate large(String user, long version, int bytes) {
        AggregateValues values = new UserAggregates(config.featurePlan().aggregates()).read(0);
        TextList[] lists = values.lists().clone();
        lists[0] = TextList.of(Collections.nCopies(8, "x".repeat(bytes / 8)));
        return update(user, version, 0, new AggregateValues(
                values.statistics(), lists, values.affinities(), values.breakdowns(), values.vectors()));
    }

    private UserUpdate update(String user, long version, long eventTime) {
        return update(user, version, eventTime, new UserAggregates(config.featurePlan().aggregates()).read(0));
    }

    private UserUpdate update(String user, long version, long eventTime, AggregateValues values) {
        var plan = config.featurePlan();
        return new UserUpdate(
                UserUpdate.Cause.EVENT, user, version, "e" + version, EventType.VIEW, eventTime, 0, 0, version, version, 0, Map.of(), 0, values, new float[plan.schema().size()]);
    }
}
