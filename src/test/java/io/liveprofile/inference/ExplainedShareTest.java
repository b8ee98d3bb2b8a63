package io.liveprofile.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.liveprofile.config.ConfigException;
import io.liveprofile.feature.UserUpdate;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExplainedShareTest {

    @Test
    void oneIsAllAndZeroIsNone() {
        assertThat(LongStream.range(0, 1_000).mapToObj(TestingUpdates::of)).allMatch(new ExplainedShare(1)::includes);
        assertThat(LongStream.range(0, 1_000).mapToObj(TestingUpdates::of)).noneMatch(ExplainedShare.NONE::includes);
    }

    /** Versions grow by ten an event, so their last digits are no chance of their own. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10, 100})
    void aboutOneInSoManyOfEveryUserIsIncluded(int every) {
        ExplainedShare share = new ExplainedShare(every);
        int events = 2_000 * every;
        Map<String, Integer> included = new TreeMap<>();
        for (long version = 0; version < 10L * 3 * events; version += 10) {
            UserUpdate update = TestingUpdates.of(version); // of three users in turn
            included.merge(update.userId(), share.includes(update) ? 1 : 0, Integer::sum);
        }
        // 2,000 are expected of each; five standard deviations of the binomial are less than 224.
        assertThat(included).hasSize(3).allSatisfy((user, count) -> assertThat(count).isCloseTo(2_000, within(224)));
    }

    @Test
    void theSameAreIncludedWhereverItIsAsked() throws Exception {
        ExplainedShare share = new ExplainedShare(7);
        ExplainedShare shipped = InstantiationUtil.clone(share);
        // Fixed for ever: an upgrade in the middle of a replay would else explain others.
        assertThat(LongStream.range(0, 30).filter(version -> share.includes(TestingUpdates.of(version)))).containsExactly(1L, 13L, 23L, 29L);
        assertThat(LongStream.range(0, 1_000)).allMatch(version ->
                shipped.includes(TestingUpdates.of(version, 1, 2)) == share.includes(TestingUpdates.of(version)));
    }

    @Test
    void refusesLessThanNone() {
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> new ExplainedShare(-1))
                .withMessage("score.explain-every = '-1': must be 0 or more");
    }
}
