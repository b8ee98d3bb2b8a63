package io.liveprofile.sizing;

import static io.liveprofile.sizing.Quantity.bytes;
import static io.liveprofile.sizing.Quantity.count;
import static io.liveprofile.sizing.Quantity.time;

import java.util.List;

/**
 * The answer to a {@link SizeQuestion}: input by figure, with the arithmetic. Neither includes aggregates of other keys than the
 * user, nor JobManagers, nor servers.
 *
 * @param lines the arithmetic, to be printed
 */
public record Sizing(ProfileJobSize profile, TrainingJobSize training, TopicsSize topics, List<String> lines) {

    /** @throws io.liveprofile.config.ConfigException when it asks for what was not measured or what Flink cannot do */
    public static Sizing of(SizeQuestion question, SizeFigures figures) {
        question.requireMeasured(figures);
        Sheet sheet = new Sheet();
        sheet.title("Asked");
        sheet.say("users", "%s, each with %s events in 30 d", count(question.users()), count(question.eventsAUser()));
        sheet.say("events", "%s a second, which take %s of the cores", count(question.rate()),
                Quantity.percent(question.utilisation()));
        SizeQuestion.TaskManager each = question.taskManager();
        sheet.say("a TaskManager", "%d cores and slots, %s of memory, %s of disk, %s/s to the checkpoints, one every %s",
                each.cores(), bytes(each.memory()), bytes(each.disk()), bytes(each.bandwidth()),
                time(question.checkpointInterval().toMillis() / 1e3));
        ProfileJobSize profile = ProfileJobSize.of(question, figures, sheet);
        TrainingJobSize training = TrainingJobSize.of(question, figures, sheet);
        TopicsSize topics = TopicsSize.of(question, figures,
                Math.max(profile.size().slots(), training.size().slots()), sheet);
        return new Sizing(profile, training, topics, sheet.lines());
    }
}
