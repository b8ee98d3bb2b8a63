package io.liveprofile.local;

/** What the operators of the jobs count in their metric group {@code liveprofile}, by name and over all subtasks. */
public interface JobMetrics {
    /** Sum of a counter, or of a gauge of numbers; 0 while nothing of that name is registered. */
    long count(String name);

    /**
     * A quantile of a histogram's recent values; NaN without a value.
     *
     * @param quantile 0 to 1
     */
    double quantile(String name, double quantile);

    /** A gauge's value as text, the largest one when subtasks differ; empty without one. */
    String text(String name);
}
