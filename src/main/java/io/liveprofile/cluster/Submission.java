package io.liveprofile.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.liveprofile.local.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * What the command line said when a job was submitted: a job that takes its place is to be the same where it is told nothing else.
 *
 * @param assignments {@code KEY=VALUE} each
 * @param parallelism empty = as Flink's configuration says
 */
record Submission(List<String> assignments, OptionalInt parallelism) {
    static final Submission NOTHING = new Submission(List.of(), OptionalInt.empty());

    private static final String SET = "set";
    private static final String PARALLELISM = "parallelism";

    Submission {
        assignments = List.copyOf(assignments);
    }

    /** What of this one counts for the next: all that it says nothing of. */
    Submission without(Submission next) {
        return new Submission(
                assignments.stream().filter(each -> !next.assigns(key(each))).toList(),
                next.parallelism.isPresent() ? OptionalInt.empty() : parallelism);
    }

    /** The two as one that have nothing in common. */
    Submission and(Submission other) {
        List<String> all = new ArrayList<>(assignments);
        all.addAll(other.assignments);
        return new Submission(all, parallelism.isPresent() ? parallelism : other.parallelism);
    }

    boolean isEmpty() {
        return assignments.isEmpty() && parallelism.isEmpty();
    }

    /** As the command line of make says it; empty where it says nothing. */
    @Override
    public String toString() {
        List<String> options = new ArrayList<>();
        if (!assignments.isEmpty()) {
            options.add("SET=\"" + String.join(" ", assignments) + "\"");
        }
        parallelism.ifPresent(subtasks -> options.add("PARALLELISM=" + subtasks));
        return String.join(" ", options);
    }

    /** @param directory of the cluster's submissions; the last one of the job stays */
    void write(Path directory, Job job) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode set = json.putArray(SET);
        assignments.forEach(set::add);
        parallelism.ifPresent(subtasks -> json.put(PARALLELISM, subtasks));
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(directory + " cannot be written", e);
        }
        RunDirectory.write(file(directory, job), json);
    }

    /** The last one of the job; says nothing where there is none. */
    static Submission read(Path directory, Job job) {
        Path file = file(directory, job);
        if (!Files.exists(file)) {
            return NOTHING;
        }
        JsonNode json = RunDirectory.read(file);
        List<String> assignments = new ArrayList<>();
        json.path(SET).forEach(each -> assignments.add(each.asText()));
        return new Submission(assignments,
                json.has(PARALLELISM) ? OptionalInt.of(json.path(PARALLELISM).asInt()) : OptionalInt.empty());
    }

    private static Path file(Path directory, Job job) {
        return directory.resolve(job.option() + ".json");
    }

    private boolean assigns(String key) {
        return assignments.stream().anyMatch(each -> key(each).equals(key));
    }

    private static String key(String assignment) {
        int equals = assignment.indexOf('=');
        return equals < 0 ? assignment : assignment.substring(0, equals).trim();
    }
}
