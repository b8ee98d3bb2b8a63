package io.liveprofile.inference;

import io.liveprofile.event.Reason;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** The inputs that count most in an explanation, in words: at most {@value #MOST} of a row and head, the strongest first. */
final class Reasons {
    private static final int MOST = 5;

    private Reasons() {}

    /** What raises the log-odds of a head. */
    static List<Reason> raising(Explanation explanation, int row, int head) {
        float[] attributed = explanation.attributions()[row][head];
        return strongest(explanation, row, attributed, input -> attributed[input] > 0);
    }

    /** What moves the log-odds, either way: one list a head. */
    static List<List<Reason>> ofEachHead(Explanation explanation, int row) {
        return Arrays.stream(explanation.attributions()[row])
                .map(attributed -> strongest(explanation, row, attributed, input -> Math.abs(attributed[input]) > 0))
                .toList();
    }

    private static List<Reason> strongest(Explanation explanation, int row, float[] attributed, IntPredicate isWanted) {
        return IntStream.range(0, attributed.length)
                .filter(isWanted)
                .boxed()
                .sorted(Comparator.comparingDouble(input -> -Math.abs(attributed[input])))
                .limit(MOST)
                .map(input -> reason(explanation, row, input, attributed[input]))
                .toList();
    }

    private static Reason reason(Explanation explanation, int row, int input, float logOdds) {
        String name = explanation.inputs().get(input);
        float value = explanation.values()[row][input];
        float usual = explanation.usual()[input];
        String what = Float.isNaN(usual)
                ? name
                : Float.isNaN(value)
                        ? name + " missing"
                        : String.format(Locale.ROOT, "%s %.4g, usually %.4g,", name, value, usual);
        boolean isRaised = logOdds > 0;
        return new Reason(isRaised ? "raises-log-odds" : "lowers-log-odds", name, Float.isNaN(value) ? 0.0 : (double) value, Float.isNaN(usual) ? 0.0 : (double) usual,
                String.format(Locale.ROOT, isRaised ? "%s adds %.2f to the log-odds" : "%s takes %.2f from the log-odds", what,
                        Math.abs(logOdds)));
    }
}
