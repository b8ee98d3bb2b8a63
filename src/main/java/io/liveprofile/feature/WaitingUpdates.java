package io.liveprofile.feature;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Updates that wait for what the other keys of their events say, user by user. An update leaves when all has come and every
 * earlier update of its user has left, so versions leave in order, whatever way the answers took.
 *
 * <p>Bounded by what lies in flight between the operators. One instance a thread.
 */
public final class WaitingUpdates {

    /** What is there of one version. */
    private static final class Waiting {
        private UserUpdate update;
        private int missing;
        private final double[][] numbers;

        private Waiting(int plans) {
            this.numbers = new double[plans][];
        }
    }

    /** An update and the numbers of its other keys, by plan; null where its event has no such key. */
    public record Answered(UserUpdate update, double[][] numbers) {}

    private final Map<String, TreeMap<Long, Waiting>> users = new HashMap<>();
    private final int plans;
    private final List<Answered> leaving = new ArrayList<>();

    /** @param plans number of keyed plans */
    public WaitingUpdates(int plans) {
        this.plans = plans;
    }

    public boolean isEmpty() {
        return users.isEmpty();
    }

    /** Takes an update, the versions of a user in order; gives those that leave now. The list is valid until the next call. */
    public List<Answered> add(UserUpdate update) {
        leaving.clear();
        TreeMap<Long, Waiting> versions = users.get(update.userId());
        if (versions == null && update.awaitedKeys() == 0) {
            leaving.add(new Answered(update, new double[plans][]));
            return leaving;
        }
        Waiting waiting = waiting(update.userId(), update.version());
        waiting.update = update;
        waiting.missing += Integer.bitCount(update.awaitedKeys());
        return leave(update.userId());
    }

    /** Takes an answer, which may come before the update; gives those that leave now. The list is valid until the next call. */
    public List<Answered> add(KeyedNumbers answer) {
        leaving.clear();
        Waiting waiting = waiting(answer.userId(), answer.version());
        waiting.numbers[answer.plan()] = answer.numbers();
        waiting.missing--;
        return leave(answer.userId());
    }

    private Waiting waiting(String userId, long version) {
        return users.computeIfAbsent(userId, none -> new TreeMap<>())
                .computeIfAbsent(version, none -> new Waiting(plans));
    }

    private List<Answered> leave(String userId) {
        TreeMap<Long, Waiting> versions = users.get(userId);
        while (!versions.isEmpty()) {
            Waiting first = versions.firstEntry().getValue();
            if (first.update == null || first.missing > 0) {
                return leaving;
            }
            leaving.add(new Answered(first.update, first.numbers));
            versions.pollFirstEntry();
        }
        users.remove(userId);
        return leaving;
    }
}
