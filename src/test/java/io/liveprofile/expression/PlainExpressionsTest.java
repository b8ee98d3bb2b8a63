package io.liveprofile.expression;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.aggregate.TestingEvents;
import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What runs as plain Java says what the interpreter says, and has no value where that has none. */
class PlainExpressionsTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "event.type == 'VIEW'",
        "event.type != 'VIEW' && event.amountMinor > 50000",
        "event.amountMinor <= 50000 || event.categoryId == 'c3'",
        "!(event.rating >= 2) || has(event.itemId)",
        "event.rating < 2.5 && event.rating >= -1",
        "event.rating == 2.0 || event.rating != 3.5",
        "event.categoryId in ['c1', 'c2', ''] && !has(event.rating)",
        "event.attributes['tier'] == 'gold' || event.attributes.tier != 'silver'",
        "has(event.amountMinor) && event.amountMinor != 777",
        "event.itemId == 'i1' || event.amountMinor < 90000 && event.categoryId != 'c1'",
    })
    void conditionsAgree(String expression) throws ExpressionFailedException {
        EventCondition condition = EventCondition.read(node(expression));
        assertThat(condition.isPlain()).isTrue();
        Random random = new Random(7);
        int held = 0;
        for (int i = 0; i < 2_000; i++) {
            BehaviorEvent event = TestingEvents.random(random, "e", i);
            if (random.nextBoolean()) {
                event.setAttributes(Map.of("tier", random.nextBoolean() ? "gold" : "silver"));
            }
            String interpreted = said(() -> condition.interpret(event));
            assertThat(said(() -> condition.holds(event))).as("%s of %s", expression, event).isEqualTo(interpreted);
            held += interpreted.equals("true") ? 1 : 0;
        }
        assertThat(held).as("it holds now and then").isBetween(1, 1_999);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "a / b",
        "(a + b * 2.5) / (a - b) - -b",
        "a > b ? a / b : 0.0",
        "a >= 1.0 && b < 3.0 || a == b ? 1.0 : b != 0.0 ? a / b : -1.0",
    })
    void formulasAgree(String expression) throws ExpressionFailedException {
        Formula formula = Formula.read(node(expression), List.of("x", "a", "b"));
        assertThat(formula.isPlain()).isTrue();
        double[] values = {0, -0.0, 1, 2.5, 3, -7, 1e300};
        for (double a : values) {
            for (double b : values) {
                double[] numbers = {Double.NaN, a, b};
                double interpreted = formula.interpret(position -> numbers[position]);
                assertThat(said(() -> formula.of(position -> numbers[position]))).as("%s of %s and %s", expression, a, b)
                        .isEqualTo(Double.isFinite(interpreted) ? Double.toString(interpreted) : "nothing");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "n > 0.0 ? mean : -1.0                     | 0 | NaN | -1.0",
        "n > 0.0 ? math.abs(mean) : -1.0           | 0 | NaN | -1.0",
        "n > 0.0 ? mean : -1.0                     | 1 | NaN | NaN",
        "n > 0.0 ? math.abs(mean) : -1.0           | 1 | NaN | NaN",
        "n > 0.0 && mean > 1.0 ? 1.0 : 0.0         | 0 | NaN | 0.0",
        "n > 0.0 && mean > 1.0 ? math.abs(n) : 0.0 | 0 | NaN | 0.0",
        "mean > 1.0 ? 1.0 : n                      | 0 | NaN | NaN",
        "math.abs(mean) > 1.0 ? 1.0 : n            | 0 | NaN | NaN",
        "n / mean                                  | 0 | 0   | nothing",
        "double(int(mean)) + n                     | 0 | NaN | NaN",
        "double(int(mean)) + n                     | 0 | 1e300 | nothing",
    })
    void aFormulaNeedsOnlyTheNumbersThatItReads(String expression, double n, double mean, String expected) {
        Formula formula = Formula.read(node(expression), List.of("n", "mean"));
        assertThat(said(() -> formula.of(position -> position == 0 ? n : mean))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"event.text.startsWith('a')", "event.eventTime.getHours() < 6", "event.brand == event.categoryId"})
    void theRestIsInterpreted(String expression) {
        assertThat(EventCondition.read(node(expression)).isPlain()).isFalse();
    }

    /** CEL takes dyn for any type until it runs. */
    @Test
    void whatTurnsOutToBeOfAnotherTypeHasNoValue() {
        EventCondition condition = EventCondition.read(node("([true] + dyn([event.type]))[1]"));
        BehaviorEvent event = TestingEvents.event("e", EventType.VIEW, 0);
        assertThat(said(() -> condition.holds(event))).isEqualTo("nothing");
        Formula formula = Formula.read(node("([a] + dyn([1]))[a > 0.0 ? 0 : 1]"), List.of("a"));
        assertThat(said(() -> formula.of(position -> 2))).isEqualTo("2.0");
        assertThat(said(() -> formula.of(position -> 0))).isEqualTo("nothing");
    }

    private interface Saying {
        Object say() throws ExpressionFailedException;
    }

    private static String said(Saying saying) {
        try {
            return String.valueOf(saying.say());
        } catch (ExpressionFailedException e) {
            return "nothing";
        }
    }

    private static ConfigNode node(String expression) {
        return ConfigNode.parse("test.yaml", "x: \"" + expression + "\"").get("x");
    }
}
