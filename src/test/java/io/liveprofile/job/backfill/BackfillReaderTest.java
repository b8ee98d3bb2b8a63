package io.liveprofile.job.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.config.ConfigText;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.ingest.EventLimits;
import io.liveprofile.ingest.Mapping;
import io.liveprofile.ingest.Pseudonymizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;
import org.apache.flink.util.UserCodeClassLoader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackfillReaderTest {
    private static final String MAPPING = """
            name: shop
            format: csv
            header: false
            columns: [t, user]
            match: all
            fields: {userId: user, eventTime: {column: t, unit: ms}}
            events:
              - {name: look, type: VIEW, eventId: {template: "look{t}"}}
              - {name: buy, when: row.user == 'buyer', type: ORDER, eventId: {template: "buy{t}"}}
            """;

    @TempDir
    Path directory;

    private HistoryDecoding decoding;
    private TestingLive live;
    private List<HistoryLane> lanes;

    private final List<String> output = new ArrayList<>();
    private int requests;

    @BeforeEach
    void setUp() throws IOException {
        Path key = directory.resolve("key.json");
        Pseudonymizer.createKeyset(key);
        decoding = new HistoryDecoding(
                new ConfigText("shop.yaml", MAPPING),
                new EventLimits(Instant.EPOCH, Duration.ofMinutes(1), Duration.ofDays(30), 100, 64, 10, 4_096),
                Pseudonymizer.readKeyset(key),
                Instant.ofEpochMilli(20));
        live = new TestingLive();
        Path many = Files.createDirectories(directory.resolve("many/later"));
        Files.writeString(directory.resolve("many/1.csv"), "1,a\n2,buyer\n3,a");
        Files.writeString(directory.resolve("many/2.csv"), "");
        Files.writeString(many.resolve("1.csv"), "4,a\n25,a\n");
        Files.writeString(directory.resolve("one.csv"), "5,b\n");
        lanes = HistoryFiles.find(
                directory.resolve("many") + "," + directory.resolve("one.csv"), Mapping.parse("shop.yaml", MAPPING));
    }

    @Test
    void readsItsLanesOneAfterTheOtherThenAsksThenWaits() throws Exception {
        BackfillReader<TestingLive.Split> reader = reader();
        reader.start();
        assertThat(requests).isEqualTo(1);
        CompletableFuture<Void> waiting = reader.isAvailable();
        assertThat(waiting).isNotDone();
        assertThat(poll(reader)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
        give(reader, BackfillSplit.of(lanes.get(0)));
        assertThat(waiting).isDone();
        assertThat(reader.isAvailable()).isDone();
        give(reader, BackfillSplit.of(lanes.get(1)));
        pollAll(reader);
        assertThat(output).containsExactly(
                "1.csv:1 look1", "1.csv:2 look2", "1.csv:2 buy2", "1.csv:3 look3", "later/1.csv:1 look4",
                "later/1.csv:2 outside-backfill", "released", "one.csv:1 look5", "released");
        assertThat(requests).isEqualTo(2);
        assertThat(reader.isAvailable()).isNotDone();
        assertThat(reader.snapshotState(1)).isEmpty();
        reader.close();
    }

    @Test
    void goesOnFromEveryCheckpoint() throws Exception {
        BackfillReader<TestingLive.Split> whole = reader();
        whole.start();
        give(whole, BackfillSplit.of(lanes.get(0)), BackfillSplit.of(lanes.get(1)));
        pollAll(whole);
        List<String> expected = List.copyOf(output);

        for (int rows = 0; rows <= 8; rows++) {
            output.clear();
            BackfillReader<TestingLive.Split> first = reader();
            give(first, BackfillSplit.of(lanes.get(0)), BackfillSplit.of(lanes.get(1)));
            first.start();
            for (int i = 0; i < rows; i++) {
                poll(first);
            }
            BackfillReader<TestingLive.Split> second = reader();
            for (BackfillSplit<TestingLive.Split> split : first.snapshotState(1)) {
                give(second, split);
            }
            first.close();
            requests = 0;
            second.start();
            pollAll(second);
            second.close();
            assertThat(output).as("after %s polls", rows).isEqualTo(expected);
            assertThat(requests).isEqualTo(1);
        }
    }

    @Test
    void readsTheLiveStreamOnceItIsGivenAPartOfIt() throws Exception {
        BackfillReader<TestingLive.Split> reader = reader();
        reader.start();
        live.records.add(new IngestedRecord("topic", 0, 7L, 5L, null, null, null, "robots", 0));
        assertThat(poll(reader)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
        CompletableFuture<Void> waiting = reader.isAvailable();
        give(reader, BackfillSplit.ofLive(new TestingLive.Split("p0")));
        assertThat(waiting).isDone();
        assertThat(reader.isAvailable()).isSameAs(live.available);
        assertThat(poll(reader)).isEqualTo(InputStatus.MORE_AVAILABLE);
        assertThat(output).containsExactly("topic:7 robots");
        assertThat(reader.snapshotState(1)).containsExactly(BackfillSplit.ofLive(new TestingLive.Split("p0")));
        reader.notifyCheckpointComplete(1);
        reader.close();
        assertThat(live.calls).containsExactly("start", "complete 1", "close");
        assertThat(requests).isEqualTo(1);

        requests = 0;
        BackfillReader<TestingLive.Split> restored = reader();
        give(restored, BackfillSplit.ofLive(new TestingLive.Split("p0")));
        restored.start();
        assertThat(requests).as("the history is read").isZero();
    }

    private BackfillReader<TestingLive.Split> reader() {
        SourceReaderContext context = new Context();
        return new BackfillReader<>(context, decoding.opener(), live.createReader(context));
    }

    @SafeVarargs
    private static void give(BackfillReader<TestingLive.Split> reader, BackfillSplit<TestingLive.Split>... splits) {
        reader.addSplits(List.of(splits));
    }

    private InputStatus poll(BackfillReader<TestingLive.Split> reader) throws Exception {
        return reader.pollNext(new Output());
    }

    private void pollAll(BackfillReader<TestingLive.Split> reader) throws Exception {
        while (poll(reader) == InputStatus.MORE_AVAILABLE) {
            // goes on
        }
    }

    /** Notes what comes out. */
    private final class Output implements ReaderOutput<IngestedRecord> {
        @Override
        public void collect(IngestedRecord record) {
            output.add(record.getTopic() + ":" + record.getOffset() + " "
                    + (record.getEvent() == null ? record.getSkippedBy() : record.getEvent().getEventId()));
        }

        @Override
        public void collect(IngestedRecord record, long timestamp) {
            assertThat(timestamp).isEqualTo(20);
            collect(record);
        }

        @Override
        public SourceOutput<IngestedRecord> createOutputForSplit(String splitId) {
            return this;
        }

        @Override
        public void releaseOutputForSplit(String splitId) {
            output.add("released");
        }

        @Override
        public void emitWatermark(Watermark watermark) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void markIdle() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void markActive() {
            throw new UnsupportedOperationException();
        }
    }

    /** Counts how often it is asked for a split. */
    private final class Context implements SourceReaderContext {
        @Override
        public void sendSplitRequest() {
            requests++;
        }

        @Override
        public SourceReaderMetricGroup metricGroup() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Configuration getConfiguration() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String getLocalHostName() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int getIndexOfSubtask() {
            return 0;
        }

        @Override
        public void sendSourceEventToCoordinator(SourceEvent event) {
            throw new UnsupportedOperationException();
        }

        @Override
        public UserCodeClassLoader getUserCodeClassLoader() {
            throw new UnsupportedOperationException();
        }
    }
}
