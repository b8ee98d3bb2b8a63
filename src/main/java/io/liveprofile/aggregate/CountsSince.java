package io.liveprofile.aggregate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * Which windows of a user know less than they should, because their aggregate was declared after he was first seen, or a
 * longer window than before. Empty for most users, and again once the windows have filled.
 */
final class CountsSince {

    /** One window of one aggregate, and the event time from which it counts. */
    private record Young(AggregateDefinition definition, Window window, long since) {
        private boolean isYoungAt(long nowMillis) {
            return since > definition.oldestTile(window, nowMillis);
        }
    }

    private List<Young> young = List.of();

    /** Names of the statistics that know less than they should at {@code nowMillis}, with the time from which they count. */
    Map<String, Long> at(long nowMillis) {
        if (young.isEmpty()) {
            return Map.of();
        }
        Map<String, Long> since = new LinkedHashMap<>();
        young.stream()
                .filter(each -> each.isYoungAt(nowMillis))
                .forEach(each -> each.definition().statistics(each.window()).forEach(name -> since.put(name, each.since())));
        return since;
    }

    void write(AggregatePlan plan, Encoder out, long nowMillis) throws IOException {
        young = young.stream().filter(each -> each.isYoungAt(nowMillis)).toList();
        out.writeInt(plan.fingerprint());
        out.writeInt(young.size());
        for (Young each : young) {
            StateId.write(each.definition().id(), out);
            out.writeString(each.window().name());
            out.writeLong(each.window().lengthMillis());
            out.writeLong(each.since());
        }
    }

    /**
     * Reads what {@link #write} wrote under this plan or an older one.
     *
     * @param newestMillis event time of the newest event that was counted
     */
    static CountsSince read(AggregatePlan plan, PlanHistory history, long newestMillis, Decoder in) throws IOException {
        CountsSince counts = new CountsSince();
        int fingerprint = in.readInt();
        int written = in.readInt();
        List<Young> young = new ArrayList<>();
        for (int i = 0; i < written; i++) {
            int id = StateId.read(in);
            String name = in.readString();
            long length = in.readLong();
            long since = in.readLong();
            plan.definitions().stream()
                    .filter(definition -> definition.id() == id)
                    .forEach(definition -> definition.windows().stream()
                            .filter(window -> window.name().equals(name) && window.lengthMillis() == length)
                            .forEach(window -> young.add(new Young(definition, window, since))));
        }
        Map<PlanHistory.Kept, Long> before = history.lengths(fingerprint);
        if (fingerprint != plan.fingerprint() && before != null) {
            addYounger(plan, before, newestMillis, young);
        }
        counts.young = young;
        return counts;
    }

    private static void addYounger(
            AggregatePlan plan, Map<PlanHistory.Kept, Long> before, long newestMillis, List<Young> young) {
        if (newestMillis == Long.MIN_VALUE) {
            return; // no event was counted, so nothing is younger than the first one
        }
        for (AggregateDefinition definition : plan.definitions()) {
            for (Window window : definition.windows()) {
                Long length = before.get(definition.kept(window));
                boolean isKnown = young.stream()
                        .anyMatch(each -> each.definition() == definition && each.window() == window);
                if (length == null) {
                    young.add(new Young(definition, window, newestMillis));
                } else if (length < window.lengthMillis() && !isKnown) {
                    long since = young.stream()
                            .filter(each -> each.definition() == definition
                                    && definition.kept(each.window()).equals(definition.kept(window)))
                            .mapToLong(Young::since)
                            .max()
                            .orElse(Long.MIN_VALUE);
                    young.add(new Young(definition, window, Math.max(since, window.tileOf(newestMillis - definition.windowsBack() * length))));
                }
            }
        }
    }
}
