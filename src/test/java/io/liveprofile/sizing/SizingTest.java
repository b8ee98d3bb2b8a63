package io.liveprofile.sizing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.liveprofile.config.ConfigException;
import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.Topic;
import io.liveprofile.sizing.SizeQuestion.TaskManager;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.PipelineOptions;
import org.junit.jupiter.api.Test;

class SizingTest {
    private static final String FIGURES = """
            cost: { event_micros: 10, cold_user_micros: 40, label_micros: 5 }
            user:
              state_bytes: { 1: 1_000, 100: 3_000 }
              memory_bytes: { 1: 2_000, 100: 6_000 }
            disk: { rocksdb: 1.4, checkpoint: 1.2, checkpoint_added: 2.5 }
            labels: { waiting_bytes: 500, waiting: 2 d }
            model: { release_bytes: 1_000_000 }
            topics:
              behavior-events: { an_event: 1, bytes: 100 }
              user-profiles: { an_event: 0.9, bytes: 800 }
              scored-features: { an_event: 0.5, bytes: 300 }
            """;
    private static final TaskManager SMALL = new TaskManager(2, 4_000_000_000L, 1_000_000_000L, 200_000_000L, 1_000_000_000L,
            10_000_000_000L, 100_000_000L);

    private final SizeFigures figures = SizeFigures.read(ConfigNode.parse("sizing.yaml", FIGURES));

    private static SizeQuestion question(double users, double rate, double eventsAUser) {
        return new SizeQuestion(users, rate, eventsAUser, 0.5, SMALL, Duration.ofSeconds(10), 500, 3);
    }

    // 1,000,000 users of 10 events: half way between 1 and 100 on the logarithm, so 2,000 bytes of state and 4,000 in memory.
    // Of 4 TaskManagers: 4 x 200 MB / 4 kB = 200,000 users in memory, a fifth; an event 10 + 0.8 x 40 = 42 µs; 42 x 50,000 / 0.5
    // = 4.2 cores, which are 3 TaskManagers; 3 hold 150,000, so an event is 10 + 0.85 x 40 = 44 µs and it takes 4.4 cores.
    // State 2 GB x 1.4 / 0.7 = 4 GB of disk: one. In 10 s come 500,000 events of 1,000,000 x (1 - e^-0.5) = 393,469 users,
    // x 2 kB x 2.5 = 1.967 GB a checkpoint, 197 MB/s, at 50 MB/s a TaskManager: 4. So 4 it is, and 4.2 cores.
    @Test
    void profileJobTakesTheMostOfCoresDisksAndCheckpoints() {
        ProfileJobSize profile = Sizing.of(question(1e6, 50_000, 10), figures).profile();
        assertThat(profile.inMemory()).isCloseTo(0.2, within(1e-9));
        assertThat(profile.eventMicros()).isCloseTo(42, within(1e-9));
        assertThat(profile.coresNeeded()).isCloseTo(4.2, within(1e-9));
        JobSize size = profile.size();
        assertThat(size.taskManagers()).isEqualTo(4);
        assertThat(size.slots()).isEqualTo(8);
        assertThat(size.diskBytes()).isCloseTo(4e9, within(1.0));
        assertThat(size.checkpointBytes()).isCloseTo(2.4e9, within(1.0));
        assertThat(size.addedBytes()).isCloseTo(393_469.34 * 5_000, within(1e3));
        assertThat(size.restoreSeconds()).isCloseTo(2.4e9 / 4 / 1e8, within(1e-9));
        // It can do 8 cores / 42 µs = 190,476 events/s.
        assertThat(size.catchUpSeconds()).isCloseTo((6 + 60 + 10) * 50_000 / (190_476.19 - 50_000), within(1e-3));
        assertThat(size.maxParallelism()).isEqualTo(720);
    }

    // 50,000 events/s give 25,000 vectors/s, x 172,800 s = 4.32 billion; but 1,000,000 users have 500 at most: 500 million.
    @Test
    void trainingJobKeepsNoMoreVectorsThanUsersMayHave() {
        TrainingJobSize training = Sizing.of(question(1e6, 50_000, 10), figures).training();
        assertThat(training.waiting()).isEqualTo(5e8);
        assertThat(training.coresNeeded()).isCloseTo(50_000 * 45e-6 / 0.5, within(1e-9));
        // 393,469 users write 250 kB each anew, x 2.5 = 246 GB in 10 s, at 50 MB/s a TaskManager.
        assertThat(training.size().taskManagers()).isEqualTo((int) Math.ceil(393_469.34 * 250_000 * 2.5 / 10 / 5e7));
    }

    @Test
    void topicsTakeWhatTheirRetentionKeepsAndTheCompactedOneTheUsers() {
        TopicsSize topics = Sizing.of(question(1e6, 1_000, 10), figures).topics();
        assertThat(topics.diskBytes().get(Topic.BEHAVIOR_EVENTS)).isEqualTo(1_000 * 100 * 604_800.0 * 3);
        assertThat(topics.diskBytes().get(Topic.SCORED_FEATURES)).isEqualTo(500 * 300 * 604_800.0 * 3);
        assertThat(topics.diskBytes().get(Topic.USER_PROFILES)).isCloseTo(1e6 * 800 / 0.8 * 3, within(1.0));
        assertThat(topics.inBytes()).isCloseTo(1_000 * (100 + 720 + 150), within(1e-6));
        assertThat(topics.outBytes()).isCloseTo(1_000 * (200 + 720 + 150), within(1e-6));
    }

    @Test
    void usersWhoFitIntoMemoryCostNoMoreThanTheEvent() {
        Sizing sizing = Sizing.of(question(10_000, 1_000, 28), figures);
        assertThat(sizing.profile().inMemory()).isEqualTo(1);
        assertThat(sizing.profile().eventMicros()).isEqualTo(10);
        assertThat(sizing.profile().size().taskManagers()).isEqualTo(1);
        assertThat(sizing.lines()).contains("  cores                   1,000 events/s x 10 µs / 0.5 = 0.02");
    }

    @Test
    void whatIsShippedIsWhatFlinkIsToldTo() {
        assertThat(GlobalConfiguration.loadConfiguration("flink-conf").get(PipelineOptions.MAX_PARALLELISM))
                .isEqualTo(JobSize.SHIPPED_MAX_PARALLELISM);
    }

    @Test
    void moreSlotsNeedAnotherMaxParallelism() {
        // A slot has five key groups at least, and their number is a multiple of 720.
        assertThat(Sizing.of(question(2e9, 1e5, 10), figures).profile().size())
                .satisfies(size -> assertThat(size.maxParallelism()).isGreaterThanOrEqualTo(5 * size.slots()))
                .satisfies(size -> assertThat(size.maxParallelism() % 720).isZero());
        assertThatThrownBy(() -> Sizing.of(question(1e11, 1e6, 28), figures))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("USERS, RATE: they take more slots than the 32,768 that Flink can have");
    }

    @Test
    void refusesWhatWasNotMeasuredAndWhatCannotBe() {
        assertThatThrownBy(() -> Sizing.of(question(1_000, 1, 101), figures))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("EVENTS_PER_USER").hasMessageContaining("at most the 100 that were measured");
        assertThatThrownBy(() -> question(0, 1, 1)).hasMessage("USERS = '0': must be from 1 to 100000000000");
        assertThatThrownBy(() -> new SizeQuestion(1, 1, 1, 1, SMALL, Duration.ofSeconds(10), 500, 3))
                .hasMessage("UTILISATION = '1': must be from 0.05 to 0.95");
        assertThatThrownBy(() -> SizeFigures.read(ConfigNode.parse("sizing.yaml", FIGURES.replace("scored-features", "scored"))))
                .hasMessage("sizing.yaml:11: topics.scored: is no topic that grows with the events");
    }

    @Test
    void bytesLieOnStraightLinesOverTheLogarithmOfEvents() {
        assertThat(figures.stateBytes().at(0.5)).isEqualTo(1_000);
        assertThat(figures.stateBytes().at(1)).isEqualTo(1_000);
        assertThat(figures.stateBytes().at(10)).isCloseTo(2_000, within(1e-9));
        assertThat(figures.stateBytes().at(100)).isEqualTo(3_000);
    }

    @Test
    void shippedFiguresCanBeRead() {
        SizeFigures shipped = SizeFigures.read(ConfigNode.read(Path.of("flink-conf/sizing.yaml")));
        assertThat(shipped.stateBytes().at(28)).isGreaterThan(shipped.stateBytes().at(1));
    }

    @Test
    void numbersAreWrittenForPeople() {
        assertThat(Quantity.bytes(999)).isEqualTo("999 B");
        assertThat(Quantity.bytes(999.6)).isEqualTo("1 kB");
        assertThat(Quantity.bytes(2_567)).isEqualTo("2.57 kB");
        assertThat(Quantity.bytes(5e12)).isEqualTo("5 TB");
        assertThat(Quantity.count(1_234_567)).isEqualTo("1,234,567");
        assertThat(Quantity.count(0.00183)).isEqualTo("0.00183");
        assertThat(Quantity.count(10)).isEqualTo("10");
        assertThat(Quantity.percent(0.5)).isEqualTo("50 %");
        assertThat(Quantity.time(444)).isEqualTo("7.4 min");
        assertThat(Quantity.time(604_800)).isEqualTo("7 d");
    }
}
