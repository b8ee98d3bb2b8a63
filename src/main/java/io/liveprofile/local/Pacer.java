package io.liveprofile.local;

/** Says how long the next message must wait. Clocks are passed in. */
public interface Pacer {
    /**
     * Nanoseconds from {@code nowNanos} until the message may go; 0 or less = now. Each call accounts for one message.
     *
     * @param eventTime of the message, ms UTC
     * @param nowNanos a monotonic clock
     */
    long waitNanos(long eventTime, long nowNanos);

    /** As fast as the broker takes them. */
    static Pacer unlimited() {
        return (eventTime, nowNanos) -> 0;
    }

    /**
     * A steady rate: after a pause at most a tenth of a second's worth follows at once (token bucket), so that a stall
     * does not become a burst.
     *
     * @param perSecond above 0
     */
    static Pacer rate(double perSecond) {
        double gapNanos = 1e9 / perSecond;
        return new Pacer() {
            private double nextNanos = Double.NaN;

            @Override
            public long waitNanos(long eventTime, long nowNanos) {
                double dueNanos = Double.isNaN(nextNanos) ? nowNanos : Math.max(nextNanos, nowNanos - 1e8);
                nextNanos = dueNanos + gapNanos;
                return (long) (dueNanos - nowNanos);
            }
        };
    }

    /**
     * Event time passes {@code speed} times as fast as the clock, from the first message on; messages earlier than one that
     * went before are due at once.
     *
     * @param speed above 0
     */
    static Pacer eventTime(double speed) {
        return new Pacer() {
            private boolean isStarted;
            private long firstTime;
            private long firstNanos;

            @Override
            public long waitNanos(long eventTime, long nowNanos) {
                if (!isStarted) {
                    isStarted = true;
                    firstTime = eventTime;
                    firstNanos = nowNanos;
                }
                double dueAfter = ((double) eventTime - firstTime) * 1e6 / speed;
                // The clock may wrap, so only its differences count. Half of the range: the caller adds it to a clock.
                return (long) Math.min(dueAfter - (nowNanos - firstNanos), Long.MAX_VALUE / 2.0);
            }
        };
    }
}
