package io.liveprofile.profile;

import io.liveprofile.aggregate.AggregatePlan;
import io.liveprofile.aggregate.PlanHistory;
import io.liveprofile.aggregate.UserAggregates;
import io.liveprofile.anomaly.OutlierState;
import io.liveprofile.event.ByteArrayEncoder;
import io.liveprofile.ingest.RecentIds;
import io.liveprofile.risk.OpenAlert;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/**
 * Everything the job remembers of one user, read and written as one record: an event costs one state access, however many
 * stages look at it. Each stage owns its part.
 *
 * <p>Bounded: {@link RecentIds} by the dedupe limits, {@link OutlierState} fixed, one {@link OpenAlert} a kind,
 * {@link UserAggregates} by the plan.
 */
public final class UserState {
    /**
     * Format 3: version, first seen, newest event, updated, refresh, last event's id and broker time, counts, recent ids,
     * outlier state, open alerts, newest outcome, its recent ids if there was one, remembered keys, aggregates.
     */
    private static final int FORMAT = 3;

    /** This object, its id and its outlier state, whose size is fixed. */
    private static final int OBJECT_BYTES = 760;

    private static final int ALERT_BYTES = 256;

    static final long NEVER = Long.MIN_VALUE;

    private final AggregatePlan plan;

    long version;
    long firstSeenAt = NEVER;
    /** The user's clock: largest event time of the counted events. */
    long newestAt = NEVER;
    /** Largest time at which an outcome became known. */
    long newestOutcomeAt = NEVER;
    /** Event time up to which windows are counted: {@link #newestAt}, or a later outcome. */
    long updatedAt = NEVER;
    /** Event time of the timer that his newest event found or set to wake him when he is silent; NEVER = none. */
    long refreshAt = NEVER;
    String lastEventId = "";
    long lastIngestedAt;
    long events;
    long quarantined;
    RecentIds recentIds = new RecentIds();
    OutlierState outliers = new OutlierState();
    final List<OpenAlert> openAlerts = new ArrayList<>(0);
    /** Apart from those of events, as they come on a clock of their own; null until the first outcome. */
    RecentIds outcomeIds;
    RememberedKeys rememberedKeys = new RememberedKeys();
    UserAggregates aggregates;

    public UserState(AggregatePlan plan) {
        this.plan = plan;
        this.aggregates = new UserAggregates(plan);
    }

    /** True until the first event that was not dropped as a repeat, or outcome. */
    public boolean isNew() {
        return recentIds.size() == 0 && events == 0 && quarantined == 0 && outcomeIds == null;
    }

    /** Event time of the newest event or outcome that the aggregates count; {@link RefreshSchedule#NEVER} = there is none. */
    public long fedAt() {
        return Math.max(newestAt, newestOutcomeAt);
    }

    /** Event time of the timer that his newest event found or set to wake him; {@link RefreshSchedule#NEVER} = none. */
    public long refreshAt() {
        return refreshAt;
    }

    public void setRefreshAt(long atMillis) {
        refreshAt = atMillis;
    }

    /** How many conditions and formulas had no value since this was asked before. */
    public int takeFailedExpressions() {
        return aggregates.takeFailedExpressions();
    }

    /** Bytes of memory the user takes, roughly. */
    public int memoryBytes() {
        return OBJECT_BYTES + recentIds.memoryBytes() + (outcomeIds == null ? 0 : outcomeIds.memoryBytes()) + openAlerts.size() * ALERT_BYTES + rememberedKeys.memoryBytes()
                + aggregates.memoryBytes();
    }

    public byte[] toBytes() {
        try {
            ByteArrayEncoder out = new ByteArrayEncoder();
            out.writeInt(FORMAT);
            out.writeLong(version);
            out.writeLong(firstSeenAt);
            out.writeLong(newestAt);
            out.writeLong(updatedAt);
            out.writeLong(refreshAt);
            out.writeString(lastEventId);
            out.writeLong(lastIngestedAt);
            out.writeLong(events);
            out.writeLong(quarantined);
            recentIds.write(out);
            outliers.write(out);
            out.writeInt(openAlerts.size());
            for (OpenAlert alert : openAlerts) {
                alert.write(out);
            }
            out.writeLong(newestOutcomeAt);
            if (newestOutcomeAt != NEVER) {
                outcomeIds.write(out);
            }
            rememberedKeys.write(plan.keyed(), out);
            aggregates.write(out, updatedAt);
            return out.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException("Writing to memory failed", e);
        }
    }

    /**
     * Reads what {@link #toBytes} wrote; aggregates that {@code plan} no longer has are dropped, new ones start empty and
     * say since when they count.
     *
     * @param history knows the plans under which users were written
     * @throws IllegalStateException when the bytes are of a format this version does not know
     */
    public static UserState fromBytes(AggregatePlan plan, PlanHistory history, byte[] bytes) {
        try {
            BinaryDecoder in = DecoderFactory.get().binaryDecoder(bytes, null);
            int format = in.readInt();
            if (format != FORMAT) {
                throw new IllegalStateException("User state of format " + format + "; this version reads " + FORMAT);
            }
            UserState state = new UserState(plan);
            state.version = in.readLong();
            state.firstSeenAt = in.readLong();
            state.newestAt = in.readLong();
            state.updatedAt = in.readLong();
            state.refreshAt = in.readLong();
            state.lastEventId = in.readString();
            state.lastIngestedAt = in.readLong();
            state.events = in.readLong();
            state.quarantined = in.readLong();
            state.recentIds = RecentIds.read(in);
            state.outliers = OutlierState.read(in);
            int alerts = in.readInt();
            for (int i = 0; i < alerts; i++) {
                state.openAlerts.add(OpenAlert.read(in));
            }
            state.newestOutcomeAt = in.readLong();
            if (state.newestOutcomeAt != NEVER) {
                state.outcomeIds = RecentIds.read(in);
            }
            state.rememberedKeys = RememberedKeys.read(plan.keyed(), in);
            state.aggregates = UserAggregates.read(plan, history, state.newestAt, in);
            return state;
        } catch (IOException e) {
            throw new IllegalStateException("User state cannot be read", e);
        }
    }
}
