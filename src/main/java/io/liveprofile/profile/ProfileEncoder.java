package io.liveprofile.profile;

import io.liveprofile.aggregate.AggregatePlan;
import io.liveprofile.aggregate.AggregateValues;
import io.liveprofile.aggregate.Shares;
import io.liveprofile.aggregate.TextList;
import io.liveprofile.event.EncodedRecord;
import io.liveprofile.event.PredictionStatus;
import io.liveprofile.event.ScoredFeatures;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.UserProfile;
import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.feature.UserUpdate;
import io.liveprofile.inference.ScoredUpdate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

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
            "predictions", "embedding");

    private static final List<String> FEATURES_FIELDS = List.of(
            "predictionId", "userId", "eventId", "eventTime", "schemaHash", "vector", "scores", "releaseId");

    private static final int TYPICAL_BYTES = 2_048;
    private static final int NULL_BRANCH = 0;
    private static final int TEXT_BRANCH = 1;

    private final byte[] profileHeader = header(UserProfile.getClassSchema(), PROFILE_FIELDS);
    private final byte[] featuresHeader = header(ScoredFeatures.getClassSchema(), FEATURES_FIELDS);
    private final byte[][] statistics;
    private final byte[][] lists;
    private final byte[][] affinities;
    private final byte[] schemaHash;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(TYPICAL_BYTES);
    private final BinaryEncoder out = EncoderFactory.get().binaryEncoder(bytes, null);
    private List<String> heads = List.of();
    private byte[][] headNames = {};

    public ProfileEncoder(AggregatePlan aggregates, FeatureSchema schema) {
        this.statistics = encode(aggregates.statisticNames());
        this.lists = encode(aggregates.listNames());
        this.affinities = encode(aggregates.affinityNames());
        this.schemaHash = TextList.encode(schema.hash());
    }

    /** The user's profile as a {@link UserProfile}, by user. */
    public EncodedRecord profile(ScoredUpdate scored) {
        try {
            UserUpdate update = scored.update();
            bytes.reset();
            out.writeFixed(profileHeader);
            writeText(update.userId());
            out.writeLong(update.version());
            out.writeLong(update.firstSeenAt());
            out.writeLong(update.updatedAt());
            out.writeLong(update.ingestedAt());
            writeText(update.eventId());
            out.writeLong(update.events());
            out.writeLong(update.quarantined());
            writeValues(update.values());
            out.writeEnum((scored.isScored() ? PredictionStatus.SCORED : PredictionStatus.NO_MODEL).ordinal());
            writeRelease(scored);
            writePredictions(scored);
            writeFloats(scored.embedding());
            return record(update.userId());
        } catch (IOException e) {
            throw new IllegalStateException("Encoding to memory failed", e);
        }
    }

    /** The vector that was scored as a {@link ScoredFeatures}, by user. */
    public EncodedRecord scoredFeatures(ScoredUpdate scored) {
        try {
            UserUpdate update = scored.update();
            bytes.reset();
            out.writeFixed(featuresHeader);
            writeText(update.userId() + ":" + update.version());
            writeText(update.userId());
            writeText(update.eventId());
            out.writeLong(update.eventTime());
            out.writeFixed(schemaHash);
            writeFloats(update.vector());
            writePredictions(scored);
            writeRelease(scored);
            return record(update.userId());
        } catch (IOException e) {
            throw new IllegalStateException("Encoding to memory failed", e);
        }
    }

    private void writeValues(AggregateValues values) throws IOException {
        int known = 0;
        for (double value : values.statistics()) {
            known += Double.isNaN(value) ? 0 : 1;
        }
        startBlock(known);
        for (int i = 0; i < statistics.length; i++) {
            if (!Double.isNaN(values.statistics()[i])) {
                out.writeFixed(statistics[i]);
                out.writeDouble(values.statistics()[i]);
            }
        }
        endBlocks();

        known = 0;
        for (TextList list : values.lists()) {
            known += list.isEmpty() ? 0 : 1;
        }
        startBlock(known);
        for (int i = 0; i < lists.length; i++) {
            TextList list = values.lists()[i];
            if (!list.isEmpty()) {
                out.writeFixed(lists[i]);
                startBlock(list.size());
                out.writeFixed(list.encoded());
                endBlocks();
            }
        }
        endBlocks();

        known = 0;
        for (Shares shares : values.affinities()) {
            known += shares.isEmpty() ? 0 : 1;
        }
        startBlock(known);
        for (int i = 0; i < affinities.length; i++) {
            if (!values.affinities()[i].isEmpty()) {
                out.writeFixed(affinities[i]);
                writeShares(values.affinities()[i]);
            }
        }
        endBlocks();
    }

    private void writeShares(Shares shares) throws IOException {
        startBlock(shares.values().length);
        int start = 0;
        for (double share : shares.values()) {
            int end = shares.keys().end(start);
            out.writeFixed(shares.keys().encoded(), start, end - start);
            out.writeDouble(share);
            start = end;
        }
        endBlocks();
    }

    private void writePredictions(ScoredUpdate scored) throws IOException {
        if (scored.heads() != heads) {
            heads = scored.heads();
            headNames = encode(heads);
        }
        float[] probabilities = scored.probabilities();
        startBlock(probabilities.length);
        for (int i = 0; i < probabilities.length; i++) {
            out.writeFixed(headNames[i]);
            out.writeDouble(probabilities[i]);
        }
        endBlocks();
    }

    private void writeRelease(ScoredUpdate scored) throws IOException {
        if (scored.isScored()) {
            out.writeIndex(TEXT_BRANCH);
            writeText(scored.releaseId());
        } else {
            out.writeIndex(NULL_BRANCH);
        }
    }

    private void writeFloats(float[] values) throws IOException {
        startBlock(values.length);
        for (float value : values) {
            out.writeFloat(value);
        }
        endBlocks();
    }

    private void writeText(String text) throws IOException {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8)); // the same form as a string's
    }

    /** Arrays and maps are blocks of items, each after its count, and a count of 0 at the end. */
    private void startBlock(int items) throws IOException {
        if (items > 0) {
            out.writeLong(items);
        }
    }

    private void endBlocks() throws IOException {
        out.writeLong(0);
    }

    private EncodedRecord record(String userId) throws IOException {
        out.flush();
        return new EncodedRecord(userId.getBytes(StandardCharsets.UTF_8), bytes.toByteArray());
    }

    private static byte[][] encode(List<String> names) {
        return names.stream().map(TextList::encode).toArray(byte[][]::new);
    }

    private static byte[] header(Schema schema, List<String> written) {
        List<String> fields = schema.getFields().stream().map(Schema.Field::name).toList();
        if (!fields.equals(written)) {
            throw new IllegalStateException(schema.getName() + " has the fields " + fields + ", but " + written + " are written");
        }
        return SingleObject.header(schema);
    }
}
