package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Events for tests. */
public final class TestingEvents {
    private TestingEvents() {}

    public static BehaviorEvent event(String id, EventType type, long time) {
        return BehaviorEvent.newBuilder()
                .setEventId(id)
                .setUserId("user")
                .setEventTime(time)
                .setType(type)
                .setEmbedding(List.of())
                .setAttributes(Map.of())
                .build();
    }

    /** An event of a random type with random fields, some of them missing. */
    public static BehaviorEvent random(Random random, String id, long time) {
        EventType[] types = {
            EventType.VIEW, EventType.VIEW, EventType.CART_ADD, EventType.ORDER, EventType.SEARCH, EventType.REFUND
        };
        BehaviorEvent event = event(id, types[random.nextInt(types.length)], time);
        if (random.nextInt(5) > 0) {
            event.setAmountMinor((long) random.nextInt(100_000));
        }
        if (random.nextInt(5) > 0) {
            event.setCategoryId(random.nextInt(20) == 0 ? "" : "c" + random.nextInt(12));
        }
        if (random.nextInt(5) > 0) {
            event.setItemId("i" + random.nextInt(60));
        }
        if (random.nextInt(5) > 0) {
            event.setRating(random.nextInt(11) / 2.0 - 1);
        }
        if (random.nextInt(5) > 0) {
            event.setEmbedding(List.of(random.nextFloat(), -random.nextFloat(), 1f));
        }
        return event;
    }
}
