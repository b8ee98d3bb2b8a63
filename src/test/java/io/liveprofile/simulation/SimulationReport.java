package io.liveprofile.simulation;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Prints what a simulated stream looks like and how fast it comes. Arguments: users, events a simulated second, events
 * to draw.
 */
public final class SimulationReport {

    public static void main(String[] args) {
        int users = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
        double rate = args.length > 1 ? Double.parseDouble(args[1]) : 2;
        long wanted = args.length > 2 ? Long.parseLong(args[2]) : 5_000_000;
        SimulationConfig config = SimulationConfig.defaults().withUsers(users).withEventsPerSecond(rate);
        speed(config, wanted);
        speed(config, wanted);
        distribution(config, wanted);
    }

    private static void speed(SimulationConfig config, long wanted) {
        long begin = System.nanoTime();
        ShopSimulation simulation = new ShopSimulation(config);
        double setUp = (System.nanoTime() - begin) / 1e9;
        begin = System.nanoTime();
        long hash = 0;
        for (long i = 0; i < wanted; i++) {
            hash += simulation.next().time();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        Runtime runtime = Runtime.getRuntime();
        System.out.printf("set up %.2f s; %,.0f elements/s on one thread; heap in use %,d MB (%d)%n",
                setUp, wanted / seconds, (runtime.totalMemory() - runtime.freeMemory()) >> 20, hash & 7);
    }

    private static void distribution(SimulationConfig config, long wanted) {
        ShopSimulation simulation = new ShopSimulation(config);
        Map<EventType, Long> types = new EnumMap<>(EventType.class);
        Map<Persona, Long> personas = new EnumMap<>(Persona.class);
        Map<String, Long> outcomes = new TreeMap<>();
        Map<Long, Long> days = new TreeMap<>();
        Set<String> sessions = new HashSet<>();
        Set<String> converted = new HashSet<>();
        Set<String> fraudUsers = new HashSet<>();
        long time = config.startMillis();
        for (long i = 0; i < wanted; i++) {
            Simulated next = simulation.next();
            time = next.time();
            if (next instanceof SimulatedOutcome known) {
                outcomes.merge(known.outcome().getLabel() + " of "
                        + simulation.personaOf(known.outcome().getUserId()), 1L, Long::sum);
                fraudUsers.add(known.outcome().getUserId());
            } else if (next instanceof SimulatedEvent behaviour) {
                BehaviorEvent event = behaviour.event();
                Persona persona = simulation.personaOf(event.getUserId());
                types.merge(event.getType(), 1L, Long::sum);
                personas.merge(persona, 1L, Long::sum);
                days.merge((time - config.startMillis()) / Calendar.DAY, 1L, Long::sum);
                if (persona == Persona.SHOPPER) {
                    sessions.add(event.getSessionId());
                    if (event.getType() == EventType.ORDER) {
                        converted.add(event.getSessionId());
                    }
                }
            }
        }
        double span = (time - config.startMillis()) / 1000.0;
        System.out.printf("%.1f days, %.3f elements/s (wanted %.3f)%n",
                span / 86_400, wanted / span, config.eventsPerSecond());
        types.forEach((type, n) -> System.out.printf("%-16s %10d %7.3f %%%n", type, n, 100.0 * n / wanted));
        System.out.println(personas + " " + outcomes + " users with an outcome " + fraudUsers.size());
        System.out.printf("shopper sessions %d, with an order %.2f %%%n",
                sessions.size(), 100.0 * converted.size() / sessions.size());
        System.out.println("events by day " + days);
    }

    private SimulationReport() {}
}
