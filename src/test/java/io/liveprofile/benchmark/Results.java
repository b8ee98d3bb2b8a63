package io.liveprofile.benchmark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * All measurements by name, those of one name in order of their rounds. Ratios are taken round by round, since what is
 * measured a minute apart is on the same machine and what is an hour apart is not.
 */
final class Results {
    private final Map<String, List<Measurement>> measurements = new LinkedHashMap<>();

    void addAll(List<Measurement> more) {
        more.forEach(each -> measurements.computeIfAbsent(each.name(), none -> new ArrayList<>()).add(each));
    }

    /** Of every name the last round's, in the order in which they were first measured. */
    List<Measurement> last() {
        return measurements.values().stream().map(rounds -> rounds.get(rounds.size() - 1)).toList();
    }

    Measurement last(String name) {
        List<Measurement> rounds = rounds(name);
        return rounds.get(rounds.size() - 1);
    }

    /** Median of the rounds. */
    double median(String name, ToDoubleFunction<Measurement> value) {
        return Figure.median(rounds(name).stream().mapToDouble(value).sorted().toArray());
    }

    /** Events a second; without a baseline. */
    Figure rate(String name) {
        return Figure.of(name, "events/s", median(name, Measurement::rate));
    }

    Figure rate(String name, String baseline) {
        return figure(name, "events/s", Measurement::rate, baseline);
    }

    /** Microseconds an event; without a baseline. */
    Figure cost(String name) {
        return Figure.of(name, "µs an event", median(name, Measurement::micros));
    }

    Figure cost(String name, String baseline) {
        return figure(name, "µs an event", Measurement::micros, baseline);
    }

    Figure figure(String name, String unit, ToDoubleFunction<Measurement> value, String baseline) {
        List<Measurement> ours = rounds(name);
        List<Measurement> theirs = rounds(baseline);
        double[] ratios = IntStream.range(0, Math.min(ours.size(), theirs.size()))
                .mapToDouble(round -> value.applyAsDouble(ours.get(round)) / value.applyAsDouble(theirs.get(round)))
                .toArray();
        return Figure.of(name, unit, median(name, value)).against(baseline, median(baseline, value), ratios);
    }

    private List<Measurement> rounds(String name) {
        List<Measurement> rounds = measurements.get(name);
        if (rounds == null) {
            throw new IllegalArgumentException("'" + name + "' was not measured; measured are " + measurements.keySet());
        }
        return rounds;
    }
}
