package io.liveprofile.deploy;

import io.liveprofile.inference.ScoreOperator;
import io.liveprofile.job.Counts;
import io.liveprofile.metrics.Ledger;
import io.liveprofile.sink.KafkaSinks;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Metrics of the jobs by the names that they declare, and as Flink's reporter for Prometheus calls them. */
final class PrometheusNames {
    static final String OPERATOR = "flink_taskmanager_job_task_operator_";
    /** Texts, which the reporter shows as 0. */
    static final Set<String> TEXTS = Set.of(ScoreOperator.RELEASE, Counts.CHAMPION);
    /** Counted by the sources' deserializers, in their group. */
    static final Set<String> DESERIALIZERS = Set.of(Counts.VECTORS_BROKEN, Counts.RELEASES_BROKEN);
    static final Set<String> HISTOGRAMS =
            Set.of(Counts.LATENCY, ScoreOperator.BATCH_ROWS, ScoreOperator.BATCH_MICROS, ScoreOperator.LOAD_MILLIS);

    private PrometheusNames() {}

    /** Every metric of the jobs, by its own name. */
    static Set<String> declared() {
        Set<String> names = new TreeSet<>();
        Stream.of(Counts.class, ScoreOperator.class, KafkaSinks.class).forEach(declaring -> {
            for (Field field : declaring.getFields()) {
                if (field.getType() == String.class && Modifier.isStatic(field.getModifiers())) {
                    try {
                        names.add((String) field.get(null));
                    } catch (IllegalAccessException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }
        });
        return names;
    }

    /** Flink's own, where it is not the operator's. */
    private static String groupOf(String name) {
        return DESERIALIZERS.contains(name) ? "deserializer_" : name.equals(KafkaSinks.TOO_LARGE) ? "user_" : "";
    }

    /** A metric's name for Prometheus: characters that it does not take become underscores. */
    static String of(String name) {
        return OPERATOR + groupOf(name) + Ledger.GROUP + "_"
                + (name.equals(Counts.DROPPED) ? "end_reason_" : "") + name.replace('-', '_'); // the names of its labels, too
    }
}
