package io.liveprofile.local;

import io.liveprofile.config.ConfigException;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.DeadLetter;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.event.LateEvent;
import io.liveprofile.event.ModelEvaluation;
import io.liveprofile.event.ModelRelease;
import io.liveprofile.event.QuarantinedEvent;
import io.liveprofile.event.RiskAlert;
import io.liveprofile.event.ScoredFeatures;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.event.TrainingExample;
import io.liveprofile.event.UserProfile;
import io.liveprofile.job.TopicScan;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The newest records of a topic, for a person. */
@Command(
        name = "topic",
        description = "Prints the newest records of a topic as JSON, oldest first, during a run or after it.")
final class TopicCommand implements Callable<Integer>, Liveprofile.Verbose {
    /** Marks of transactions that may lie behind the newest records of a partition, beside one a record: one of each writer. */
    private static final int MARKS = 100;
    private static final Map<Topic, Class<? extends SpecificRecord>> RECORDS = new EnumMap<>(Map.ofEntries(
            Map.entry(Topic.BEHAVIOR_EVENTS, BehaviorEvent.class),
            Map.entry(Topic.LABELED_OUTCOMES, LabeledOutcome.class),
            Map.entry(Topic.USER_PROFILES, UserProfile.class),
            Map.entry(Topic.SCORED_FEATURES, ScoredFeatures.class),
            Map.entry(Topic.TRAINING_EXAMPLES, TrainingExample.class),
            Map.entry(Topic.MODEL_EVALUATIONS, ModelEvaluation.class),
            Map.entry(Topic.MODEL_RELEASES, ModelRelease.class),
            Map.entry(Topic.RISK_ALERTS, RiskAlert.class),
            Map.entry(Topic.QUARANTINE, QuarantinedEvent.class),
            Map.entry(Topic.LATE_EVENTS, LateEvent.class),
            Map.entry(Topic.DEAD_LETTERS, DeadLetter.class)));

    @Parameters(arity = "0..1", paramLabel = "TOPIC", description = "Such as model-evaluations. Without it all are listed.")
    private String name;

    @Option(names = "--last", paramLabel = "N", defaultValue = "10",
            description = "Records at most (default: ${DEFAULT-VALUE}).")
    private int last;

    @Mixin
    private BrokerOption broker;

    @Mixin
    private Liveprofile.Common common;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (name == null) {
            out.println("Topics; 'make topic" + broker.option() + " TOPIC=...' prints the newest records of one:");
            RECORDS.keySet().forEach(topic -> out.println("  " + topic.topicName()));
            return 0;
        }
        Topic topic = RECORDS.keySet().stream().filter(each -> each.topicName().equals(name)).findFirst()
                .orElseThrow(() -> new ConfigException("topic = '" + name + "': must be one of "
                        + RECORDS.keySet().stream().map(Topic::topicName).collect(Collectors.joining(", "))));
        if (last < 1) {
            throw new ConfigException("--last = '" + last + "': must be at least 1");
        }
        System.setProperty("liveprofile.log", broker.log("topic.log").toString());
        List<String> records = broker.ask(servers -> newest(servers, topic, RECORDS.get(topic)));
        if (records.isEmpty()) {
            spec.commandLine().getErr().println("Nothing is on " + name + " yet.");
            return 0;
        }
        records.forEach(out::println);
        return 0;
    }

    @Override
    public boolean isVerbose() {
        return common.isVerbose();
    }

    private <T extends SpecificRecord> List<String> newest(String bootstrapServers, Topic topic, Class<T> type) throws IOException {
        SingleObject<T> codec = new SingleObject<>(type);
        List<ConsumerRecord<byte[], byte[]>> messages = new ArrayList<>();
        new TopicScan(bootstrapServers, BrokerOption.PATIENCE).newest(topic.topicName(), 2L * last + MARKS, messages::add);
        messages.sort(Comparator.comparingLong(ConsumerRecord::timestamp));
        List<String> records = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> message : messages.subList(Math.max(0, messages.size() - last), messages.size())) {
            records.add(message.value() == null ? "null" : RecordJson.text((T) codec.decode(message.value())));
        }
        return records;
    }
}
