package io.liveprofile.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.liveprofile.event.EventType;
import io.liveprofile.training.WaitingExamples.Example;
import io.liveprofile.training.WaitingExamples.Use;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitingExamplesTest {
    private static final long HORIZON = 1_000_000;

    private final WaitingExamples waiting = new WaitingExamples(HORIZON);

    @Test
    void letsGoOfWhatIsOlderThanNowInOrderOfTime() {
        for (long time : new long[] {30, 10, 20}) {
            waiting.add(example("p" + time, time - HORIZON));
        }
        assertThat(waiting.due(20)).extracting(Example::id).containsExactly("p10");
        assertThat(waiting.due(31)).extracting(Example::id).containsExactly("p20", "p30");
        assertThat(waiting.due(Long.MAX_VALUE)).isEmpty();
    }

    /** 80,000 positives of one horizon are four times the room: of them and of their negatives a quarter or an eighth is taken. */
    @Test
    void takesTheSameShareOfBothClassesWhenThereAreTooMany() {
        long taken = take(0, 80_000);
        assertThat(taken).isLessThanOrEqualTo(80_000);
        double share = waiting.takenShare();
        assertThat(share).isBetween(0.12, 0.26);
        List<Example> positives = waiting.due(HORIZON + 80_001);
        assertThat(positives.size() / 80_000.0).as("those that waited before the share fell are of it, too")
                .isCloseTo(share, within(0.01));
        assertThat(positives).allMatch(each -> waiting.isTaken(prediction(each.id(), each.asOf())));
    }

    @Test
    void takesMoreAgainOnceAllOfBeforeHaveLeft() {
        take(0, 80_000);
        double share = waiting.takenShare();
        long now = HORIZON + 80_001;
        waiting.due(now);
        assertThat(waiting.takenShare()).isEqualTo(2 * share);
        String id = idThatOnlyTheNewShareHolds();
        assertThat(waiting.isTaken(prediction(id, now - 1))).as("its positive would have been left out").isFalse();
        assertThat(waiting.isTaken(prediction(id, now))).isTrue();
        waiting.due(now + HORIZON);
        assertThat(waiting.takenShare()).as("some of before may still come").isEqualTo(2 * share);
        waiting.due(now + HORIZON + 1);
        assertThat(waiting.takenShare()).isEqualTo(Math.min(1, 4 * share));
    }

    @Test
    void isTheSameAfterItWasWrittenAndRead() throws Exception {
        take(0, 50_000);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        waiting.write(new DataOutputStream(bytes));
        WaitingExamples read = new WaitingExamples(HORIZON);
        read.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        assertThat(read.takenShare()).isEqualTo(waiting.takenShare());
        List<Example> left = read.due(Long.MAX_VALUE);
        assertThat(left.stream().map(Example::id).toList())
                .isEqualTo(waiting.due(Long.MAX_VALUE).stream().map(Example::id).toList());
        assertThat(left.get(0)).usingRecursiveComparison().isEqualTo(example(left.get(0).id(), left.get(0).asOf()));
    }

    private long take(int from, int to) {
        long taken = 0;
        for (int i = from; i < to; i++) {
            if (waiting.isTaken(prediction("p" + i, i))) {
                waiting.add(example("p" + i, i));
                taken++;
            }
        }
        return taken;
    }

    private String idThatOnlyTheNewShareHolds() {
        for (int i = 0; ; i++) {
            String id = "other-" + i;
            if (waiting.isTaken(prediction(id, Long.MAX_VALUE)) && !waiting.isTaken(prediction(id, 0))) {
                return id;
            }
        }
    }

    private static Example example(String id, long asOf) {
        return new Example(id, 0, "ann", new float[] {1}, true, 1, asOf, asOf + HORIZON, Use.LEARNED);
    }

    private static Prediction prediction(String id, long asOf) {
        return new Prediction(id, "e", EventType.VIEW, asOf, "hash", new float[] {1}, new float[] {Float.NaN}, null);
    }
}
