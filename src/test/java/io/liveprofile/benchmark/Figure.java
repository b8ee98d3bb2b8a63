package io.liveprofile.benchmark;

import java.util.Arrays;

/**
 * One figure of the report.
 *
 * @param value in the unit
 * @param baseline what it is compared with; null = nothing
 * @param target of the ratio to the baseline; null = none is set
 * @param explainedBy name of the measurement whose profile says why the target is missed; null = none
 */
record Figure(String name, String unit, double value, Baseline baseline, Target target, String explainedBy) {

    /**
     * @param value in the figure's unit
     * @param ratios figure to baseline, one a round, at least one, ascending
     */
    record Baseline(String name, double value, double[] ratios) {

        double ratio() {
            return median(ratios);
        }

        double smallest() {
            return ratios[0];
        }

        double largest() {
            return ratios[ratios.length - 1];
        }
    }

    static Figure of(String name, String unit, double value) {
        return new Figure(name, unit, value, null, null, null);
    }

    Figure against(String baseline, double baselineValue, double... ratios) {
        double[] sorted = ratios.clone();
        Arrays.sort(sorted);
        return new Figure(name, unit, value, new Baseline(baseline, baselineValue, sorted), target, explainedBy);
    }

    Figure against(String baseline, double baselineValue) {
        return against(baseline, baselineValue, value / baselineValue);
    }

    Figure toReach(Target target, String explainedBy) {
        return new Figure(name, unit, value, baseline, target, explainedBy);
    }

    boolean isMissed() {
        return target != null && !target.isMetBy(baseline.ratio());
    }

    /** @param ascending at least one value */
    static double median(double[] ascending) {
        int middle = ascending.length / 2;
        return ascending.length % 2 == 1 ? ascending[middle] : (ascending[middle - 1] + ascending[middle]) / 2;
    }
}
