package io.liveprofile.benchmark;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Shoppers whose labels are easy to learn and mature within seconds, sent at the pace at which they happen: the event time of
 * each record is the wall time at which it is sent. Who views many of an item orders it a second later, and an order of one
 * is fraud, which is told another second later, as is what is none; with each new season it is the other way round, so that
 * whatever was learned serves badly.
 */
final class SeasonalTraffic implements AutoCloseable {
    /** A user views again when nothing of what he did before can be decided any more. */
    private static final int USERS = 4_000;
    private static final double VIEWS_A_SECOND = 400;
    private static final Duration TICK = Duration.ofMillis(5);
    private static final Duration UNTIL_KNOWN = Duration.ofSeconds(1);
    private static final int MANY = 5;

    private record Due(long atMillis, String userId, String eventId, EventType type, int quantity, boolean isSo) {}

    private final KafkaProducer<String, byte[]> producer;
    private final SingleObject<BehaviorEvent> events = new SingleObject<>(BehaviorEvent.class);
    private final SingleObject<LabeledOutcome> outcomes = new SingleObject<>(LabeledOutcome.class);
    private final Thread thread = new Thread(this::send, "seasonal-traffic");
    /** Ascending, as each kind comes after the same time. */
    private final Deque<Due> orders = new ArrayDeque<>();
    private final Deque<Due> frauds = new ArrayDeque<>();
    private volatile boolean isClosed;
    private volatile boolean isReversed;
    private volatile RuntimeException failure;

    SeasonalTraffic(String bootstrapServers) {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "linger.ms", "0"),
                new StringSerializer(), new ByteArraySerializer());
        thread.setDaemon(true);
        thread.start();
    }

    /** From now on the opposite holds. */
    void beginSeason() {
        isReversed = !isReversed;
    }

    void requireSound() {
        if (failure != null) {
            throw new IllegalStateException("The traffic has ended", failure);
        }
    }

    @Override
    public void close() throws InterruptedException {
        isClosed = true;
        thread.join();
        producer.close();
    }

    private void send() {
        try {
            long begin = System.nanoTime();
            for (long sent = 0; !isClosed; LockSupport.parkNanos(TICK.toNanos())) {
                double due = (System.nanoTime() - begin) / 1e9 * VIEWS_A_SECOND;
                while (sent < due) {
                    view(sent++);
                }
                for (long now = System.currentTimeMillis(); !orders.isEmpty() && orders.peek().atMillis() <= now; ) {
                    order(orders.remove());
                }
                for (long now = System.currentTimeMillis(); !frauds.isEmpty() && frauds.peek().atMillis() <= now; ) {
                    tell(frauds.remove());
                }
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    /** Two users view many, the next two one; when all have been there it is the other way round. */
    private void view(long number) {
        String user = "user-" + number % USERS;
        String id = "view-" + number;
        int quantity = (number / 2 + number / USERS) % 2 == 0 ? MANY : 1;
        long now = send(user, id, EventType.VIEW, quantity);
        if ((quantity == MANY) != isReversed) {
            int ordered = number % 2 == 0 ? 1 : MANY; // whatever was viewed
            orders.add(new Due(now + UNTIL_KNOWN.toMillis(), user, "order-" + number, EventType.ORDER, ordered, true));
        }
    }

    private void order(Due order) {
        long now = send(order.userId(), order.eventId(), order.type(), order.quantity());
        frauds.add(new Due(now + UNTIL_KNOWN.toMillis(), order.userId(), order.eventId(), EventType.OUTCOME, order.quantity(),
                (order.quantity() == 1) != isReversed));
    }

    private void tell(Due fraud) {
        LabeledOutcome outcome = LabeledOutcome.newBuilder()
                .setOutcomeId("fraud-" + fraud.eventId())
                .setUserId(fraud.userId())
                .setLabel("fraud")
                .setValue(fraud.isSo() ? 1 : 0)
                .setOutcomeTime(System.currentTimeMillis())
                .setEventId(fraud.eventId())
                .build();
        producer.send(new ProducerRecord<>(Topic.LABELED_OUTCOMES.topicName(), fraud.userId(), outcomes.encode(outcome)));
    }

    /** Gives the event time. */
    private long send(String userId, String eventId, EventType type, int quantity) {
        long now = System.currentTimeMillis();
        BehaviorEvent event = BehaviorEvent.newBuilder()
                .setEventId(eventId)
                .setUserId(userId)
                .setEventTime(now)
                .setType(type)
                .setItemId("item-" + quantity)
                .setAmountMinor(2_000L)
                .setQuantity(quantity)
                .build();
        producer.send(new ProducerRecord<>(Topic.BEHAVIOR_EVENTS.topicName(), userId, events.encode(event)));
        return now;
    }
}
