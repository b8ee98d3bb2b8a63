package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;

/**
 * All aggregates of one user: takes each event once and says at any time what every window holds.
 *
 * <p>Bounded by the plan: {@link Tiles} of each distinct hop, one history for each {@link HistoryOperation}.
 */
public final class UserAggregates {
    private static final int OBJECT_BYTES = 96;

    private final AggregatePlan plan;
    private final Tiles tiles;
    /** By number among the plan's histories; null until an event feeds it. */
    private final Object[] histories;

    public UserAggregates(AggregatePlan plan) {
        this.plan = plan;
        this.tiles = new Tiles(plan.layouts());
        this.histories = new Object[plan.histories().size()];
    }

    /** Adds an event; {@code nowMillis} is the user's largest event time, this event's included. */
    public void add(BehaviorEvent event, long nowMillis) {
        tiles.add(event, nowMillis);
        for (int number : plan.historiesFedBy(event.getType())) {
            AggregatePlan.History history = plan.histories().get(number);
            long since = history.since(nowMillis);
            if (event.getEventTime() >= since && history.operation().accepts(event)) {
                HistoryOperation<Object> operation = history.operation();
                if (histories[number] == null) {
                    histories[number] = operation.create();
                }
                operation.add(histories[number], event, since);
            }
        }
    }

    /** What every aggregate says at {@code nowMillis}, which never goes back. */
    public AggregateValues read(long nowMillis) {
        double[] statistics = new double[plan.statistics()];
        Arrays.fill(statistics, Double.NaN);
        tiles.read(nowMillis, statistics);
        TextList[] lists = new TextList[plan.lists()];
        Arrays.fill(lists, TextList.EMPTY);
        Shares[] affinities = new Shares[plan.affinities()];
        Arrays.fill(affinities, Shares.EMPTY);
        for (int number = 0; number < histories.length; number++) {
            if (histories[number] == null) {
                continue;
            }
            AggregatePlan.History history = plan.histories().get(number);
            HistoryOperation<Object> operation = history.operation();
            for (int i = 0; i < history.positions().length; i++) {
                int position = history.positions()[i];
                long since = history.definition().windows().get(i).oldestTile(nowMillis);
                switch (operation.kind()) {
                    case NUMBER -> statistics[position] = operation.number(histories[number], since);
                    case LIST -> lists[position] = operation.list(histories[number], since);
                    case SHARES -> affinities[position] = operation.shares(histories[number]);
                }
            }
        }
        return new AggregateValues(statistics, lists, affinities);
    }

    /** Writes every aggregate that holds something; each stands by itself, so that a reader may skip it. */
    public void write(Encoder out, long nowMillis) throws IOException {
        tiles.write(out, nowMillis);
        int kept = 0;
        for (Object history : histories) {
            kept += history == null ? 0 : 1;
        }
        out.writeInt(kept);
        ByteArrayOutputStream block = new ByteArrayOutputStream(256);
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(block, null);
        for (int number = 0; number < histories.length; number++) {
            if (histories[number] != null) {
                AggregatePlan.History history = plan.histories().get(number);
                block.reset();
                history.operation().write(histories[number], history.since(nowMillis), encoder);
                StateId.write(history.definition().id(), out);
                out.writeBytes(block.toByteArray());
            }
        }
    }

    /** Reads what {@link #write} wrote; aggregates and hops that the plan no longer has are dropped. */
    public static UserAggregates read(AggregatePlan plan, Decoder in) throws IOException {
        UserAggregates aggregates = new UserAggregates(plan);
        aggregates.tiles.read(in);
        int written = in.readInt();
        BinaryDecoder decoder = null;
        for (int i = 0; i < written; i++) {
            int number = plan.historyOf(StateId.read(in));
            ByteBuffer block = in.readBytes(null);
            if (number >= 0) {
                decoder = DecoderFactory.get().binaryDecoder(block.array(), block.position(), block.remaining(), decoder);
                aggregates.histories[number] = plan.histories().get(number).operation().read(decoder);
            }
        }
        return aggregates;
    }

    /** Bytes of memory the user takes, roughly. */
    public int memoryBytes() {
        int bytes = OBJECT_BYTES + tiles.memoryBytes();
        for (int number = 0; number < histories.length; number++) {
            bytes += histories[number] == null
                    ? 0
                    : plan.histories().get(number).operation().memoryBytes(histories[number]);
        }
        return bytes;
    }
}
