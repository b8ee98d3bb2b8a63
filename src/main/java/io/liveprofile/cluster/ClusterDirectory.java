package io.liveprofile.cluster;

import io.liveprofile.config.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where a cluster on this machine keeps all that it writes. */
record ClusterDirectory(Path path) {

    ClusterDirectory {
        path = path.toAbsolutePath().normalize();
    }

    /** Flink's configuration as its processes read it. */
    Path conf() {
        return path.resolve("conf");
    }

    Path logs() {
        return path.resolve("logs");
    }

    /** A file a process. */
    Path processes() {
        return path.resolve("processes");
    }

    /** Ports that the cluster keeps as long as any of its processes runs. */
    Path addresses() {
        return path.resolve("addresses.json");
    }

    Path kafka() {
        return path.resolve("kafka");
    }

    Path checkpoints() {
        return path.resolve("checkpoints");
    }

    Path savepoints() {
        return path.resolve("savepoints");
    }

    /** Savepoints of the clusters before, which no command removes. */
    Path savepointsBefore() {
        return path.resolve("savepoints-before");
    }

    /** What each job was last submitted with. */
    Path submissions() {
        return path.resolve("submissions");
    }

    /** What a JobManager that takes the place of another needs to know of the jobs. */
    Path highAvailability() {
        return path.resolve("high-availability");
    }

    Path zooKeeper() {
        return path.resolve("zookeeper");
    }

    Path models() {
        return path.resolve("models");
    }

    Path temporary(String process) {
        return path.resolve("tmp").resolve(process);
    }

    /**
     * Prepares for a new cluster. Savepoints that it does not go on with are moved to {@link #savepointsBefore}, as somebody asked for them.
     *
     * @param keep whether it goes on with the topics, checkpoints, savepoints and models of the last one
     * @param highlyAvailable whether it has a ZooKeeper; one that has none goes on with the jobs in its own way, so what a ZooKeeper
     *     knows of them is of the past and must not come back with the next
     */
    void prepare(boolean keep, boolean highlyAvailable) {
        delete(path.resolve("tmp"));
        if (!keep) {
            moveSavepoints();
            List.of(kafka(), checkpoints(), savepoints(), submissions(), models()).forEach(ClusterDirectory::delete);
        }
        if (!keep || !highlyAvailable) {
            List.of(highAvailability(), zooKeeper()).forEach(ClusterDirectory::delete);
        }
    }

    /** How many there are of the jobs, complete or not. */
    int countSavepoints() {
        return savepointsIn(savepoints()).size();
    }

    private void moveSavepoints() {
        for (Path each : savepointsIn(savepoints())) {
            Path target = savepointsBefore().resolve(savepoints().relativize(each)); // of a name that no other has
            try {
                Files.createDirectories(target.getParent());
                Files.move(each, target);
            } catch (IOException e) {
                throw new ConfigException(each + " cannot be moved to " + target + ": " + e.getMessage(), e);
            }
        }
    }

    private static List<Path> savepointsIn(Path savepoints) {
        if (!Files.isDirectory(savepoints)) {
            return List.of();
        }
        try (Stream<Path> ofJobs = Files.walk(savepoints, 2)) {
            return ofJobs.filter(each -> savepoints.relativize(each).getNameCount() == 2).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(savepoints + " cannot be read", e);
        }
    }

    /** Copies the releases of another store unless there are some; says whether it did. */
    boolean seedModels(Path store) {
        Path releases = models().resolve("releases");
        if (Files.isDirectory(releases) || !Files.isDirectory(store.resolve("releases"))) {
            return false;
        }
        Path part = path.resolve("models.part");
        delete(part);
        copy(store.resolve("releases"), part);
        try {
            Files.createDirectories(models());
            Files.move(part, releases);
        } catch (IOException e) {
            throw new UncheckedIOException(models() + " cannot be written", e);
        }
        return true;
    }

    static void delete(Path path) {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(path)) {
            for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            throw new ConfigException(path + " cannot be removed: " + e.getMessage(), e);
        }
    }

    static void copy(Path from, Path to) {
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path each : tree.toList()) {
                Path target = to.resolve(from.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(each, target);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(from + " cannot be copied", e);
        }
    }
}
