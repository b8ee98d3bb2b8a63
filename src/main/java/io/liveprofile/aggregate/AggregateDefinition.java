package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One declared aggregate: an operation over the events of some types, read over some windows.
 *
 * @param name lower-case name, unique in the plan
 * @param id stands for the aggregate in state; changes when the operation, its parameters, the filter or a window's hop
 *     change, so that what was counted by another rule is never read as this one
 * @param types event types that take part
 * @param windows at least one; of one name each
 */
public record AggregateDefinition(
        String name, int id, Operation<?> operation, Set<EventType> types, List<Window> windows) {

    /** Names of what the aggregate says, one a window. */
    public List<String> statisticNames() {
        return windows.stream().map(this::statistic).toList();
    }

    /**
     * The windows whose tiles are kept, in order of series: of all windows with one hop the longest, since the shorter
     * ones read the same tiles.
     */
    List<Window> series() {
        List<Window> series = new ArrayList<>();
        for (Window window : windows) {
            int same = indexOfHop(series, window.hopMillis());
            if (same < 0) {
                series.add(window);
            } else if (window.lengthMillis() > series.get(same).lengthMillis()) {
                series.set(same, window);
            }
        }
        return series;
    }

    int seriesOf(Window window) {
        return indexOfHop(series(), window.hopMillis());
    }

    static int indexOfHop(List<Window> windows, long hopMillis) {
        for (int i = 0; i < windows.size(); i++) {
            if (windows.get(i).hopMillis() == hopMillis) {
                return i;
            }
        }
        return -1;
    }

    boolean accepts(BehaviorEvent event) {
        return types.contains(event.getType()) && operation.accepts(event);
    }

    /** Name of the statistic that {@code window} gives: a lone lifetime window adds nothing to the aggregate's name. */
    String statistic(Window window) {
        return windows.size() == 1 && (window == Window.LIFETIME || operation.kind() != Operation.Kind.NUMBER)
                ? name
                : name + "_" + window.name();
    }
}
