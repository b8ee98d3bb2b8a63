package io.liveprofile.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Whoever asks for a case that cannot run does not hear that all is well. */
class TallyTest {
    private final Tally tally = new Tally();

    @Test
    void whatRanDecides() {
        tally.count("upgraded", true);
        assertThat(tally).hasToString("1 passed, 0 failed");
        assertThat(tally.exitCode(true)).isZero();
        tally.count("broker-killed", false);
        assertThat(tally).hasToString("1 passed, 1 failed");
        assertThat(tally.exitCode(true)).isEqualTo(1);
        assertThat(tally.exitCode(false)).isEqualTo(1);
    }

    @Test
    void nothingOfWhatWasAskedForIsNoSuccess() {
        tally.leaveOut(DiskFull.NAME);
        assertThat(tally).hasToString("0 passed, 0 failed, left out: state-disk-full");
        assertThat(tally.exitCode(true)).isEqualTo(2);
    }

    @Test
    void ofAllOneMayBeLeftOut() {
        tally.leaveOut(DiskFull.NAME);
        tally.count("upgraded", true);
        assertThat(tally).hasToString("1 passed, 0 failed, left out: state-disk-full");
        assertThat(tally.exitCode(false)).isZero();
    }
}
