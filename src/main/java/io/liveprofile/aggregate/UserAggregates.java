package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
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
 * <p>Bounded: one series of tiles for each aggregate and distinct hop, at most length / hop + 1 tiles each. An event
 * costs one addition for each aggregate it feeds and each distinct hop of that aggregate.
 */
public final class UserAggregates {
    private final AggregatePlan plan;
    /** By aggregate and series of it; null until an event feeds the aggregate. */
    private final TileSeries<?>[][] series;

    public UserAggregates(AggregatePlan plan) {
        this.plan = plan;
        this.series = new TileSeries<?>[plan.definitions().size()][];
    }

    /** Adds an event; {@code nowMillis} is the user's largest event time, this event's included. */
    public void add(BehaviorEvent event, long nowMillis) {
        for (int aggregate : plan.fedBy(event.getType())) {
            AggregateDefinition definition = plan.definitions().get(aggregate);
            if (!definition.accepts(event)) {
                continue;
            }
            TileSeries<?>[] fed = series[aggregate];
            if (fed == null) {
                fed = series[aggregate] = plan.emptySeries(aggregate);
            }
            List<Window> windows = plan.seriesWindows(aggregate);
            for (int i = 0; i < fed.length; i++) {
                long tile = windows.get(i).tileOf(event.getEventTime());
                long oldest = windows.get(i).oldestTile(nowMillis);
                if (tile >= oldest) {
                    fed[i].add(tile, event);
                }
                fed[i].evictBefore(oldest);
            }
        }
    }

    /** What every aggregate says at {@code nowMillis}, which never goes back. */
    public AggregateValues read(long nowMillis) {
        double[] statistics = new double[plan.statisticNames().size()];
        TextList[] lists = new TextList[plan.listNames().size()];
        Shares[] affinities = new Shares[plan.affinityNames().size()];
        long[] oldestTiles = new long[plan.windows().size()];
        for (int i = 0; i < oldestTiles.length; i++) {
            oldestTiles[i] = plan.windows().get(i).oldestTile(nowMillis);
        }
        for (AggregatePlan.Output output : plan.outputs()) {
            TileSeries<?>[] fed = series[output.aggregate()];
            Object value = fed == null
                    ? null
                    : fed[output.series()].value(output.reading(), oldestTiles[output.window()], nowMillis);
            switch (output.kind()) {
                case NUMBER -> statistics[output.position()] = value == null ? Double.NaN : (Double) value;
                case LIST -> lists[output.position()] = value == null ? TextList.EMPTY : (TextList) value;
                case WEIGHTS -> affinities[output.position()] = value == null ? Shares.EMPTY : (Shares) value;
            }
        }
        return new AggregateValues(statistics, lists, affinities);
    }

    /** Writes every aggregate that holds something; each stands by itself, so that a reader may skip it. */
    public void write(Encoder out, long nowMillis) throws IOException {
        int fed = 0;
        for (TileSeries<?>[] some : series) {
            fed += some == null ? 0 : 1;
        }
        out.writeInt(fed);
        ByteArrayOutputStream block = new ByteArrayOutputStream(256);
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(block, null);
        for (int i = 0; i < series.length; i++) {
            if (series[i] == null) {
                continue;
            }
            List<Window> windows = plan.seriesWindows(i);
            block.reset();
            encoder.writeInt(windows.size());
            for (int j = 0; j < windows.size(); j++) {
                series[i][j].evictBefore(windows.get(j).oldestTile(nowMillis));
                encoder.writeLong(windows.get(j).hopMillis());
                series[i][j].write(encoder);
            }
            out.writeFixed(ByteBuffer.allocate(Integer.BYTES)
                    .putInt(plan.definitions().get(i).id())
                    .array());
            out.writeBytes(block.toByteArray());
        }
    }

    /** Reads what {@link #write} wrote; aggregates and hops that the plan no longer has are dropped. */
    public static UserAggregates read(AggregatePlan plan, Decoder in) throws IOException {
        UserAggregates aggregates = new UserAggregates(plan);
        int fed = in.readInt();
        byte[] id = new byte[Integer.BYTES];
        BinaryDecoder decoder = null;
        for (int i = 0; i < fed; i++) {
            in.readFixed(id);
            ByteBuffer block = in.readBytes(null);
            Integer aggregate = plan.byId(ByteBuffer.wrap(id).getInt());
            if (aggregate != null) {
                decoder = DecoderFactory.get()
                        .binaryDecoder(block.array(), block.arrayOffset() + block.position(), block.remaining(), decoder);
                aggregates.series[aggregate] = readSeries(plan, aggregate, decoder);
            }
        }
        return aggregates;
    }

    private static TileSeries<?>[] readSeries(AggregatePlan plan, int aggregate, Decoder in) throws IOException {
        TileSeries<?>[] series = plan.emptySeries(aggregate);
        int written = in.readInt();
        for (int i = 0; i < written; i++) {
            int same = AggregateDefinition.indexOfHop(plan.seriesWindows(aggregate), in.readLong());
            TileSeries<?> kept = same >= 0
                    ? series[same]
                    : new TileSeries<>(plan.definitions().get(aggregate).operation(), 0);
            kept.read(in);
        }
        return series;
    }

    private static byte[] idBytes(int id) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(id).array();
    }
}
