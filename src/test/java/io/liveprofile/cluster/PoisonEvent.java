package io.liveprofile.cluster;

import io.liveprofile.aggregate.UserAggregates;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.QuarantinedEvent;
import io.liveprofile.event.Reason;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.local.Message;
import io.liveprofile.local.Traffic;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.matcher.ElementMatchers;

/**
 * Among the events is one on which the job's own code throws, once it has half changed its user. It must be set aside and leave
 * nothing else behind, for one restart at most.
 *
 * <p>No event is known to do that, so the jar of this case has a class in which that one event makes a method throw at its end;
 * all else in it is as shipped.
 */
final class PoisonEvent implements Fault.Disturbance {
    private static final String ID = Fault.ADDED + "poison";

    /** The traffic with one event more, in its middle, by the shopper of the one before. */
    static Traffic after(Traffic traffic, long events) {
        return new DisturbedTraffic(traffic, events / 2, events / 2 + 1) {
            private final SingleObject<BehaviorEvent> codec = new SingleObject<>(BehaviorEvent.class);
            private Message due;

            @Override
            public Message next() throws Exception {
                Message message = due != null ? due : undisturbed();
                due = due == null && isStruck(message) ? poison(message) : null;
                return message;
            }

            private Message poison(Message before) {
                BehaviorEvent event = BehaviorEvent.newBuilder()
                        .setEventId(ID)
                        .setUserId(before.key())
                        .setEventTime(before.eventTime())
                        .setType(EventType.VIEW)
                        .build();
                return new Message(before.topic(), before.key(), codec.encode(event), before.eventTime());
            }
        };
    }

    /** What the class of this case does in addition; its code is copied into it. */
    static final class AtItsEnd {
        private AtItsEnd() {}

        @Advice.OnMethodExit
        static void throwOnPoison(@Advice.Argument(0) BehaviorEvent event) {
            if (event.getEventId().equals(ID)) {
                throw new IllegalStateException("poison");
            }
        }
    }

    @Override
    public Path jobJar(Path shipped, Path directory) throws IOException {
        byte[] throwing = new ByteBuddy()
                .redefine(UserAggregates.class)
                .visit(Advice.to(AtItsEnd.class).on(ElementMatchers.named("add")))
                .make()
                .getBytes();
        Path other = Files.copy(shipped, directory.resolve("poisoned-job.jar"), StandardCopyOption.REPLACE_EXISTING);
        try (FileSystem jar = FileSystems.newFileSystem(other)) {
            Files.write(jar.getPath(UserAggregates.class.getName().replace('.', '/') + ".class"), throwing);
        }
        return other;
    }

    @Override
    public void strike(CaseRun run) throws Exception {
        CaseRun.await("the event to be set aside", () -> run.jobs().isWhole(Job.PROFILE) && setAside(run) > 0);
    }

    @Override
    public List<String> wrong(CaseRun run) throws IOException {
        List<String> wrong = new ArrayList<>();
        List<String> reasons = reasons(run);
        run.note("%d restarts, set aside: %d, in quarantine: %s".formatted(run.jobs().restarts(Job.PROFILE), setAside(run), reasons));
        if (run.jobs().restarts(Job.PROFILE) > 1) {
            wrong.add("the profile job restarted " + run.jobs().restarts(Job.PROFILE) + " times");
        }
        if (setAside(run) != 1) {
            wrong.add(setAside(run) + " events were set aside");
        }
        if (!reasons.equals(List.of("processing-failed"))) {
            wrong.add("reasons of the event in quarantine: " + reasons);
        }
        return wrong;
    }

    private static long setAside(CaseRun run) {
        return run.jobs().count(Job.PROFILE, "set-aside");
    }

    /** Of the event, as often as it stands in quarantine. */
    private static List<String> reasons(CaseRun run) throws IOException {
        List<String> reasons = new ArrayList<>();
        SingleObject<QuarantinedEvent> codec = Published.codec(QuarantinedEvent.class);
        try (TopicReader topics = new TopicReader(run.bootstrapServers())) {
            topics.read(Topic.QUARANTINE, (value, time) -> {
                QuarantinedEvent held = codec.decode(value);
                if (held.getEvent().getEventId().equals(ID)) {
                    held.getReasons().stream().map(Reason::getCode).forEach(reasons::add);
                }
            });
        }
        return reasons;
    }
}
