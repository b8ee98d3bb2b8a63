package io.liveprofile.benchmark;

import java.util.Locale;

/** What a ratio ought to reach. */
record Target(Bound bound, double value) {

    enum Bound {
        AT_LEAST("at least"),
        ABOVE("above"),
        AT_MOST("at most");

        private final String words;

        Bound(String words) {
            this.words = words;
        }
    }

    static Target atLeast(double value) {
        return new Target(Bound.AT_LEAST, value);
    }

    static Target above(double value) {
        return new Target(Bound.ABOVE, value);
    }

    static Target atMost(double value) {
        return new Target(Bound.AT_MOST, value);
    }

    /** No number meets a target. */
    boolean isMetBy(double ratio) {
        return switch (bound) {
            case AT_LEAST -> ratio >= value;
            case ABOVE -> ratio > value;
            case AT_MOST -> ratio <= value;
        };
    }

    /** How far the ratio is from the target; 0 where it meets it. */
    double missedBy(double ratio) {
        return isMetBy(ratio) ? 0 : Math.abs(value - ratio);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s %.1f", bound.words, value);
    }
}
