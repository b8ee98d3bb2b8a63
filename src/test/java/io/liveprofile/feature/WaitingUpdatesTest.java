package io.liveprofile.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.aggregate.AggregateValues;
import io.liveprofile.aggregate.NumbersByKey;
import io.liveprofile.aggregate.TextList;
import io.liveprofile.event.EventType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class WaitingUpdatesTest {
    private static final int PLANS = 3;

    private WaitingUpdates waiting = new WaitingUpdates(PLANS);

    @Test
    void anUpdateWithoutKeysLeavesAtOnceUnlessAnEarlierOneWaits() {
        assertThat(waiting.add(update("ann", 1, 0))).extracting(left -> left.update().version()).containsExactly(1L);
        assertThat(waiting.add(update("ann", 2, 0b101))).isEmpty();
        assertThat(waiting.add(update("ann", 3, 0))).isEmpty();
        assertThat(waiting.add(update("bob", 1, 0))).hasSize(1);
        assertThat(waiting.add(answer("ann", 2, 2, 7))).isEmpty();
        assertThat(waiting.add(answer("ann", 2, 0, 5))).extracting(left -> left.update().version()).containsExactly(2L, 3L);
        assertThat(waiting.isEmpty()).isTrue();
    }

    @Test
    void anAnswerMayComeBeforeItsUpdate() {
        assertThat(waiting.add(answer("ann", 1, 1, 7))).isEmpty();
        assertThat(waiting.add(update("ann", 1, 0b010))).singleElement().satisfies(left -> {
            assertThat(left.numbers()[0]).isNull();
            assertThat(left.numbers()[1]).containsExactly(7);
        });
        assertThat(waiting.isEmpty()).isTrue();
    }

    /** Whatever way the answers take, versions leave in order, each with its own. */
    @Property(tries = 300)
    void versionsLeaveInOrderWithTheirOwnNumbers(@ForAll long seed) {
        waiting = new WaitingUpdates(PLANS);
        Random random = new Random(seed);
        List<UserUpdate> updates = new ArrayList<>();
        List<KeyedNumbers> answers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String user = "u" + i % 4;
            int keys = random.nextInt(1 << PLANS);
            updates.add(update(user, i / 4 + 1, keys));
            for (int plan = 0; plan < PLANS; plan++) {
                if ((keys >> plan & 1) != 0) {
                    answers.add(answer(user, i / 4 + 1, plan, i * 10 + plan));
                }
            }
        }
        Collections.shuffle(answers, random);
        Map<String, Long> last = new HashMap<>();
        int left = 0;
        int nextUpdate = 0;
        int nextAnswer = 0;
        while (nextUpdate < updates.size() || nextAnswer < answers.size()) {
            boolean isUpdate = nextAnswer == answers.size() || nextUpdate < updates.size() && random.nextBoolean();
            List<WaitingUpdates.Answered> leaving = isUpdate
                    ? waiting.add(updates.get(nextUpdate++))
                    : waiting.add(answers.get(nextAnswer++));
            for (WaitingUpdates.Answered each : leaving) {
                left++;
                assertThat(each.update().version()).isEqualTo(last.getOrDefault(each.update().userId(), 0L) + 1);
                last.put(each.update().userId(), each.update().version());
                int number = updates.indexOf(each.update());
                for (int plan = 0; plan < PLANS; plan++) {
                    if ((each.update().awaitedKeys() >> plan & 1) != 0) {
                        assertThat(each.numbers()[plan]).containsExactly(number * 10 + plan);
                    } else {
                        assertThat(each.numbers()[plan]).isNull();
                    }
                }
            }
        }
        assertThat(left).isEqualTo(40);
        assertThat(waiting.isEmpty()).isTrue();
    }

    private static KeyedNumbers answer(String user, long version, int plan, double number) {
        return new KeyedNumbers(plan, user, version, new double[] {number});
    }

    private static UserUpdate update(String user, long version, int awaitedKeys) {
        return new UserUpdate(UserUpdate.Cause.EVENT, user, version, "e", EventType.VIEW, version, 0, 0, version, version, 0, Map.of(),
                awaitedKeys, new AggregateValues(new double[0], new TextList[0], new NumbersByKey[0]), new float[0]);
    }
}
