package io.liveprofile.anomaly;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.Reason;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Says which events must not touch a user's aggregates, and why: amounts and event rates beyond a hard limit, or far
 * above what is usual for this very user ({@link RobustLimit}). Amounts are judged where money moves, on a log scale, and
 * upwards only: a cheap order after dear ones is no error.
 */
public final class OutlierFilter {
    public static final String AMOUNT_HARD_MAX = "amount-hard-max";
    public static final String AMOUNT_OUTLIER = "amount-outlier";
    public static final String RATE_HARD_MAX = "rate-hard-max";
    public static final String RATE_OUTLIER = "rate-outlier";

    /** A quarter in log units: what differs by less than a factor of 1.28 counts as the same amount. */
    private static final double AMOUNT_DEVIATION_FLOOR = 0.25;

    private static final Set<EventType> MONEY_MOVES = EnumSet.of(EventType.ORDER, EventType.PAYMENT, EventType.REFUND);

    private final OutlierConfig config;
    private final RobustLimit amountLimit;
    private final RobustLimit rateLimit;

    public OutlierFilter(OutlierConfig config) {
        this.config = config;
        this.amountLimit = new RobustLimit(config.amountThreshold(), AMOUNT_DEVIATION_FLOOR);
        this.rateLimit = new RobustLimit(config.rateThreshold(), 1);
    }

    /** Reasons why the event is an outlier, none if it is not; the event enters the history either way. */
    public List<Reason> judge(OutlierState state, BehaviorEvent event) {
        List<Reason> reasons = new ArrayList<>(0);
        judgeRate(state, event.getEventTime(), reasons);
        if (event.getAmountMinor() != null) {
            judgeAmount(state, event, reasons);
        }
        return reasons;
    }

    /** True when a reason speaks of the user's event rate. */
    public static boolean isRate(Reason reason) {
        return reason.getCode().equals(RATE_HARD_MAX) || reason.getCode().equals(RATE_OUTLIER);
    }

    private void judgeAmount(OutlierState state, BehaviorEvent event, List<Reason> reasons) {
        long amount = event.getAmountMinor();
        if (amount > config.amountHardMaxMinor()) {
            reasons.add(reason(AMOUNT_HARD_MAX, "amountMinor", amount, config.amountHardMaxMinor(),
                    "amount %.0f is above the most that one event may have, %.0f"));
        }
        if (!MONEY_MOVES.contains(event.getType())) {
            return;
        }
        if (reasons.isEmpty() && state.amounts.size() >= config.minHistory()) {
            double limit = Math.expm1(amountLimit.after(state.amounts));
            if (amount > limit) {
                reasons.add(reason(AMOUNT_OUTLIER, "amountMinor", amount, limit,
                        "amount %.0f is far above this user's usual ones, at most %.0f"));
            }
        }
        state.amounts.add(Math.log1p(amount));
    }

    private void judgeRate(OutlierState state, long eventTime, List<Reason> reasons) {
        long interval = config.rateInterval().toMillis();
        long start = Math.floorDiv(eventTime, interval) * interval;
        int count;
        if (start >= state.intervalStart) {
            if (start > state.intervalStart) {
                if (state.intervalCount > 0) {
                    state.counts.add(state.intervalCount);
                }
                state.intervalStart = start;
                state.intervalCount = 0;
            }
            count = ++state.intervalCount;
        } else {
            // One event ahead of its time must not blind the filter to the burst that follows behind it.
            state.earlierCount = start == state.earlierStart ? state.earlierCount + 1 : 1;
            state.earlierStart = start;
            count = state.earlierCount;
        }
        if (count > config.rateHardMax()) {
            reasons.add(reason(RATE_HARD_MAX, "eventRate", count, config.rateHardMax(),
                    "%.0f events within " + config.rateInterval().toSeconds() + " s are more than the most allowed, %.0f"));
        } else if (count > config.rateAlwaysAllowed() && state.counts.size() >= config.minHistory()) {
            double limit = Math.max(config.rateAlwaysAllowed(), rateLimit.after(state.counts));
            if (count > limit) {
                reasons.add(reason(RATE_OUTLIER, "eventRate", count, limit, "%.0f events within "
                        + config.rateInterval().toSeconds() + " s are far above this user's usual pace, at most %.0f"));
            }
        }
    }

    private static Reason reason(String code, String field, double value, double limit, String text) {
        return new Reason(code, field, value, limit, String.format(Locale.ROOT, text, value, limit));
    }
}
