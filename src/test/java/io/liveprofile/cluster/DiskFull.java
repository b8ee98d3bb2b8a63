package io.liveprofile.cluster;

import io.liveprofile.local.RunFailedException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The disk with RocksDB's files and the checkpoints is full for a while. It is a small file system in memory, mounted for this
 * case, so that a write fails as on a full disk; whoever may not mount cannot run the case.
 */
final class DiskFull implements Fault.Disturbance {
    static final String NAME = "state-disk-full";
    private static final String SIZE = "640m";
    private static final byte[] ZEROS = new byte[1 << 16];
    private static final int FAILURES = 2;

    /** Whether this user may mount. */
    static boolean isPossible() throws IOException, InterruptedException {
        Path place = Files.createTempDirectory("mount");
        try {
            mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", place.toString());
            unmount(place);
            return true;
        } catch (RunFailedException e) {
            return false;
        } finally {
            Files.delete(place);
        }
    }

    @Override
    public void strike(CaseRun run) throws Exception {
        run.awaitSent(0.2);
        Path disk = run.directory().path().resolve("tmp");
        List<Path> states = new ArrayList<>();
        for (Job job : Job.values()) {
            states.add(run.stop(job));
        }
        moveTo(disk, run);
        for (Job job : Job.values()) {
            run.submit(job, states.get(job.ordinal()), 2);
        }
        run.awaitSent(0.5);
        for (Job job : Job.values()) {
            run.awaitCheckpoint(job);
        }

        Map<Job, Long> failed = new EnumMap<>(Job.class);
        for (Job job : Job.values()) {
            failed.put(job, run.jobs().failedCheckpoints(job) + run.jobs().restarts(job));
        }
        Path filler = disk.resolve("filler");
        long began = System.currentTimeMillis();
        for (Job job : Job.values()) {
            CaseRun.await("the " + job.option() + " job to notice", () -> {
                fill(filler); // what Flink removes meanwhile makes no room
                return run.jobs().failedCheckpoints(job) + run.jobs().restarts(job) - failed.get(job) >= FAILURES;
            });
        }
        for (Job job : Job.values()) {
            run.note("%s: %d checkpoints failed, %d restarts".formatted(
                    job.option(), run.jobs().failedCheckpoints(job), run.jobs().restarts(job)));
        }
        Files.delete(filler);
        long room = System.currentTimeMillis();
        for (Job job : Job.values()) {
            run.awaitCheckpoint(job);
        }
        run.note("full for %.1f s, both jobs run and have checkpoints %.1f s after".formatted(
                (room - began) / 1e3, (System.currentTimeMillis() - room) / 1e3));
    }

    /** What Flink's processes write for themselves, and the checkpoints, lie on a disk of their own from then on. */
    private static void moveTo(Path disk, CaseRun run) throws Exception {
        List<String> flink = new ArrayList<>(run.cluster().names());
        flink.remove(Cluster.BROKER);
        for (String name : flink) {
            run.end(name);
        }
        mount("-t", "tmpfs", "-o", "size=" + SIZE, "tmpfs", disk.toString());
        run.atEnd(() -> unmount(disk));
        Path checkpoints = Files.createDirectories(disk.resolve("checkpoints"));
        mount("--bind", checkpoints.toString(), run.directory().checkpoints().toString());
        run.atEnd(() -> unmount(run.directory().checkpoints()));
        for (String name : flink) {
            run.restart(name);
        }
        run.awaitTaskManagers();
    }

    private static void fill(Path file) {
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                out.write(ZEROS);
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No space left")) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void mount(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("mount"));
        command.addAll(List.of(arguments));
        system(command);
    }

    /** At once for whoever looks it up, for those that have files open when they have closed them. */
    private static void unmount(Path place) throws IOException, InterruptedException {
        system(List.of("umount", "--lazy", place.toString()));
    }

    private static void system(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new RunFailedException(String.join(" ", command) + ": " + said);
        }
    }
}
