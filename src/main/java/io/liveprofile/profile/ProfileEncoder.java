package io.liveprofile.profile;

import io.liveprofile.aggregate.AggregatePlan;
import io.liveprofile.aggregate.NumbersByKey;
import io.liveprofile.aggregate.TextList;
import io.liveprofile.event.AvroBytes;
import io.liveprofile.event.EncodedRecord;
import io.liveprofile.event.PredictionStatus;
import io.liveprofile.event.Progress;
import io.liveprofile.event.Reason;
import io.liveprofile.event.ScoredFeatures;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.UserProfile;
import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.feature.UserUpdate;
import io.liveprofile.inference.ScoredUpdate;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * Writes a scored update as the records that are published of it, {@link UserProfile} and {@link ScoredFeatures}, straight
 * from its arrays: a profile has some hundred named numbers, and as a record it would be as many boxed objects and text
 * encodings an event. What is missing is left out, so a profile holds only what is known.
 *
 * <p>One instance a thread.
 */
public final class ProfileEncoder {
    /** Fields in the order they are written. */
    private static final List<String> PROFILE_FIELDS = List.of("userId", "version", "firstSeenAt", "updatedAt", "ingestedAt",
            "lastEventId", "events", "quarantined", "statistics", "lists", "affinities", "predictionStatus", "releaseId",
            "predictions", "embedding", "breakdowns", "vectors", "correction", "refreshed", "countsSince", "explanations");

    private static final List<String> FEATURES_FIELDS = List.of(
            "predictionId", "userId", "eventId", "eventTime", "schemaHash", "vector", "scores", "releaseId", "asOf",
            "eventType", "progress");

    private static final List<String> PROGRESS_FIELDS = List.of("watermark", "subtask", "subtasks");

    private static final List<String> REASON_FIELDS = List.of("code", "field", "value", "limit", "text");

    private static final int NULL_BRANCH = 0;
    private static final int VALUE_BRANCH = 1;

    private final byte[] profileHeader = header(UserProfile.getClassSchema(), PROFILE_FIELDS);
    private final byte[] featuresHeader = header(ScoredFeatures.getClassSchema(), FEATURES_FIELDS);
    private final byte[][] statistics;
    private final byte[][] lists;
    private final byte[][] affinities;
    private final byte[][] breakdowns;
    private final byte[][] vectors;
    private final byte[] schemaHash;

    private final AvroBytes out = new AvroBytes();
    private List<String> heads = List.of();
    private byte[][] headNames = {};

    public ProfileEncoder(AggregatePlan aggregates, FeatureSchema schema) {
        requireFields(Reason.getClassSchema(), REASON_FIELDS);
        requireFields(Progress.getClassSchema(), PROGRESS_FIELDS);
        this.statistics = encode(aggregates.statisticNames());
        this.lists = encode(aggregates.listNames());
        this.affinities = encode(aggregates.affinityNames());
        this.breakdowns = encode(aggregates.breakdownNames());
        this.vectors = encode(aggregates.vectorNames());
        this.schemaHash = TextList.encode(schema.hash());
    }

    /** The user's profile as a {@link UserProfile}, by user. */
    public EncodedRecord profile(ScoredUpdate scored) {
        UserUpdate update = scored.update();
        out.reset();
        out.writeEncoded(profileHeader);
        out.writeText(update.userId());
        out.writeLong(update.version());
        out.writeLong(update.firstSeenAt());
        out.writeLong(update.updatedAt());
        out.writeLong(update.ingestedAt());
        out.writeText(update.eventId());
        out.writeLong(update.events());
        out.writeLong(update.quarantined());
        writeStatistics(update.values().statistics());
        writeLists(update.values().lists());
        writeNumbers(affinities, update.values().affinities());
        out.writeLong((scored.isScored() ? PredictionStatus.SCORED : PredictionStatus.NO_MODEL).ordinal());
        writeRelease(scored);
        writePredictions(scored);
        out.writeFloats(scored.embedding());
        writeNumbers(breakdowns, update.values().breakdowns());
        writeVectors(update.values().vectors());
        out.writeBoolean(update.isCorrection());
        out.writeBoolean(update.isRefresh());
        writeCountsSince(update.countsSince());
        writeExplanations(scored);
        return record(update.userId());
    }

    /**
     * The vector that was scored as a {@link ScoredFeatures}, by user.
     *
     * @param progress of the subtask that writes it
     */
    public EncodedRecord scoredFeatures(ScoredUpdate scored, Progress progress) {
        UserUpdate update = scored.update();
        out.reset();
        out.writeEncoded(featuresHeader);
        out.writeText(update.predictionId());
        out.writeText(update.userId());
        out.writeText(update.eventId());
        out.writeLong(update.eventTime());
        out.writeEncoded(schemaHash);
        out.writeFloats(update.vector());
        writePredictions(scored);
        writeRelease(scored);
        out.writeLong(update.updatedAt());
        out.writeLong(update.eventType().ordinal());
        writeProgress(progress);
        return record(update.userId());
    }

    private void writeProgress(Progress progress) {
        out.writeLong(VALUE_BRANCH);
        out.writeLong(progress.getWatermark());
        out.writeLong(progress.getSubtask());
        out.writeLong(progress.getSubtasks());
    }

    private void writeStatistics(double[] values) {
        int known = 0;
        for (double value : values) {
            known += Double.isNaN(value) ? 0 : 1;
        }
        out.startItems(known);
        for (int i = 0; i < values.length; i++) {
            if (!Double.isNaN(values[i])) {
                out.writeEncoded(statistics[i]);
                out.writeDouble(values[i]);
            }
        }
        out.endItems();
    }

    private void writeLists(TextList[] values) {
        int known = 0;
        for (TextList list : values) {
            known += list.isEmpty() ? 0 : 1;
        }
        out.startItems(known);
        for (int i = 0; i < values.length; i++) {
            if (!values[i].isEmpty()) {
                out.writeEncoded(lists[i]);
                out.startItems(values[i].size());
                out.writeEncoded(values[i].encoded());
                out.endItems();
            }
        }
        out.endItems();
    }

    private void writeNumbers(byte[][] names, NumbersByKey[] values) {
        int known = 0;
        for (NumbersByKey numbers : values) {
            known += numbers.isEmpty() ? 0 : 1;
        }
        out.startItems(known);
        for (int i = 0; i < values.length; i++) {
            if (!values[i].isEmpty()) {
                out.writeEncoded(names[i]);
                writeNumbers(values[i]);
            }
        }
        out.endItems();
    }

    private void writeNumbers(NumbersByKey numbers) {
        out.startItems(numbers.values().length);
        int start = 0;
        for (double number : numbers.values()) {
            int end = numbers.keys().end(start);
            out.writeEncoded(numbers.keys().encoded(), start, end);
            out.writeDouble(number);
            start = end;
        }
        out.endItems();
    }

    private void writeVectors(float[][] values) {
        int known = 0;
        for (float[] vector : values) {
            known += vector.length == 0 ? 0 : 1;
        }
        out.startItems(known);
        for (int i = 0; i < values.length; i++) {
            if (values[i].length > 0) {
                out.writeEncoded(vectors[i]);
                out.writeFloats(values[i]);
            }
        }
        out.endItems();
    }

    private void writeCountsSince(Map<String, Long> countsSince) {
        out.startItems(countsSince.size());
        countsSince.forEach((aggregate, since) -> {
            out.writeText(aggregate);
            out.writeLong(since);
        });
        out.endItems();
    }

    private void writePredictions(ScoredUpdate scored) {
        byte[][] names = headNames(scored);
        float[] probabilities = scored.probabilities();
        out.startItems(probabilities.length);
        for (int i = 0; i < probabilities.length; i++) {
            out.writeEncoded(names[i]);
            out.writeDouble(probabilities[i]);
        }
        out.endItems();
    }

    private void writeExplanations(ScoredUpdate scored) {
        List<List<Reason>> reasons = scored.reasons();
        int explained = 0;
        for (List<Reason> ofHead : reasons) {
            explained += ofHead.isEmpty() ? 0 : 1;
        }
        out.startItems(explained);
        for (int head = 0; head < reasons.size(); head++) {
            if (!reasons.get(head).isEmpty()) {
                out.writeEncoded(headNames(scored)[head]);
                out.startItems(reasons.get(head).size());
                reasons.get(head).forEach(this::writeReason);
                out.endItems();
            }
        }
        out.endItems();
    }

    /** Its fields in the order of {@link #REASON_FIELDS}. */
    private void writeReason(Reason reason) {
        out.writeText(reason.getCode());
        out.writeText(reason.getField());
        out.writeDouble(reason.getValue());
        out.writeDouble(reason.getLimit());
        out.writeText(reason.getText());
    }

    private byte[][] headNames(ScoredUpdate scored) {
        if (scored.heads() != heads) {
            heads = scored.heads();
            headNames = encode(heads);
        }
        return headNames;
    }

    private void writeRelease(ScoredUpdate scored) {
        if (scored.isScored()) {
            out.writeLong(VALUE_BRANCH);
            out.writeText(scored.releaseId());
        } else {
            out.writeLong(NULL_BRANCH);
        }
    }

    private EncodedRecord record(String userId) {
        return new EncodedRecord(userId.getBytes(StandardCharsets.UTF_8), out.toByteArray());
    }

    private static byte[][] encode(List<String> names) {
        return names.stream().map(TextList::encode).toArray(byte[][]::new);
    }

    private static byte[] header(Schema schema, List<String> written) {
        requireFields(schema, written);
        return SingleObject.header(schema);
    }

    private static void requireFields(Schema schema, List<String> written) {
        List<String> fields = schema.getFields().stream().map(Schema.Field::name).toList();
        if (!fields.equals(written)) {
            throw new IllegalStateException(schema.getName() + " has the fields " + fields + ", but " + written + " are written");
        }
    }
}
