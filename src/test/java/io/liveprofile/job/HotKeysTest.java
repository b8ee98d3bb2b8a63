package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.aggregate.AggregatePlan;
import io.liveprofile.config.ConfigNode;
import io.liveprofile.profile.UserState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HotKeysTest {
    private static final AggregatePlan PLAN = AggregatePlan.read(ConfigNode.parse("test.yaml", """
            windows: { 1h: { length: 1 h, hop: 1 min } }
            aggregates: { n: { op: count, windows: all } }
            """));
    private static final long USER_BYTES = new UserState(PLAN).memoryBytes();

    private final List<String> written = new ArrayList<>();
    private final HotKeys<UserState> users = new HotKeys<>(3 * USER_BYTES, UserState::memoryBytes, (user, state) -> written.add(user));

    @Test
    void whoWasTouchedSinceTheHandCameByStays() {
        put("ann", "bob", "cyd");
        put("dan"); // the hand clears every flag once round and takes the first
        assertThat(users.find("ann")).isNull();
        users.find("cyd");
        put("eve");
        assertThat(users.find("cyd")).isNotNull();
        assertThat(users.find("bob")).isNull();
        assertThat(users.size()).isEqualTo(3);
    }

    @Test
    void onlyChangedUsersAreWrittenAndOnlyOnce() {
        users.put("ann", new UserState(PLAN)).markChanged();
        put("bob");
        users.flush();
        users.flush();
        assertThat(written).containsExactly("ann");
        users.find("ann").markChanged();
        put("cyd", "dan", "eve", "fay");
        assertThat(written).containsExactly("ann", "ann");
    }

    @Test
    void oneUserIsKeptHoweverLargeHeIs() {
        HotKeys<UserState> none = new HotKeys<>(0, UserState::memoryBytes, (user, state) -> written.add(user));
        none.put("ann", new UserState(PLAN)).markChanged();
        assertThat(none.find("ann")).isNotNull();
        none.put("bob", new UserState(PLAN));
        assertThat(none.size()).isEqualTo(1);
        assertThat(written).containsExactly("ann");
    }

    @Test
    void aStateThatGrewSinceItCameTakesTheRoomThatItHasNow() {
        HotKeys<int[]> grown = new HotKeys<>(100, size -> size[0], (user, state) -> written.add(user));
        for (String name : List.of("ann", "bob", "cyd", "dan")) {
            grown.put(name, new int[] {1}).state[0] = 40; // one of 1 byte grows to 40
            grown.find(name);
        }
        assertThat(grown.size()).isLessThanOrEqualTo(3); // 40 + 40, and the newest
    }

    @Test
    void aRemovedKeyIsForgottenUnwrittenAndLeavesItsPlace() {
        users.put("ann", new UserState(PLAN)).markChanged();
        put("bob", "cyd");
        users.remove("ann");
        users.remove("nobody");
        assertThat(users.size()).isEqualTo(2);
        assertThat(users.find("ann")).isNull();
        put("dan");
        assertThat(users.size()).as("its memory is free").isEqualTo(3);
        users.remove("cyd");
        users.remove("dan");
        assertThat(users.find("bob")).isNotNull();
        assertThat(users.size()).isEqualTo(1);
        users.flush();
        assertThat(written).isEmpty();
    }

    private void put(String... names) {
        for (String name : names) {
            users.put(name, new UserState(PLAN));
        }
    }
}
