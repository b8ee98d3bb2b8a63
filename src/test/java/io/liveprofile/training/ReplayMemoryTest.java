package io.liveprofile.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.liveprofile.training.OnlineLearner.Row;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReplayMemoryTest {
    private static final int ROOM = 2_000;
    private static final Duration SPAN = Duration.ofHours(1);

    private final SplittableRandom random = new SplittableRandom(1);

    @Test
    void keepsAllAsLongAsThereIsRoom() {
        ReplayMemory memory = new ReplayMemory(ROOM, SPAN);
        assertThat(memory.isEmpty()).isTrue();
        for (int i = 0; i < ROOM; i++) {
            memory.add(List.of(row(i)), i, random);
        }
        assertThat(contents(memory)).hasSize(ROOM).doesNotHaveDuplicates();
    }

    @Test
    void isAPlainReservoirOfRowsThatComeAtOneTime() {
        ReplayMemory memory = new ReplayMemory(ROOM, SPAN);
        int rows = 10 * ROOM;
        for (int i = 0; i < rows; i++) {
            memory.add(List.of(row(i)), 0, random);
        }
        // Each of ten parts has a tenth of the room, ± 4.5 deviations of a binomial distribution, √(2000 · 0.1 · 0.9) = 13.4.
        for (int part = 0; part < 10; part++) {
            int from = part * ROOM;
            assertThat(contents(memory).stream().filter(row -> row >= from && row < from + ROOM).count()).isBetween(140L, 260L);
        }
    }

    /** Ages are exponential with the span as their mean, at whatever rate rows come. */
    @Test
    void whatIsKeptIsAsOldAsTheSpanOnAverage() {
        for (int perSecond : new int[] {2, 20}) {
            ReplayMemory memory = new ReplayMemory(ROOM, SPAN);
            int seconds = 8 * 3600;
            for (int second = 0; second < seconds; second++) {
                for (int i = 0; i < perSecond; i++) {
                    memory.add(List.of(row(second)), second * 1_000L, random);
                }
            }
            double mean = contents(memory).stream().mapToDouble(second -> seconds - second).average().orElseThrow();
            long older = contents(memory).stream().filter(second -> seconds - second > 3600).count();
            assertThat(mean).isCloseTo(3600, within(360.0));
            assertThat(older / (double) ROOM).isCloseTo(Math.exp(-1), within(0.05));
        }
    }

    @Test
    void goesOnAsIfItHadNeverBeenAway() throws Exception {
        ReplayMemory one = new ReplayMemory(ROOM, SPAN);
        for (int i = 0; i < 5 * ROOM; i++) {
            one.add(List.of(row(i)), i * 100L, random);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        one.write(new DataOutputStream(bytes));
        ReplayMemory other = new ReplayMemory(ROOM, SPAN);
        other.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        for (ReplayMemory memory : List.of(one, other)) {
            SplittableRandom same = new SplittableRandom(7);
            for (int i = 5 * ROOM; i < 6 * ROOM; i++) {
                memory.add(List.of(row(i)), i * 100L, same);
            }
        }
        assertThat(contents(other)).isEqualTo(contents(one));
    }

    /** In the order in which they are drawn. */
    private static List<Integer> contents(ReplayMemory memory) {
        List<Integer> contents = new ArrayList<>();
        memory.rows().forEach(row -> contents.add((int) row.vector()[0]));
        return contents;
    }

    private static Row row(int number) {
        return new Row(new float[] {number}, new float[] {0}, new float[] {1});
    }
}
