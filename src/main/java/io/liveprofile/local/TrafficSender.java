package io.liveprofile.local;

import io.liveprofile.event.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sends traffic at its pace from a thread of its own. After {@link #finish} every message it took from the traffic is
 * acknowledged by the broker, or {@link #failure} says why not.
 */
public final class TrafficSender {
    private static final long NAP_NANOS = 50_000_000;

    private final String bootstrapServers;
    private final Traffic traffic;
    private final Pacer pacer;
    private final Thread thread = new Thread(this::run, "traffic");
    private final Map<Topic, AtomicLong> acknowledged = new HashMap<>();
    private final AtomicLong taken = new AtomicLong();
    private volatile boolean stopped;
    private volatile boolean held;
    private volatile boolean ended;
    private volatile Throwable failure;

    public TrafficSender(String bootstrapServers, Traffic traffic, Pacer pacer) {
        this.bootstrapServers = bootstrapServers;
        this.traffic = traffic;
        this.pacer = pacer;
        for (Topic topic : Topic.values()) {
            acknowledged.put(topic, new AtomicLong());
        }
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Sending pauses while it is held: the job is too far behind. */
    public void hold(boolean hold) {
        this.held = hold;
    }

    /** Takes no further message; returns when all taken ones are acknowledged or have failed. */
    public void finish() throws InterruptedException {
        stopped = true;
        LockSupport.unpark(thread);
        thread.join();
    }

    /**
     * As {@link #finish()}, but gives up when the broker acknowledges nothing for so long.
     *
     * @return whether all taken messages are acknowledged or have failed
     */
    public boolean finish(Duration patience) throws InterruptedException {
        stopped = true;
        LockSupport.unpark(thread);
        long before;
        do {
            before = acknowledged();
            thread.join(patience.toMillis());
        } while (thread.isAlive() && acknowledged() > before);
        return !thread.isAlive();
    }

    /** Whether the traffic has ended by itself or failed. */
    public boolean isDone() {
        return !thread.isAlive();
    }

    /** Whether the traffic was taken to its end. */
    public boolean isEnded() {
        return ended;
    }

    /** Why sending ended early; null while all is well. */
    public Throwable failure() {
        return failure;
    }

    /** Messages of the topic that the broker has acknowledged. */
    public long acknowledged(Topic topic) {
        return acknowledged.get(topic).get();
    }

    /** Messages that the broker has acknowledged. */
    public long acknowledged() {
        return acknowledged.values().stream().mapToLong(AtomicLong::get).sum();
    }

    /** Messages taken from the traffic. */
    public long taken() {
        return taken.get();
    }

    private void run() {
        try (Producer<String, byte[]> producer = producer()) {
            while (!stopped && failure == null) {
                Message message = traffic.next();
                if (message == null) {
                    ended = true;
                    break;
                }
                taken.incrementAndGet();
                if (message.topic() == Topic.BEHAVIOR_EVENTS) {
                    await(message);
                }
                send(producer, message);
            }
            producer.flush();
        } catch (Throwable e) { // an Error too: whoever waits for the traffic must not take it for done
            failure = e;
        }
    }

    /** Returns when the message is due; at once when stopped, since a taken message must still be sent. */
    private void await(Message message) {
        long now = System.nanoTime();
        long due = now + pacer.waitNanos(message.eventTime(), now);
        while (!stopped && (held || due - System.nanoTime() > 0)) {
            LockSupport.parkNanos(held ? NAP_NANOS : Math.min(NAP_NANOS, due - System.nanoTime()));
        }
    }

    private void send(Producer<String, byte[]> producer, Message message) {
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(message.topic().topicName(), message.key(), message.value());
        AtomicLong count = acknowledged.get(message.topic());
        producer.send(record, (metadata, error) -> {
            if (error == null) {
                count.incrementAndGet();
            } else {
                failure = error;
            }
        });
    }

    private Producer<String, byte[]> producer() {
        Map<String, Object> settings = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                ProducerConfig.CLIENT_ID_CONFIG, "traffic",
                ProducerConfig.ACKS_CONFIG, "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true,
                ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4",
                ProducerConfig.LINGER_MS_CONFIG, 10,
                ProducerConfig.BATCH_SIZE_CONFIG, 64 << 10);
        return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }
}
