package io.liveprofile.job.backfill;

import io.liveprofile.event.IngestedRecord;
import io.liveprofile.job.types.IngestedRecordTypeInfo;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * History files first, then a live stream, in one operator.
 *
 * <p>The live stream begins once a checkpoint is complete that holds all of the history: every history event has then
 * passed through its user's state, so no live event overtakes one in the shuffle between. That needs checkpoints that are
 * aligned: an unaligned one is complete while records are still on their way.
 *
 * <p>A failure during the history goes on from the row where the checkpoint stood; one after it goes on with the live
 * stream. After the history the state is that of the live source alone, and can be restored by it.
 *
 * <p>Flink's HybridSource is not used, since (2.2.1) it begins the next source as soon as the readers have sent the last
 * record on; forgets splits that were restored when a checkpoint comes before the readers know their source (FLINK-39645);
 * and after a failure just behind the switch lets a reader ask the live stream's enumerator for files, for ever.
 *
 * @param <L> splits of the live source
 * @param <S> state of its enumerator
 */
public final class BackfillSource<L extends SourceSplit, S>
        implements Source<IngestedRecord, BackfillSplit<L>, BackfillState<S>>, ResultTypeQueryable<IngestedRecord> {
    private static final long serialVersionUID = 1L;

    private final List<HistoryLane> lanes;
    private final HistoryDecoding decoding;
    private final Source<IngestedRecord, L, S> live;

    /** @param lanes what a job without state reads; one with state knows its own */
    public BackfillSource(List<HistoryLane> lanes, HistoryDecoding decoding, Source<IngestedRecord, L, S> live) {
        this.lanes = List.copyOf(lanes);
        this.decoding = decoding;
        this.live = live;
    }

    @Override
    public Boundedness getBoundedness() {
        return live.getBoundedness();
    }

    @Override
    public SourceReader<IngestedRecord, BackfillSplit<L>> createReader(SourceReaderContext context) throws Exception {
        return new BackfillReader<>(context, decoding.opener(), live.createReader(context));
    }

    @Override
    public SplitEnumerator<BackfillSplit<L>, BackfillState<S>> createEnumerator(
            SplitEnumeratorContext<BackfillSplit<L>> context) throws Exception {
        return restoreEnumerator(context, new BackfillState<>(lanes, null));
    }

    @Override
    public SplitEnumerator<BackfillSplit<L>, BackfillState<S>> restoreEnumerator(
            SplitEnumeratorContext<BackfillSplit<L>> context, BackfillState<S> state) throws Exception {
        return new BackfillEnumerator<>(context, live, state);
    }

    @Override
    public SimpleVersionedSerializer<BackfillSplit<L>> getSplitSerializer() {
        return new BackfillSplitSerializer<>(live.getSplitSerializer());
    }

    @Override
    public SimpleVersionedSerializer<BackfillState<S>> getEnumeratorCheckpointSerializer() {
        return new BackfillStateSerializer<>(live.getEnumeratorCheckpointSerializer());
    }

    @Override
    public TypeInformation<IngestedRecord> getProducedType() {
        return IngestedRecordTypeInfo.INSTANCE;
    }
}
