package io.liveprofile.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Checkpoints and savepoints of the jobs that were submitted to a cluster, as they lie on disk. */
record JobStates(ClusterDirectory directory) {
    /** Flink writes it last, so what has one is complete. */
    private static final String METADATA = "_metadata";

    /** Has the checkpoints of a job of that id known as this job's, beside those of earlier ids. */
    void remember(Job job, String id) {
        try {
            Files.writeString(idsFile(job), id + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The newest complete checkpoint or savepoint of the job, whichever id it had: one that was submitted and never ran has none,
     * and must not hide those of the one before.
     */
    Optional<Path> newest(Job job) {
        Stream<Path> checkpoints = ids(job).stream()
                .flatMap(id -> list(directory.checkpoints().resolve(id)))
                .filter(each -> each.getFileName().toString().startsWith("chk-"));
        return Stream.concat(checkpoints, list(directory.savepoints().resolve(job.option())))
                .filter(JobStates::isComplete)
                .max(Comparator.comparingLong(each -> each.resolve(METADATA).toFile().lastModified()));
    }

    static boolean isComplete(Path state) {
        return Files.exists(state.resolve(METADATA));
    }

    private List<String> ids(Job job) {
        try {
            return Files.exists(idsFile(job)) ? Files.readAllLines(idsFile(job)) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path idsFile(Job job) {
        return directory.checkpoints().resolve(job.option() + ".job");
    }

    private static Stream<Path> list(Path directory) {
        if (!Files.isDirectory(directory)) {
            return Stream.empty();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
