package io.liveprofile.aggregate;

import java.util.Arrays;

/**
 * What every aggregate of a plan says about one user at one event time. Positions are those of the plan's
 * {@code statisticNames}, {@code listNames}, {@code affinityNames}, {@code breakdownNames} and {@code vectorNames}.
 *
 * @param statistics one number a statistic; NaN = no event of the window feeds it
 * @param lists one list a list aggregate; empty = none
 * @param affinities shares by key of each affinity aggregate; empty = none
 * @param breakdowns numbers by key of each breakdown and window; empty = none
 * @param vectors numbers of each vector aggregate; empty = none
 */
public record AggregateValues(
        double[] statistics, TextList[] lists, NumbersByKey[] affinities, NumbersByKey[] breakdowns, float[][] vectors) {
    private static final NumbersByKey[] NO_NUMBERS = {};
    private static final float[] NO_VECTOR = {};
    private static final float[][] NO_VECTORS = {};

    /** Without breakdowns and vectors. */
    public AggregateValues(double[] statistics, TextList[] lists, NumbersByKey[] affinities) {
        this(statistics, lists, affinities, NO_NUMBERS, NO_VECTORS);
    }

    /** Of a user without events. */
    static AggregateValues empty(AggregatePlan plan) {
        double[] statistics = new double[plan.statisticNames().size()];
        TextList[] lists = new TextList[plan.listNames().size()];
        NumbersByKey[] affinities = new NumbersByKey[plan.affinityNames().size()];
        NumbersByKey[] breakdowns = new NumbersByKey[plan.breakdownNames().size()];
        float[][] vectors = new float[plan.vectorNames().size()][];
        Arrays.fill(statistics, Double.NaN);
        Arrays.fill(lists, TextList.EMPTY);
        Arrays.fill(affinities, NumbersByKey.EMPTY);
        Arrays.fill(breakdowns, NumbersByKey.EMPTY);
        Arrays.fill(vectors, NO_VECTOR);
        return new AggregateValues(statistics, lists, affinities, breakdowns, vectors);
    }
}
