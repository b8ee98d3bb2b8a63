package io.liveprofile.training;

import io.liveprofile.aggregate.EventField;
import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.EventType;
import io.liveprofile.expression.EventCondition;
import io.liveprofile.training.LabeledExample.HeadLabel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.datasketches.hash.MurmurHash3;

/** The labels of {@code flink-conf/labels.yaml}, in the order of the model's heads. Immutable. */
public final class LabelPlan {
    private static final int MAX_HEADS = 16;
    private static final long SEED = 0x6c61626cL;
    private static final double HASHES = 0x1p63;

    private final List<Label> labels;
    private final long longestHorizonMillis;
    private final long longestEveryMillis;

    public LabelPlan(List<Label> labels) {
        this.labels = List.copyOf(labels);
        this.longestHorizonMillis = labels.stream().mapToLong(label -> label.horizon().toMillis()).max().orElse(0);
        this.longestEveryMillis = labels.stream().mapToLong(label -> label.every().toMillis()).max().orElse(0);
    }

    /**
     * Reads {@code labels.yaml}; throws {@link io.liveprofile.config.ConfigException} naming file, line, key and what is
     * allowed.
     *
     * @param heads of the model, in order; each must have a label, and each label a head
     */
    public static LabelPlan read(Path file, List<String> heads) {
        return parse(ConfigNode.read(file), heads);
    }

    public static LabelPlan parse(ConfigNode root, List<String> heads) {
        root.rejectOtherKeys("labels", "slices");
        ConfigNode declared = root.get("labels");
        Map<String, ConfigNode> entries = declared.entries();
        if (entries.isEmpty() || entries.size() > MAX_HEADS) {
            throw declared.error("must declare from 1 to " + MAX_HEADS + " labels");
        }
        entries.forEach((head, node) -> {
            if (!heads.contains(head)) {
                throw node.error("is no head of the model; heads: " + String.join(", ", heads));
            }
        });
        List<Label> labels = new ArrayList<>();
        for (String head : heads) {
            if (!entries.containsKey(head)) {
                throw declared.error("has no label for the model's head " + head);
            }
            labels.add(label(head, entries.get(head)));
        }
        return new LabelPlan(labels);
    }

    public List<Label> labels() {
        return labels;
    }

    /** These labels with all of the negatives, as who judges every vector needs them. */
    public LabelPlan withAllNegatives() {
        return new LabelPlan(labels.stream()
                .map(each -> new Label(each.head(), each.positive(), each.horizon(), each.negativeAfter(), each.every(),
                        each.judged(), 1))
                .toList());
    }

    /** What this plan keeps of an example of {@link #withAllNegatives}, as if the label join had done it; maybe no label. */
    public LabeledExample kept(LabeledExample example) {
        String id = example.prediction().id();
        return new LabeledExample(example.prediction(), example.labels().stream()
                .filter(each -> isKept(id, each.head(), each.isPositive()))
                .map(each -> new HeadLabel(each.head(), each.isPositive(), each.certainty(),
                        keptShare(each.head(), each.isPositive()), each.knownAt()))
                .toList());
    }

    /** Positives always, of the negatives a share: the same ones each time they are told of. */
    boolean isKept(String predictionId, int head, boolean isPositive) {
        double share = keptShare(head, isPositive);
        return share == 1 || (hash(predictionId, head) >>> 1) / HASHES < share;
    }

    /** Above 0 to 1. */
    double keptShare(int head, boolean isPositive) {
        return isPositive ? 1 : labels.get(head).keptNegatives();
    }

    /** Even over texts and heads. */
    static long hash(String text, int head) {
        return MurmurHash3.hash(text.getBytes(StandardCharsets.UTF_8), SEED + head)[0];
    }

    /** Number of the head of that name, or -1. */
    int headOf(String name) {
        for (int head = 0; head < labels.size(); head++) {
            if (labels.get(head).head().equals(name)) {
                return head;
            }
        }
        return -1;
    }

    /** A number a head of which nothing is known: NaN each. */
    float[] unknown() {
        float[] unknown = new float[labels.size()];
        Arrays.fill(unknown, Float.NaN);
        return unknown;
    }

    /** After which no vector waits any more. */
    public long longestHorizonMillis() {
        return longestHorizonMillis;
    }

    /**
     * How long it is remembered when a user was asked last and which reports he has made: until nobody asks again who would not
     * have, and a report that comes again decides no vector of the time of the first.
     */
    long rememberedMillis() {
        return Math.max(2 * longestHorizonMillis, longestEveryMillis);
    }

    private static Label label(String head, ConfigNode node) {
        node.rejectOtherKeys("positive", "horizon", "negative_after", "every", "judged", "keep_negatives");
        Duration horizon = node.get("horizon").duration();
        Label.Positive positive = positive(node.get("positive"));
        Duration negativeAfter = node.find("negative_after").map(ConfigNode::duration).orElse(horizon);
        if (negativeAfter.compareTo(horizon) > 0) {
            throw node.get("negative_after").error("must be at most the horizon");
        }
        if (positive instanceof Label.Silence && node.has("negative_after")) {
            throw node.get("negative_after").error("has no meaning for silence, which is known at the horizon, and its"
                    + " opposite at once");
        }
        return new Label(
                head,
                positive,
                horizon,
                negativeAfter,
                node.find("every").map(ConfigNode::duration).orElse(Duration.ZERO),
                node.find("judged").map(LabelPlan::types).orElse(EnumSet.complementOf(EnumSet.of(EventType.OUTCOME))),
                node.find("keep_negatives").map(share -> share.number(1e-6, 1)).orElse(1.0));
    }

    private static Label.Positive positive(ConfigNode node) {
        node.rejectOtherKeys("events", "where", "distinct", "outcomes", "silence");
        long kinds = List.of("events", "outcomes", "silence").stream().filter(node::has).count();
        if (kinds != 1) {
            throw node.error("must have one of events, outcomes, silence");
        }
        for (String key : List.of("where", "distinct")) {
            if (node.has(key) && !node.has("events")) {
                throw node.get(key).error("goes with events only");
            }
        }
        if (node.has("outcomes")) {
            Set<String> labels = Set.copyOf(node.get("outcomes").texts());
            if (labels.isEmpty() || labels.contains("")) {
                throw node.get("outcomes").error("must name at least one label, and none that is empty");
            }
            return new Label.OutcomeComes(labels);
        }
        return node.has("silence")
                ? new Label.Silence(types(node.get("silence")))
                : new Label.EventComes(
                        types(node.get("events")),
                        node.find("where").map(EventCondition::read).orElse(null),
                        node.find("distinct").map(EventField::text).orElse(null));
    }

    /** Event types, or {@code all} that a user can cause. */
    private static Set<EventType> types(ConfigNode node) {
        Set<EventType> all = EnumSet.complementOf(EnumSet.of(EventType.OUTCOME));
        if (node.isScalar() && node.text().equals("all")) {
            return all;
        }
        Set<EventType> types = EnumSet.noneOf(EventType.class);
        if (node.isList()) {
            node.items().forEach(type -> types.add(type.oneOf(all)));
        } else {
            types.add(node.oneOf(all));
        }
        if (types.isEmpty()) {
            throw node.error("must name at least one event type, or all");
        }
        return types;
    }
}
