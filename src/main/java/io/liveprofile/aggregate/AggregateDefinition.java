package io.liveprofile.aggregate;

import io.liveprofile.event.EventType;
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
        String name, int id, Operation operation, Set<EventType> types, List<Window> windows) {

    /** Names of what the aggregate says, one a window. */
    public List<String> statisticNames() {
        return windows.stream().map(this::statistic).toList();
    }

    /** Name of the statistic that {@code window} gives: a lone lifetime window adds nothing to the aggregate's name. */
    String statistic(Window window) {
        return windows.size() == 1 && (window == Window.LIFETIME || operation.kind() != Operation.Kind.NUMBER)
                ? name
                : name + "_" + window.name();
    }
}
