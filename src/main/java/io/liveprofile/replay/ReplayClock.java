package io.liveprofile.replay;

import io.liveprofile.config.ConfigException;

/**
 * Says how long to wait before an event may be sent, so that event time passes at a multiple of real time. Pure: the
 * caller passes the time and does the waiting. The first event asked about is due at once and anchors the clock.
 *
 * <p>One instance a replay; not thread-safe.
 */
public final class ReplayClock {
    private final double speed;
    private boolean isAnchored;
    private long anchorEventMillis;
    private long anchorNanos;

    private ReplayClock(double speed) {
        this.speed = speed;
    }

    /**
     * @param speed {@code max} (never wait), or how many times faster than real time: above 0, up to 1,000,000
     */
    public static ReplayClock of(String speed) {
        if (speed.equals("max")) {
            return new ReplayClock(Double.POSITIVE_INFINITY);
        }
        try {
            double times = Double.parseDouble(speed);
            if (times > 0 && times <= 1_000_000) {
                return new ReplayClock(times);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new ConfigException("SPEED = '" + speed + "': must be max, or a number above 0 up to 1000000");
    }

    /**
     * Nanoseconds to wait, 0 or more, before the event at {@code eventMillis} may be sent; events earlier than one already
     * sent are due at once.
     *
     * @param nowNanos a monotonic clock such as {@link System#nanoTime}
     */
    public long waitNanos(long eventMillis, long nowNanos) {
        if (speed == Double.POSITIVE_INFINITY) {
            return 0;
        }
        if (!isAnchored) {
            isAnchored = true;
            anchorEventMillis = eventMillis;
            anchorNanos = nowNanos;
        }
        double dueAfter = (eventMillis - anchorEventMillis) * 1e6 / speed;
        double wait = dueAfter - (nowNanos - anchorNanos);
        return wait <= 0 ? 0 : (long) Math.min(wait, Long.MAX_VALUE / 2.0);
    }
}
