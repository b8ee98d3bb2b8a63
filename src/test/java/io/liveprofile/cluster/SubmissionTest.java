package io.liveprofile.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An upgrade goes on with what the job was submitted with, but for what it says itself. */
class SubmissionTest {
    private static final Submission BEFORE =
            new Submission(List.of("delivery=exactly-once", "late.allowed=2d"), OptionalInt.of(4));

    @TempDir
    private Path directory;

    @Test
    void whoSaysNothingKeepsAll() {
        Submission kept = BEFORE.without(Submission.NOTHING);
        assertThat(kept).isEqualTo(BEFORE).hasToString("SET=\"delivery=exactly-once late.allowed=2d\" PARALLELISM=4");
        assertThat(kept.and(Submission.NOTHING)).isEqualTo(BEFORE);
    }

    @Test
    void whatIsSaidCountsInsteadOfTheSameBefore() {
        Submission told = new Submission(List.of("late.allowed=1d"), OptionalInt.of(1));
        Submission kept = BEFORE.without(told);
        assertThat(kept).hasToString("SET=\"delivery=exactly-once\"");
        assertThat(kept.and(told)).isEqualTo(
                new Submission(List.of("delivery=exactly-once", "late.allowed=1d"), OptionalInt.of(1)));
        assertThat(BEFORE.without(BEFORE).isEmpty()).isTrue();
    }

    @Test
    void theLastOneOfAJobIsReadAgain() {
        BEFORE.write(directory, Job.PROFILE);
        Submission.NOTHING.write(directory, Job.TRAINING);
        assertThat(Submission.read(directory, Job.PROFILE)).isEqualTo(BEFORE);
        assertThat(Submission.read(directory, Job.TRAINING)).isEqualTo(Submission.NOTHING);
    }

    @Test
    void aJobThatWasNeverSubmittedHasNone() {
        assertThat(Submission.read(directory, Job.PROFILE).isEmpty()).isTrue();
    }
}
