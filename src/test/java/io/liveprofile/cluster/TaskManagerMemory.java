package io.liveprofile.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a TaskManager takes once its garbage is collected.
 *
 * @param heap bytes in use
 * @param metaspace bytes of classes in use
 * @param resident bytes of memory that the process has, all in all
 */
record TaskManagerMemory(long heap, long metaspace, long resident, int threads) {
    /** Settings of Flink with which all of the heap is resident from the start on: its first use would pass for growth. */
    static final Map<String, String> RESIDENT_HEAP = Map.of("env.java.default-opts.all", "-XX:+AlwaysPreTouch");

    private static final String HEAP = "Status.JVM.Memory.Heap.Used";
    private static final String METASPACE = "Status.JVM.Memory.Metaspace.Used";
    private static final String THREADS = "Status.JVM.Threads.Count";
    private static final List<String> FIGURES = List.of(HEAP, METASPACE, THREADS);
    private static final long TELLING_MILLIS = 2_500;

    /** Of each of them, after a collection; by name. */
    static Map<String, TaskManagerMemory> of(Cluster cluster, List<String> names) throws IOException, InterruptedException {
        for (String name : names) {
            collect(cluster.process(name).pid());
            collect(cluster.process(name).pid());
        }
        Thread.sleep(TELLING_MILLIS); // the figures are a second old
        Map<String, TaskManagerMemory> memory = new TreeMap<>();
        for (String name : names) {
            Map<String, Long> figures = new HashMap<>();
            CaseRun.await("figures of " + name, () -> {
                for (JsonNode each : cluster.rest().get("/taskmanagers/" + name + "/metrics?get=" + String.join(",", FIGURES))) {
                    figures.put(each.path("id").asText(), each.path("value").asLong());
                }
                return figures.keySet().containsAll(FIGURES);
            });
            memory.put(name, new TaskManagerMemory(figures.get(HEAP), figures.get(METASPACE),
                    resident(cluster.process(name).pid()), figures.get(THREADS).intValue()));
        }
        return memory;
    }

    private static void collect(long pid) throws IOException, InterruptedException {
        new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid), "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private static long resident(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }
}
