package io.liveprofile.local;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import java.nio.charset.StandardCharsets;

/** Events of 7 users in turn; every tenth message is not an event. */
final class TestingTraffic implements Traffic {
    static final int USERS = 7;
    private static final long START_MILLIS = 1_700_000_000_000L;

    private final SingleObject<BehaviorEvent> codec = new SingleObject<>(BehaviorEvent.class);
    private final long limit;
    private final boolean fromFile;
    private volatile long sent;
    private volatile boolean closed;

    /** @param limit after which it ends */
    TestingTraffic(long limit, boolean fromFile) {
        this.limit = limit;
        this.fromFile = fromFile;
    }

    @Override
    public Message next() {
        if (sent == limit) {
            return null;
        }
        long n = sent;
        sent = n + 1;
        String user = "user-" + n % USERS;
        long time = START_MILLIS + n * 10;
        byte[] value = n % 10 == 9
                ? "no event".getBytes(StandardCharsets.UTF_8)
                : codec.encode(BehaviorEvent.newBuilder()
                        .setEventId("e" + n)
                        .setUserId(user)
                        .setEventTime(time)
                        .setType(EventType.VIEW)
                        .build());
        return new Message(Topic.BEHAVIOR_EVENTS, user, value, time);
    }

    @Override
    public String description() {
        return "testing traffic";
    }

    @Override
    public double progress() {
        return fromFile ? (double) sent / limit : Double.NaN;
    }

    @Override
    public FileRows rows() {
        return fromFile ? new FileRows(sent, sent, 0, 0) : null;
    }

    @Override
    public void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }
}
