package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.ByteArrayEncoder;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.avro.io.Decoder;

/**
 * All aggregates of one user: takes each event once and says at any time what every window holds.
 *
 * <p>Bounded by the plan: {@link Tiles} of each distinct hop, one {@link PartialSeries} for each {@link PartialOperation}
 * and hop, one history for each {@link HistoryOperation}.
 */
public final class UserAggregates {
    private static final int OBJECT_BYTES = 112;

    private final AggregatePlan plan;
    private final Tiles tiles;
    /** By number among the plan's series; null until an event feeds it. */
    private final PartialSeries<?>[] series;
    /** By number among the plan's histories; null until an event feeds it. */
    private final Object[] histories;
    private CountsSince countsSince = new CountsSince();
    /** Conditions and formulas that had no value since somebody asked. Not part of the state. */
    private int failedExpressions;

    public UserAggregates(AggregatePlan plan) {
        this.plan = plan;
        this.tiles = new Tiles(plan.layouts());
        this.series = new PartialSeries<?>[plan.series().size()];
        this.histories = new Object[plan.histories().size()];
    }

    /** Adds an event; {@code nowMillis} is the user's largest event time, this event's included. */
    public void add(BehaviorEvent event, long nowMillis) {
        Conditions.Passed passed = plan.conditions().passed(event);
        failedExpressions += passed.failed();
        tiles.add(event, nowMillis, passed);
        for (int number : plan.seriesFedBy(event.getType())) {
            PartialSeries.Layout layout = plan.series().get(number);
            if (passed.by(layout.definition()) && layout.operation().accepts(event)) {
                if (series[number] == null) {
                    series[number] = new PartialSeries<>(layout);
                }
                series[number].add(event, nowMillis);
            }
        }
        for (int number : plan.historiesFedBy(event.getType())) {
            AggregatePlan.History history = plan.histories().get(number);
            long since = history.since(nowMillis);
            HistoryOperation<Object> operation = history.operation();
            if (event.getEventTime() >= since && passed.by(history.definition()) && operation.accepts(event)) {
                if (histories[number] == null) {
                    histories[number] = operation.create();
                }
                operation.add(histories[number], event, since);
            }
        }
    }

    /** What every aggregate says at {@code nowMillis}, which never goes back. */
    public AggregateValues read(long nowMillis) {
        AggregateValues values = AggregateValues.empty(plan);
        tiles.read(nowMillis, values.statistics());
        for (PartialSeries<?> each : series) {
            if (each != null) {
                each.read(nowMillis, values);
            }
        }
        for (int number = 0; number < histories.length; number++) {
            if (histories[number] != null) {
                read(plan.histories().get(number), histories[number], nowMillis, values);
            }
        }
        if (plan.keyed().isEmpty()) { // else the formulas wait for what other keys say
            failedExpressions += plan.derive(values.statistics());
        }
        return values;
    }

    /** Event time from which statistics count that are younger than the user, by name; ms UTC. */
    public Map<String, Long> countsSince(long nowMillis) {
        return countsSince.at(nowMillis);
    }

    /** How many conditions and formulas had no value since this was asked before. */
    public int takeFailedExpressions() {
        int failed = failedExpressions;
        failedExpressions = 0;
        return failed;
    }

    /** Writes every aggregate that holds something; each stands by itself, so that a reader may skip it. */
    public void write(ByteArrayEncoder out, long nowMillis) throws IOException {
        countsSince.write(plan, out, nowMillis);
        tiles.write(out, nowMillis);
        ByteArrayEncoder block = new ByteArrayEncoder();
        out.writeInt(count(series));
        for (int number = 0; number < series.length; number++) {
            if (series[number] != null) {
                PartialSeries.Layout layout = plan.series().get(number);
                block.reset();
                series[number].write(block, nowMillis);
                out.writeLong(layout.hopMillis());
                writeBlock(layout.definition(), block, out);
            }
        }
        out.writeInt(count(histories));
        for (int number = 0; number < histories.length; number++) {
            if (histories[number] != null) {
                AggregatePlan.History history = plan.histories().get(number);
                block.reset();
                history.operation().write(histories[number], history.since(nowMillis), block);
                writeBlock(history.definition(), block, out);
            }
        }
    }

    /**
     * Reads what {@link #write} wrote under this plan or an older one: what both have goes on, what is new starts empty and
     * says since when it counts, what the plan no longer has is dropped.
     *
     * @param history knows the plans there were
     * @param newestMillis event time of the user's newest counted event
     */
    public static UserAggregates read(AggregatePlan plan, PlanHistory history, long newestMillis, Decoder in)
            throws IOException {
        UserAggregates aggregates = new UserAggregates(plan);
        aggregates.countsSince = CountsSince.read(plan, history, newestMillis, in);
        aggregates.tiles.read(in);
        int writtenSeries = in.readInt();
        for (int i = 0; i < writtenSeries; i++) {
            long hopMillis = in.readLong();
            int number = plan.seriesOf(StateId.read(in), hopMillis);
            int format = in.readInt();
            int bytes = (int) in.readLong();
            if (number < 0) {
                in.skipFixed(bytes);
            } else {
                PartialSeries.Layout layout = plan.series().get(number);
                PartialSeries<Object> series = new PartialSeries<>(layout);
                series.read(known(format, layout.definition()), in);
                aggregates.series[number] = series;
            }
        }
        int writtenHistories = in.readInt();
        for (int i = 0; i < writtenHistories; i++) {
            int number = plan.historyOf(StateId.read(in));
            int format = in.readInt();
            int bytes = (int) in.readLong();
            if (number < 0) {
                in.skipFixed(bytes);
            } else {
                AggregatePlan.History kept = plan.histories().get(number);
                aggregates.histories[number] = kept.operation().read(known(format, kept.definition()), in);
            }
        }
        return aggregates;
    }

    /** Bytes of memory the user takes, roughly. */
    public int memoryBytes() {
        int bytes = OBJECT_BYTES + tiles.memoryBytes();
        for (PartialSeries<?> each : series) {
            bytes += each == null ? 0 : each.memoryBytes();
        }
        for (int number = 0; number < histories.length; number++) {
            bytes += histories[number] == null
                    ? 0
                    : plan.histories().get(number).operation().memoryBytes(histories[number]);
        }
        return bytes;
    }

    /** @throws IllegalStateException when the format is newer than this version */
    static int known(int format, AggregateDefinition definition) {
        if (format > definition.operation().format()) {
            throw new IllegalStateException("State of aggregate '" + definition.name() + "' has format " + format
                    + "; this version reads up to " + definition.operation().format());
        }
        return format;
    }

    private static void read(AggregatePlan.History history, Object kept, long nowMillis, AggregateValues values) {
        HistoryOperation<Object> operation = history.operation();
        List<Window> windows = history.definition().windows();
        for (int i = 0; i < windows.size(); i++) {
            int position = history.positions()[i];
            long since = windows.get(i).oldestTile(nowMillis);
            switch (operation.kind()) {
                case NUMBER -> values.statistics()[position] = operation.number(kept, since, nowMillis);
                case LIST -> values.lists()[position] = operation.list(kept, since);
                case SHARES -> values.affinities()[position] = operation.shares(kept);
                case VECTOR -> values.vectors()[position] = operation.vector(kept);
                case BREAKDOWN -> throw new IllegalStateException("A breakdown of a history");
            }
        }
    }

    private static void writeBlock(AggregateDefinition definition, ByteArrayEncoder block, ByteArrayEncoder out)
            throws IOException {
        StateId.write(definition.id(), out);
        out.writeInt(definition.operation().format());
        block.writeTo(out);
    }

    private static int count(Object[] kept) {
        int count = 0;
        for (Object each : kept) {
            count += each == null ? 0 : 1;
        }
        return count;
    }
}
