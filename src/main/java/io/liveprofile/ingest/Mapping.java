package io.liveprofile.ingest;

import io.liveprofile.config.ConfigException;
import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.LabeledOutcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A compiled mapping of foreign rows to events and outcomes; each key of the file is described in
 * {@code flink-conf/mappings/README.md}. Whatever is wrong with the file is refused on reading it; whatever is wrong with
 * a row is an {@link RejectedRecordException}.
 *
 * <p>The same row at the same number gives the same events with the same ids, on every run and machine.
 *
 * <p>Immutable and thread-safe, but not serialisable: ship the text of the file and parse it where it is used.
 */
public final class Mapping {
    /** Longer rows are unmappable. */
    public static final int MOST_ROW_BYTES = 1 << 20;

    private final ConfigNode root;
    private final String name;
    private final MappingFormat format;
    private final boolean isTimeOrdered;
    private final boolean isFirstOnly;
    private final MappingColumns columns;
    private final MappingLines lines;
    private final List<SkipRule> skipRules = new ArrayList<>();
    private final List<MappingEventRule> eventRules = new ArrayList<>();
    private final List<MappingOutcomeRule> outcomeRules = new ArrayList<>();

    private record SkipRule(String name, MappingCondition when) {}

    private Mapping(ConfigNode root, MappingFormat format) {
        this.root = root;
        this.format = format;
        root.rejectOtherKeys("name", "format", "header", "columns", "separator", "quote", "order", "match", "skip",
                "fields", "events", "outcomes");
        name = root.get("name").text();
        if (name.isBlank()) {
            throw root.get("name").error("must not be empty");
        }
        isTimeOrdered = root.find("order").map(n -> choice(n, "file", "time") == 1).orElse(false);
        isFirstOnly = root.find("match").map(n -> choice(n, "first", "all") == 0).orElse(true);
        columns = new MappingColumns(format.columns());
        lines = MappingLines.of(format);
        MappingScope scope = MappingScope.of(columns);
        readSkipRules(scope);
        readEventRules(scope);
        readOutcomeRules(scope);
    }

    /**
     * Reads a mapping file.
     *
     * @throws ConfigException when it is missing or anything in it is not as the format says
     */
    public static Mapping read(Path path) {
        return of(ConfigNode.read(path));
    }

    /** Parses the text of a mapping; {@code file} is the name that errors carry. */
    public static Mapping parse(String file, String yaml) {
        return of(ConfigNode.parse(file, yaml));
    }

    private static Mapping of(ConfigNode root) {
        MappingScope.rejectEmptyKeys(root);
        return new Mapping(root, MappingFormat.read(root));
    }

    public String name() {
        return name;
    }

    public MappingFormat format() {
        return format;
    }

    /** Whether a file of this set is to be sorted by time before it is replayed. */
    public boolean isTimeOrdered() {
        return isTimeOrdered;
    }

    /**
     * The same mapping for a file whose header line is {@code header}: columns are found by name, in any order, and ones
     * that the mapping does not know are left alone.
     *
     * @throws ConfigException when the header lacks a column of the mapping
     */
    public Mapping withHeader(byte[] header, String file) {
        List<String> found;
        try {
            String line = MappingLines.text(header);
            found = CsvMappingLines.fields(line, format.separator(), format.quote());
        } catch (RejectedRecordException e) {
            throw new ConfigException(file + ":1: not a header line: " + e.detail(), e);
        }
        if (found.equals(format.columns())) {
            return this;
        }
        List<String> missing = format.columns().stream().filter(c -> !found.contains(c)).toList();
        if (!missing.isEmpty()) {
            throw new ConfigException(file + ":1: the first line must name the columns of mapping " + name + "; missing: "
                    + String.join(", ", missing));
        }
        if (new HashSet<>(found).size() != found.size()) {
            throw new ConfigException(file + ":1: the first line names a column twice");
        }
        return new Mapping(root, format.withColumns(found));
    }

    /**
     * Maps one row.
     *
     * @param row one text for each column, in order; empty where there is none
     * @param rowNumber what tells rows that are alike apart: line of the file, offset in the topic
     */
    public MappedRow map(String[] row, long rowNumber) throws RejectedRecordException {
        if (row.length != columns.size()) {
            throw new RejectedRecordException(
                    "wrong-column-count", columns.size() + " columns expected, " + row.length + " found");
        }
        MappingRow source = new MappingRow(columns, row, rowNumber);
        for (SkipRule rule : skipRules) {
            if (rule.when().holds(source)) {
                return MappedRow.skipped(rule.name());
            }
        }
        BehaviorEvent[] made = new BehaviorEvent[eventRules.size()];
        List<BehaviorEvent> events = events(source, made);
        return withOutcomes(events, source, made);
    }

    /** Maps the bytes of one row: a CSV line that is not the header, or a JSON object. */
    public MappedRow mapLine(byte[] line, long rowNumber) throws RejectedRecordException {
        String[] row = lines.values(MappingLines.text(line));
        return row == null ? MappedRow.skipped(MappedRow.BLANK_LINE) : map(row, rowNumber);
    }

    private List<BehaviorEvent> events(MappingRow row, BehaviorEvent[] made) throws RejectedRecordException {
        List<BehaviorEvent> events = new ArrayList<>(1);
        for (int i = 0; i < made.length; i++) {
            made[i] = eventRules.get(i).apply(row);
            if (made[i] != null) {
                events.add(made[i]);
                if (isFirstOnly) {
                    break;
                }
            }
        }
        return events;
    }

    private MappedRow withOutcomes(List<BehaviorEvent> events, MappingRow row, BehaviorEvent[] made)
            throws RejectedRecordException {
        List<LabeledOutcome> outcomes = outcomeRules.isEmpty() ? List.of() : new ArrayList<>(1);
        List<Long> origins = outcomeRules.isEmpty() ? List.of() : new ArrayList<>(1);
        for (MappingOutcomeRule rule : outcomeRules) {
            LabeledOutcome outcome = rule.apply(row, made);
            if (outcome != null) {
                outcomes.add(outcome);
                origins.add(rule.origin(outcome, made));
            }
        }
        return events.isEmpty() && outcomes.isEmpty()
                ? MappedRow.skipped(MappedRow.NO_RULE) : new MappedRow(events, outcomes, origins, null);
    }

    private void readSkipRules(MappingScope scope) {
        if (!root.has("skip")) {
            return;
        }
        List<String> reserved = List.of(MappedRow.NO_RULE, MappedRow.BLANK_LINE, EventSpan.OUTSIDE);
        Set<String> names = new HashSet<>(reserved);
        for (ConfigNode node : root.get("skip").items()) {
            node.rejectOtherKeys("name", "when");
            String rule = node.get("name").text();
            if (!names.add(rule)) {
                throw node.get("name").error("stands twice or is reserved (" + String.join(", ", reserved) + ")");
            }
            skipRules.add(new SkipRule(rule, scope.expressions().condition(node.get("when"), "skip rule " + rule)));
        }
    }

    private void readEventRules(MappingScope scope) {
        Optional<ConfigNode> shared = root.find("fields");
        shared.ifPresent(node -> node.rejectOtherKeys(MappingFields.KEYS.toArray(String[]::new)));
        Set<String> names = new LinkedHashSet<>();
        for (ConfigNode node : root.get("events").items()) {
            MappingEventRule rule =
                    MappingEventRule.read(name, "rule-" + (eventRules.size() + 1), node, shared, scope);
            if (!names.add(rule.name())) {
                throw (node.has("name") ? node.get("name") : node).error("the name " + rule.name() + " stands twice");
            }
            eventRules.add(rule);
        }
        if (eventRules.isEmpty()) {
            throw root.get("events").error("must have at least one rule");
        }
    }

    private void readOutcomeRules(MappingScope scope) {
        if (!root.has("outcomes")) {
            return;
        }
        List<String> eventNames = eventRules.stream().map(MappingEventRule::name).toList();
        for (ConfigNode node : root.get("outcomes").items()) {
            outcomeRules.add(MappingOutcomeRule.read(name, outcomeRules.size() + 1, node, eventNames, scope));
        }
    }

    /** Which of the choices {@code node} is. */
    private static int choice(ConfigNode node, String... choices) {
        int index = List.of(choices).indexOf(node.text());
        if (index < 0) {
            throw node.error("must be one of " + String.join(", ", choices));
        }
        return index;
    }
}
