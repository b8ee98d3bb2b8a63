package io.liveprofile.simulation;

/**
 * Holds the long-run event rate: learns how many events one regular visit brings, return visits and what follows an
 * order included, and sets the rate of visits by it. Not thread-safe.
 */
final class Pace {
    private static final double PRIOR_VISITS = 300;
    private static final double PRIOR_EVENTS_PER_VISIT = 20;

    private final double eventsPerMilli;
    private double visits = PRIOR_VISITS;
    private double events = PRIOR_VISITS * PRIOR_EVENTS_PER_VISIT;

    Pace(double eventsPerSecond) {
        this.eventsPerMilli = eventsPerSecond / 1000;
    }

    void countVisit() {
        visits++;
    }

    void countEvent() {
        events++;
    }

    /** Regular visits a ms over all users, averaged over the calendar. */
    double visitsPerMilli() {
        return eventsPerMilli * visits / events;
    }
}
