package io.liveprofile.replay;

import io.liveprofile.config.ConfigException;
import io.liveprofile.ingest.Mapping;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;

/**
 * Tries a mapping on a data file and says what becomes of its rows, without sending anything: what one runs over and over
 * while writing a mapping. Prints the first events and outcomes whole, so only where the data may be seen.
 */
@CommandLine.Command(
        name = "try-mapping",
        mixinStandardHelpOptions = true,
        description = "Maps a data file, prints the first results and counts what became of each row.")
public final class MappingTrial implements Callable<Integer> {
    @CommandLine.Option(names = "--mapping", required = true, description = "mapping file, flink-conf/mappings/...")
    private Path mapping;

    @CommandLine.Option(names = "--data", required = true, description = "data file, plain or .gz")
    private Path data;

    @CommandLine.Option(names = "--show", defaultValue = "3", description = "how many events and outcomes to print (3)")
    private int show;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec command;

    private final Map<String, Long> types = new TreeMap<>();
    private final Map<String, Long> labels = new TreeMap<>();
    private final Map<String, String> firstFailures = new TreeMap<>();
    private final List<String> shown = new ArrayList<>();

    public static void main(String[] args) {
        System.exit(new CommandLine(new MappingTrial()).execute(args));
    }

    /** Exit code 0 when every row was mapped or skipped, 1 when some were unmappable, 2 when nothing could be read. */
    @Override
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        try (FileReplay replay = FileReplay.open(data, Mapping.read(mapping))) {
            replay.forEachRemaining(this::count);
            shown.forEach(out::println);
            out.println("rows        " + replay.rows());
            out.println("events      " + counts(types));
            out.println("outcomes    " + counts(labels));
            out.println("skipped     " + counts(replay.skipped()));
            out.println("unmappable  " + counts(replay.unmappable()));
            firstFailures.forEach((reason, first) -> out.println("  " + reason + ", first at " + first));
            out.flush();
            return replay.unmappable().isEmpty() ? 0 : 1;
        } catch (ConfigException | UncheckedIOException e) {
            command.commandLine().getErr().println(e.getMessage());
            command.commandLine().getErr().flush();
            return 2;
        }
    }

    private void count(ReplayItem item) {
        if (item instanceof ReplayItem.ReplayEvent e) {
            types.merge(e.event().getType().name(), 1L, Long::sum);
            show(e.event().toString());
        } else if (item instanceof ReplayItem.ReplayOutcome o) {
            labels.merge(o.outcome().getLabel(), 1L, Long::sum);
            show(o.outcome().toString());
        } else if (item instanceof ReplayItem.Unmappable u) {
            firstFailures.putIfAbsent(u.reason(), "line " + u.line() + ": " + u.detail());
        }
    }

    private void show(String json) {
        if (shown.size() < show) {
            shown.add(json);
        }
    }

    /** The sum and what it is made of. */
    private static String counts(Map<String, Long> counts) {
        long sum = counts.values().stream().mapToLong(Long::longValue).sum();
        return sum == 0 ? "0" : sum + new TreeMap<>(counts).entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue()).collect(Collectors.joining(", ", " (", ")"));
    }
}
