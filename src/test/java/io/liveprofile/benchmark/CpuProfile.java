package io.liveprofile.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/** Where the processors' time goes, by stage, from the JVM's own flight recorder: a sample counts for its innermost known frame. */
final class CpuProfile implements AutoCloseable {
    /** Stage by class name prefix; the first that a stack's frames meet, innermost frame first. */
    private static final Map<String, String> STAGES = new LinkedHashMap<>();

    static {
        STAGES.put("org.rocksdb", "state backend (RocksDB)");
        STAGES.put("org.tensorflow", "score (TensorFlow)");
        STAGES.put("io.liveprofile.inference", "score (batching)");
        STAGES.put("com.google.crypto.tink", "pseudonymise");
        STAGES.put("io.liveprofile.simulation", "simulation (the source, not the job)");
        STAGES.put("io.liveprofile.benchmark.SimulatedRecords", "simulation (the source, not the job)");
        STAGES.put("io.liveprofile.benchmark.Shop", "made-up events (the source, not the job)");
        STAGES.put("io.liveprofile.benchmark.Visits", "made-up events (the source, not the job)");
        STAGES.put("org.apache.commons.math3", "made-up events (the source, not the job)");
        STAGES.put("io.liveprofile.event.BehaviorEvent.customEncode", "simulation (the source, not the job)");
        STAGES.put("io.liveprofile.event.BehaviorEvent.customDecode", "decode and validate");
        STAGES.put("io.liveprofile.event.SingleObject.encode", "encode outputs");
        STAGES.put("io.liveprofile.event.SingleObject.decode", "decode and validate");
        STAGES.put("io.liveprofile.ingest.EventDecoder", "decode and validate");
        STAGES.put("io.liveprofile.ingest.EventValidator", "decode and validate");
        STAGES.put("io.liveprofile.ingest.RecentIds", "dedupe");
        STAGES.put("io.liveprofile.anomaly", "filter outliers");
        STAGES.put("io.liveprofile.profile.UserState", "read and write the user record");
        STAGES.put("io.liveprofile.aggregate.UserAggregates.write", "read and write the user record");
        STAGES.put("io.liveprofile.aggregate", "aggregate");
        STAGES.put("io.liveprofile.feature", "extract features");
        STAGES.put("io.liveprofile.profile.ProfileEncoder", "encode outputs");
        STAGES.put("io.liveprofile.event.AvroBytes", "encode outputs");
        STAGES.put("io.liveprofile.benchmark.Processed", "count (the sink, not the job)");
        STAGES.put("io.liveprofile.job.HotKeys", "hot users");
        STAGES.put("io.liveprofile.job.types", "shuffle (serializer)");
        STAGES.put("org.apache.flink.runtime.io.network", "shuffle (network stack)");
        STAGES.put("org.apache.flink", "Flink, the rest");
        STAGES.put("io.liveprofile", "Liveprofile, the rest");
    }

    private final Recording recording;
    private final Path file;

    private CpuProfile(Recording recording, Path file) {
        this.recording = recording;
        this.file = file;
    }

    static CpuProfile start(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Recording recording = new Recording();
        recording.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(10));
        recording.enable("jdk.NativeMethodSample").withPeriod(Duration.ofMillis(10));
        recording.start();
        return new CpuProfile(recording, file);
    }

    /** Ends the recording; share of samples by stage, largest first. */
    Map<String, Double> stop() throws IOException {
        recording.stop();
        recording.dump(file);
        Map<String, Integer> samples = new LinkedHashMap<>();
        int total = 0;
        try (RecordingFile events = new RecordingFile(file)) {
            while (events.hasMoreEvents()) {
                String stage = stage(events.readEvent());
                if (stage != null) {
                    samples.merge(stage, 1, Integer::sum);
                    total++;
                }
            }
        }
        Map<String, Double> shares = new LinkedHashMap<>();
        int all = total;
        samples.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
                .forEach(entry -> shares.put(entry.getKey(), (double) entry.getValue() / all));
        return shares;
    }

    @Override
    public void close() {
        recording.close();
    }

    /** Null for a sample that is nobody's work: threads waiting in native code. */
    private static String stage(RecordedEvent event) {
        if (event.getStackTrace() == null) {
            return null;
        }
        List<RecordedFrame> frames = event.getStackTrace().getFrames();
        boolean isNative = event.getEventType().getName().equals("jdk.NativeMethodSample");
        for (RecordedFrame frame : frames) {
            String name = frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
            if (isNative && frame == frames.get(0) && !name.startsWith("org.rocksdb") && !name.startsWith("org.tensorflow")) {
                return null;
            }
            for (Map.Entry<String, String> stage : STAGES.entrySet()) {
                if (name.startsWith(stage.getKey())) {
                    return stage.getValue();
                }
            }
        }
        return "JVM";
    }
}
