package io.liveprofile.simulation;

import io.liveprofile.event.BehaviorEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * An endless stream of a shop's behaviours and late outcomes in non-decreasing time; equal configs give equal streams.
 *
 * <p>Every event has event id, user id, session, device, address, place and channel. {@code amountMinor} is the price
 * seen for VIEW, CLICK, FAVORITE, CART_ADD and CART_REMOVE, and the whole amount for ORDER, PAYMENT, PAYMENT_FAILED and
 * REFUND. On campaign days {@code attributes} holds {@code campaign}. The labels are those of {@link OutcomeLabels}.
 *
 * <p>Beyond its 34th simulated year the stream is not meaningful. Needs about 45 bytes a user, and 300 bytes a visit
 * that is under way. Not thread-safe.
 */
public final class ShopSimulation implements Iterator<Simulated> {
    private final SimulationConfig config;
    private final Shop shop;
    private final Crowd crowd;
    private final TimeHeap<Visit> visits = new TimeHeap<>();

    /** Costs about half a microsecond for each user. */
    public ShopSimulation(SimulationConfig config) {
        this.config = config;
        this.shop = new Shop(config);
        this.crowd = new Crowd(shop);
    }

    /** All of the stream from the start to the start plus a span, end excluded. */
    public static List<Simulated> take(SimulationConfig config, Duration span) {
        long end = config.startMillis() + span.toMillis();
        ShopSimulation simulation = new ShopSimulation(config);
        List<Simulated> taken = new ArrayList<>();
        while (simulation.nextTime() < end) {
            taken.add(simulation.next());
        }
        return taken;
    }

    /** The first so many behaviours of the stream, outcomes left out. */
    public static List<BehaviorEvent> takeEvents(SimulationConfig config, int count) {
        ShopSimulation simulation = new ShopSimulation(config);
        List<BehaviorEvent> taken = new ArrayList<>(count);
        while (taken.size() < count) {
            if (simulation.next() instanceof SimulatedEvent simulated) {
                taken.add(simulated.event());
            }
        }
        return taken;
    }

    /** Always true. */
    @Override
    public boolean hasNext() {
        return true;
    }

    /** Time of what {@link #next} gives, ms UTC. */
    public long nextTime() {
        openDueVisits();
        return Math.min(shop.outcomes.firstTime(), Math.min(visits.firstTime(), shop.followUps.firstTime()));
    }

    @Override
    public Simulated next() {
        openDueVisits();
        long visitTime = visits.firstTime();
        long followUpTime = shop.followUps.firstTime();
        if (shop.outcomes.firstTime() < Math.min(visitTime, followUpTime)) {
            return new SimulatedOutcome(shop.outcomes.removeFirst());
        }
        if (followUpTime < visitTime) {
            crowd.countEvent();
            return new SimulatedEvent(shop.followUps.removeFirst());
        }
        Visit visit = visits.first();
        BehaviorEvent event = visit.step();
        if (!(visit instanceof CrawlBurst)) {
            crowd.countEvent();
        }
        if (visit.isOver()) {
            visits.removeFirst();
        } else {
            visits.moveFirst(visit.time());
        }
        return new SimulatedEvent(event);
    }

    /**
     * Ground truth for tests and evaluations.
     *
     * @throws IllegalArgumentException when the id is not one of this simulation's users
     */
    public Persona personaOf(String userId) {
        int user = userId.startsWith("u") ? Integer.parseInt(userId.substring(1)) : -1;
        if (user < 0 || user >= config.users()) {
            throw new IllegalArgumentException("userId: " + userId + ", allowed: u0 to u" + (config.users() - 1));
        }
        return Persona.of(config, user);
    }

    private void openDueVisits() {
        while (shop.schedule.firstTime()
                <= Math.min(shop.outcomes.firstTime(), Math.min(visits.firstTime(), shop.followUps.firstTime()))) {
            Visit visit = crowd.openFirst();
            visits.add(visit.time(), visit);
        }
    }
}
