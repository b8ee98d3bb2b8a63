package io.liveprofile.profile;

import io.liveprofile.aggregate.AggregatePlan;
import io.liveprofile.aggregate.Shares;
import io.liveprofile.aggregate.TextList;
import io.liveprofile.event.PredictionStatus;
import io.liveprofile.event.ScoredFeatures;
import io.liveprofile.event.UserProfile;
import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.feature.UserUpdate;
import io.liveprofile.inference.ScoredUpdate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the published records of a scored update. What is missing is left out, so a profile holds only what is known. */
public final class ProfileAssembler {
    private final String[] statistics;
    private final String[] lists;
    private final String[] affinities;
    private final String schemaHash;

    public ProfileAssembler(AggregatePlan aggregates, FeatureSchema schema) {
        this.statistics = aggregates.statisticNames().toArray(String[]::new);
        this.lists = aggregates.listNames().toArray(String[]::new);
        this.affinities = aggregates.affinityNames().toArray(String[]::new);
        this.schemaHash = schema.hash();
    }

    public UserProfile profile(ScoredUpdate scored) {
        UserUpdate update = scored.update();
        UserProfile profile = new UserProfile();
        profile.setUserId(update.userId());
        profile.setVersion(update.version());
        profile.setFirstSeenAt(update.firstSeenAt());
        profile.setUpdatedAt(update.updatedAt());
        profile.setIngestedAt(update.ingestedAt());
        profile.setLastEventId(update.eventId());
        profile.setEvents(update.events());
        profile.setQuarantined(update.quarantined());
        profile.setStatistics(DenseValues.byName(statistics, update.values().statistics()));
        profile.setLists(named(lists, update.values().lists()));
        profile.setAffinities(named(affinities, update.values().affinities()));
        profile.setPredictionStatus(scored.isScored() ? PredictionStatus.SCORED : PredictionStatus.NO_MODEL);
        profile.setReleaseId(scored.releaseId());
        profile.setPredictions(predictions(scored));
        profile.setEmbedding(DenseValues.list(scored.embedding()));
        return profile;
    }

    public ScoredFeatures scoredFeatures(ScoredUpdate scored) {
        UserUpdate update = scored.update();
        return new ScoredFeatures(
                update.userId() + ":" + update.version(),
                update.userId(),
                update.eventId(),
                update.eventTime(),
                schemaHash,
                DenseValues.list(update.vector()),
                predictions(scored),
                scored.releaseId());
    }

    private static Map<String, List<String>> named(String[] names, TextList[] values) {
        Map<String, List<String>> known = new HashMap<>();
        for (int i = 0; i < names.length; i++) {
            if (!values[i].isEmpty()) {
                known.put(names[i], values[i].toList());
            }
        }
        return known;
    }

    private static Map<String, Map<String, Double>> named(String[] names, Shares[] values) {
        Map<String, Map<String, Double>> known = new HashMap<>();
        for (int i = 0; i < names.length; i++) {
            if (!values[i].isEmpty()) {
                known.put(names[i], values[i].toMap());
            }
        }
        return known;
    }

    private static Map<String, Double> predictions(ScoredUpdate scored) {
        Map<String, Double> predictions = new HashMap<>();
        for (int i = 0; i < scored.probabilities().length; i++) {
            predictions.put(scored.heads().get(i), (double) scored.probabilities()[i]);
        }
        return predictions;
    }
}
