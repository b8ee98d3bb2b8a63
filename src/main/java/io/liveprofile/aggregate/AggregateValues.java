package io.liveprofile.aggregate;

import java.util.List;
import java.util.Map;

/**
 * What every aggregate of a plan says about one user at one event time. Positions are those of the plan's
 * {@code statisticNames}, {@code listNames} and {@code affinityNames}.
 *
 * @param statistics one number a statistic; NaN = no event of the window feeds it
 * @param lists one list a list aggregate, newest first; empty = none
 * @param affinities one map of key to share (0 to 1) an affinity aggregate; empty = none
 */
public record AggregateValues(double[] statistics, List<List<String>> lists, List<Map<String, Double>> affinities) {}
