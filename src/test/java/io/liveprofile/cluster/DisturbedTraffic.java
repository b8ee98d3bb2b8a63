package io.liveprofile.cluster;

import io.liveprofile.event.Topic;
import io.liveprofile.local.Message;
import io.liveprofile.local.Traffic;

/** Traffic to which something happens on its way, between two of its messages to behavior-events. */
abstract class DisturbedTraffic implements Traffic {
    private final Traffic traffic;
    private final long from;
    private final long until;
    private long taken;

    /**
     * @param from messages to behavior-events before it happens
     * @param until messages to behavior-events until it is over
     */
    DisturbedTraffic(Traffic traffic, long from, long until) {
        this.traffic = traffic;
        this.from = from;
        this.until = until;
    }

    @Override
    public final String description() {
        return traffic.description();
    }

    @Override
    public final void close() throws Exception {
        traffic.close();
    }

    /** The next message as it is; null = the traffic has ended. */
    final Message undisturbed() throws Exception {
        Message message = traffic.next();
        taken += message != null && message.topic() == Topic.BEHAVIOR_EVENTS ? 1 : 0;
        return message;
    }

    /** Messages to behavior-events that were taken. */
    final long taken() {
        return taken;
    }

    /** Whether what was taken is one of those to which it happens. */
    final boolean isStruck(Message message) {
        return message != null && message.topic() == Topic.BEHAVIOR_EVENTS && taken > from && taken <= until;
    }

    /** Whether all to which it happens were taken. */
    final boolean isOver() {
        return taken >= until;
    }
}
