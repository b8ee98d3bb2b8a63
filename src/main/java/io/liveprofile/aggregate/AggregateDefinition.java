package io.liveprofile.aggregate;

import io.liveprofile.event.EventType;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One declared aggregate: an operation over the events of some types, read over some windows.
 *
 * @param name lower-case name, unique in the plan
 * @param id stands for the aggregate in state; changes when the operation, its parameters, the filter or a window's hop
 *     change, so that what was counted by another rule is never read as this one
 * @param types event types that take part
 * @param condition number of the condition that events must meet, or {@link Conditions#NONE}
 * @param windows at least one; of one name each
 */
public record AggregateDefinition(
        String name, int id, Operation operation, Set<EventType> types, int condition, List<Window> windows) {

    /** Start of a tile: a time after that of the tile before. */
    private static final int START_BYTES = 5;

    /** Which of the tiles a partial belongs to. */
    private static final int PLACE_BYTES = 2;

    /** What stands before the tiles of a hop, and the time at which the first of them starts. */
    private static final int HEAD_BYTES = 48;

    /** Names of what the aggregate says, window by window, and of each window output by output. */
    public List<String> statisticNames() {
        return windows.stream().flatMap(this::statistics).toList();
    }

    /** Name of the first statistic that {@code window} gives. */
    String statistic(Window window) {
        return statistics(window).findFirst().orElseThrow();
    }

    /** NAME_OUTPUT_WINDOW; a lone lifetime window, and the lone window of what is no number, add nothing to the name. */
    Stream<String> statistics(Window window) {
        boolean isPlain = windows.size() == 1 && (window == Window.LIFETIME || operation.kind() != Operation.Kind.NUMBER);
        List<String> outputs = operation.kind() == Operation.Kind.NUMBER ? operation.outputs() : List.of("");
        return outputs.stream()
                .map(output -> name + (output.isEmpty() ? "" : "_" + output) + (isPlain ? "" : "_" + window.name()));
    }

    /** How many windows in a row it looks at: a trend looks at the one before, too. */
    int windowsBack() {
        return operation instanceof PartialOperation<?> partial && partial.comparesWithBefore() ? 2 : 1;
    }

    /** Start of the oldest tile that the window reads at {@code nowMillis}. */
    long oldestTile(Window window, long nowMillis) {
        return windowsBack() == 2 ? window.oldestTileBefore(nowMillis) : window.oldestTile(nowMillis);
    }

    /** What of it is kept in state for the window. */
    PlanHistory.Kept kept(Window window) {
        return new PlanHistory.Kept(id, operation instanceof HistoryOperation<?> ? 0 : window.hopMillis());
    }

    /**
     * Most bytes of state a user takes for it.
     *
     * @param all the definitions it stands among: those whose partials share tiles keep them for the longest window of the hop
     */
    long maxBytes(List<AggregateDefinition> all) {
        if (operation instanceof HistoryOperation<?>) {
            return operation.maxBytes();
        }
        return windows.stream()
                .mapToLong(Window::hopMillis)
                .distinct()
                .map(hop -> HEAD_BYTES + tileBytes(hop, all) * (isTiled()
                        ? all.stream().filter(AggregateDefinition::isTiled).mapToLong(each -> each.tiles(hop, 1)).max().orElseThrow()
                        : tiles(hop, windowsBack())))
                .sum();
    }

    private long tileBytes(long hop, List<AggregateDefinition> all) {
        return operation.maxBytes() + PLACE_BYTES + (bringsStarts(hop, all) ? START_BYTES : 0);
    }

    /** Of those that share the tiles of a hop the first one counts where the tiles start. */
    private boolean bringsStarts(long hop, List<AggregateDefinition> all) {
        return !isTiled() || this == all.stream()
                .filter(each -> each.isTiled() && each.tiles(hop, 1) > 0)
                .findFirst()
                .orElseThrow();
    }

    /** Most tiles of that hop; 0 when no window has it. */
    private long tiles(long hopMillis, int times) {
        return windows.stream()
                .filter(window -> window.hopMillis() == hopMillis)
                .mapToLong(window -> window.lengthMillis() == Window.FOREVER ? 1 : times * window.lengthMillis() / hopMillis + 1)
                .max()
                .orElse(0);
    }

    private boolean isTiled() {
        return operation instanceof TiledOperation;
    }
}
