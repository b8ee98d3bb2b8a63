package io.liveprofile.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveprofile.config.ConfigException;
import io.liveprofile.config.ConfigNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong definitions are refused with file, line, name and the fix. */
class AggregateRefusalTest {
    private static final String HEAD = """
            windows:
              1h: { length: 1 h, hop: 1 min }
              1d: { length: 1 d, hop: 1 h }
            aggregates:
              n: { op: count, windows: [1h] }
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{ op: median } | features.yaml:6: aggregates.x.op = 'median': must be one of count, sum,",
        "{ op: sum } | features.yaml:6: aggregates.x: 'field' is missing",
        "{ op: sum, field: price } | features.yaml:6: aggregates.x.field = 'price': must be a numeric field: amountMinor,",
        "{ op: sum, field: brand } | features.yaml:6: aggregates.x.field = 'brand': must be a numeric field",
        "{ op: distinct, field: amountMinor } | features.yaml:6: aggregates.x.field = 'amountMinor': must be a text field",
        "{ op: count, window: 1h } | features.yaml:6: aggregates.x.window: unknown key; allowed: op, key, events, where, windows",
        "{ op: count, windows: [2h] } | features.yaml:6: aggregates.x.windows: '2h' is no window; allowed: all, lifetime, 1h, 1d",
        "{ op: count, where: 'event.price > 5' } | features.yaml:6: aggregates.x.where = 'event.price > 5': no valid CEL expression:",
        "{ op: count, where: 'event.brand > 5' } | features.yaml:6: aggregates.x.where = 'event.brand > 5': no valid CEL expression:",
        "{ op: count, where: 'event.amountMinor' } | features.yaml:6: aggregates.x.where = 'event.amountMinor': no valid CEL",
        "{ op: count, where: 'dyn(event.text)' } | features.yaml:6: aggregates.x.where = 'dyn(event.text)': no valid CEL expression: expected type 'bool' but found 'dyn'",
        "{ op: count, where: '[true, 1][1]' } | features.yaml:6: aggregates.x.where = '[true, 1][1]': no valid CEL expression: expected type 'bool' but found 'dyn'",
        "{ op: count, where: 'event.amountMinor >' } | features.yaml:6: aggregates.x.where = 'event.amountMinor >': no valid CEL",
        "{ op: percentiles, field: rating, percentiles: [101] } | features.yaml:6: aggregates.x.percentiles[0] = '101': must be from",
        "{ op: percentiles, field: rating, percentiles: [] } | features.yaml:6: aggregates.x.percentiles: must name at least one",
        "{ op: histogram, field: rating, bounds: [2, 1] } | features.yaml:6: aggregates.x.bounds: must ascend",
        "{ op: since_last, group_by: brand } | features.yaml:6: aggregates.x.group_by = 'brand': works only with count,",
        "{ op: sessions, group_by: brand } | features.yaml:6: aggregates.x.group_by = 'brand': works only with count,",
        "{ op: trend, of: median } | features.yaml:6: aggregates.x.of = 'median': must be one of",
        "{ op: trend, of: since_last } | features.yaml:6: aggregates.x.of = 'since_last': works only with count,",
        "{ op: trend, of: trend, windows: [1h] } | features.yaml:6: aggregates.x.of = 'trend': works only with count,",
        "{ op: trend, of: count } | features.yaml:6: aggregates.x: needs 'windows' that end: nothing lies before a lifetime",
        "{ op: distinct_last_k, key: itemId, field: brand, k: 2 } | features.yaml:6: aggregates.x.key = 'itemId': works only with",
        "{ op: hour_of_day, zone: Mars } | features.yaml:6: aggregates.x.zone = 'Mars': must be a time zone such as",
        "{ op: decayed_sum, field: rating, half_life: 1 d, windows: [1h] } | features.yaml:6: aggregates.x.windows: 'decayed_sum' has no",
        "{ op: first_k, field: brand, k: 101 } | features.yaml:6: aggregates.x.k = '101': must be from 1 to 100",
    })
    void aWrongAggregateIsNamed(String definition, String message) {
        assertThatThrownBy(() -> AggregatePlan.read(file(HEAD + "  x: " + definition + "\n")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "n_2h * 2.0 | features.yaml:7: derived.x = 'n_2h * 2.0': no valid CEL expression: undeclared reference to 'n_2h'",
        "n_1h * 2 | features.yaml:7: derived.x = 'n_1h * 2': no valid CEL expression: found no matching overload",
        "n_1h > 2.0 | features.yaml:7: derived.x = 'n_1h > 2.0': no valid CEL expression: expected type 'double'",
        "math.greatest(n_1h, 1) | features.yaml:7: derived.x = 'math.greatest(n_1h, 1)': no valid CEL expression: expected type 'double' but found 'dyn'",
        "[n_1h, 1][1] | features.yaml:7: derived.x = '[n_1h, 1][1]': no valid CEL expression: expected type 'double' but found 'dyn'",
        "2.0 | features.yaml:7: derived.x = '2.0': reads no statistic",
    })
    void aWrongFormulaIsNamed(String formula, String message) {
        assertThatThrownBy(() -> AggregatePlan.read(file(HEAD + "derived:\n  x: \"" + formula + "\"\n")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void twoStatisticsOfOneNameAreRefused() {
        assertThatThrownBy(() -> AggregatePlan.read(file(HEAD + "  n_1h: { op: count }\n")))
                .hasMessage("features.yaml:6: aggregates.n_1h: gives a second statistic 'n_1h'; rename it");
        assertThatThrownBy(() -> AggregatePlan.read(file(HEAD + "derived:\n  n_1h: n_1h * 2.0\n")))
                .hasMessageStartingWith("features.yaml:7: derived.n_1h").hasMessageEndingWith("gives a second statistic 'n_1h'; rename it");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{ length: 1 h, hop: 7 min } | windows.x.hop = '7 min': the length 1 h must be a multiple of it",
        "{ length: 30 s, hop: 1 s } | windows.x.length = '30 s': must be from 1 min to 365 d",
        "{ length: 366 d, hop: 1 d } | windows.x.length = '366 d': must be from 1 min to 365 d",
        "{ length: 30 d, hop: 1 min } | windows.x.hop = '1 min': makes 43200 tiles; at most 1000 are allowed",
    })
    void aWrongWindowIsNamed(String window, String message) {
        assertThatThrownBy(() -> AggregatePlan.read(file("windows:\n  x: " + window + "\naggregates: { n: { op: count } }\n")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("features.yaml:2: " + message);
    }

    @Test
    void moreStateThanAllowedIsRefusedBeforeAnythingStarts() {
        String large = HEAD + "  hits: { op: heavy_hitters, field: itemId, size: 100, windows: [1h, 1d] }\n";
        assertThat(AggregatePlan.read(file(large)).maxBytes()).isBetween(10_000_000L, 100_000_000L);
        assertThatThrownBy(() -> AggregatePlan.read(file(large), 4_000_000))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("features.yaml:6: aggregates.hits: may take ")
                .hasMessageContaining("allowed are 4,000 kB (features.max-user-state): choose fewer windows");
    }

    /** Tiles of one hop are kept for its longest window, with all columns. */
    @Test
    void aShortWindowTakesTheStateOfTheLongestOfItsHop() {
        String windows = "windows: { long: { length: 1000 min, hop: 1 min }, short: { length: 1 min, hop: 1 min } }\n";
        String one = windows + "aggregates:\n  k: { op: kurtosis, field: amountMinor, windows: [short] }\n";
        String both = one + "  n: { op: count, windows: [long] }\n";

        assertThat(AggregatePlan.read(file(both)).maxBytes()).isGreaterThan(100 * AggregatePlan.read(file(one)).maxBytes());
    }

    private static ConfigNode file(String text) {
        return ConfigNode.parse("features.yaml", text);
    }
}
