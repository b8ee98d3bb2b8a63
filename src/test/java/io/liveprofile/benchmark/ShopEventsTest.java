package io.liveprofile.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.job.ProfileJobConfig;
import io.liveprofile.profile.UserProfiler;
import io.liveprofile.profile.UserState;
import io.liveprofile.profile.Verdict;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShopEventsTest {
    private static final int USERS = 50;

    @Test
    void everyEventIsCountedIntoItsUsersProfile() {
        ProfileJobConfig config = Jobs.engineConfig();
        UserProfiler profiler = new UserProfiler(config.profiler(), config.featurePlan());
        Visits visits = new Visits(USERS, new Workload(USERS, Duration.ofMinutes(10), 8), 1);
        ShopEvents events = new ShopEvents(1);
        Map<Integer, UserState> states = new HashMap<>();
        for (int i = 0; i < 60_000; i++) {
            visits.next(i < 8 * USERS ? null : Popularity.ZIPF);
            BehaviorEvent event =
                    events.next(visits.user(), ShopEvents.userId(visits.user()), visits.timeMillis());
            UserState state = states.computeIfAbsent(visits.user(), none -> profiler.newUser());
            assertThat(profiler.process(state, event, event.getEventTime())).isInstanceOf(Verdict.Profiled.class);
        }
        assertThat(states).hasSize(USERS);
    }

    @Test
    void idsDifferAndTypesComeAsOftenAsInAShop() {
        Set<String> userIds = new HashSet<>();
        Set<String> eventIds = new HashSet<>();
        Map<EventType, Integer> types = new EnumMap<>(EventType.class);
        ShopEvents[] subtasks = {new ShopEvents(1), new ShopEvents(2)};
        for (int i = 0; i < 100_000; i++) {
            String userId = ShopEvents.userId(i);
            BehaviorEvent event = subtasks[i % 2].next(i, userId, Workload.START);
            userIds.add(userId);
            eventIds.add(event.getEventId());
            types.merge(event.getType(), 1, Integer::sum);
        }
        assertThat(userIds).hasSize(100_000).allSatisfy(id -> assertThat(id).hasSize(22));
        assertThat(eventIds).hasSize(100_000);
        assertThat(types.get(EventType.VIEW)).isBetween(51_000, 53_000);
        assertThat(types.get(EventType.ORDER)).isBetween(2_700, 3_300);
    }
}
