package io.liveprofile.aggregate;

/**
 * What every aggregate of a plan says about one user at one event time. Positions are those of the plan's
 * {@code statisticNames}, {@code listNames} and {@code affinityNames}.
 *
 * @param statistics one number a statistic; NaN = no event of the window feeds it
 * @param lists one list a list aggregate, newest first; empty = none
 * @param affinities shares by key of each affinity aggregate; empty = none
 */
public record AggregateValues(double[] statistics, TextList[] lists, Shares[] affinities) {}
