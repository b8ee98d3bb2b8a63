package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Share of a window's events by a part of their local time, in order of that part; those without events left out. Exact. */
final class ProfileOfTimeOperation extends GroupingOperation {
    private static final int HOURS = 24;
    private static final int DAYS = 7;

    private ProfileOfTimeOperation(Function<BehaviorEvent, String> part, int parts) {
        super(new CountOperation(), part, parts);
    }

    /** By hour of the day, {@code 00} to {@code 23}. */
    static ProfileOfTimeOperation hours(ZoneId zone) {
        List<String> names = IntStream.range(0, HOURS).mapToObj("%02d"::formatted).toList();
        return new ProfileOfTimeOperation(event -> names.get(time(event, zone).getHour()), HOURS);
    }

    /** By day of the week, {@code 1} (Monday) to {@code 7}, as in ISO 8601. */
    static ProfileOfTimeOperation weekdays(ZoneId zone) {
        List<String> names = IntStream.rangeClosed(1, DAYS).mapToObj(Integer::toString).toList();
        return new ProfileOfTimeOperation(
                event -> names.get(DayOfWeek.from(time(event, zone)).getValue() - 1), DAYS);
    }

    @Override
    public Kind kind() {
        return Kind.BREAKDOWN;
    }

    @Override
    public double whenEmpty() {
        return 0;
    }

    @Override
    NumbersByKey breakdown(Groups groups, long nowMillis) {
        double all = 0;
        for (int i = 0; i < groups.size; i++) {
            all += groups.events(i);
        }
        double[] shares = new double[groups.size];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = groups.events(i) / all;
        }
        return NumbersByKey.of(Arrays.asList(groups.keys).subList(0, groups.size), shares);
    }

    private static ZonedDateTime time(BehaviorEvent event, ZoneId zone) {
        return Instant.ofEpochMilli(event.getEventTime()).atZone(zone);
    }
}
