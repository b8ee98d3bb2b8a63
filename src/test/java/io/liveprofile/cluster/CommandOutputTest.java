package io.liveprofile.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What Flink's programs print, read. */
class CommandOutputTest {

    @Test
    void theMemoryIsReadFromBetweenLogLines() {
        assertThat(CommandOutput.results(List.of(
                        "INFO  [] - Loading configuration property: rest.port, 8081",
                        "BASH_JAVA_UTILS_EXEC_RESULT:-Xmx500m -Xms500m",
                        "BASH_JAVA_UTILS_EXEC_RESULT:-D a=b -D c=d")))
                .containsExactly("-Xmx500m -Xms500m", "-D a=b -D c=d");
    }

    @Test
    void theJobIsReadFromWhatTheClientSays() {
        assertThat(CommandOutput.jobId(List.of(
                        "WARNING: something", "Job has been submitted with JobID 51686a8ec71caacb364d281313b3fc6b")))
                .isEqualTo("51686a8ec71caacb364d281313b3fc6b");
        assertThatThrownBy(() -> CommandOutput.jobId(List.of("nothing"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theReasonIsTheInnermostCauseUnlessTheJobGivesOne() {
        assertThat(CommandOutput.reason(List.of(
                        "java.lang.RuntimeException: outer", "\tat x", "Caused by: a.B: middle", "Caused by: a.C: inner", "\tat y")))
                .isEqualTo("a.C: inner");
        assertThat(CommandOutput.reason(List.of("liveprofile: late.allowed = '2': must be", "Caused by: other")))
                .isEqualTo("late.allowed = '2': must be");
        assertThat(CommandOutput.reason(List.of("one", "two", " "))).isEqualTo("two");
        assertThat(CommandOutput.reason(List.of())).isEqualTo("it said nothing");
    }
}
