package io.liveprofile.sizing;

import static io.liveprofile.sizing.Quantity.bytes;
import static io.liveprofile.sizing.Quantity.count;
import static io.liveprofile.sizing.Quantity.time;

import io.liveprofile.event.Topic;
import io.liveprofile.sizing.SizeQuestion.TaskManager;

/**
 * What the training job needs. Its state are the vectors that wait for their labels; the trainer is one task, which takes of
 * more vectors a smaller share.
 *
 * @param waiting vectors that wait
 * @param coresNeeded for the rate at the utilisation
 * @param size what holds its state
 */
public record TrainingJobSize(double waiting, double coresNeeded, JobSize size) {

    static TrainingJobSize of(SizeQuestion question, SizeFigures figures, Sheet sheet) {
        TaskManager each = question.taskManager();
        double vectors = question.rate() * figures.topics().get(Topic.SCORED_FEATURES).anEvent();
        double seconds = figures.waiting().toSeconds();
        double waiting = Math.min(vectors * seconds, question.users() * question.maxWaiting());
        double ofAUser = Math.max(1, waiting / question.users()) * figures.waitingBytes();
        JobSize.State state = JobSize.State.of(waiting * figures.waitingBytes(), ofAUser, question, figures);
        double micros = figures.labelMicros() + figures.coldMicros();
        double cores = question.rate() * micros / 1e6 / question.utilisation();
        int taskManagers = Math.max(JobSize.atLeastOne(cores / each.cores()),
                Math.max(state.taskManagersForDisk(each), state.taskManagersForCheckpoints(question)));

        sheet.title("Training job");
        sheet.add("vectors that wait", count(waiting), "%s/s x %s on average, at most %s a user (labels.max-waiting)",
                count(vectors), time(seconds), count(question.maxWaiting()));
        sheet.add("written for a user", bytes(ofAUser), "%s vectors / %s users, at least one, x %s", count(waiting),
                count(question.users()), bytes(figures.waitingBytes()));
        sheet.add("an event", count(micros) + " µs of a core", "%s µs + %s µs not in memory", count(figures.labelMicros()),
                count(figures.coldMicros()));
        sheet.add("cores", count(cores), "%s events/s x %s µs / %s", count(question.rate()), count(micros),
                count(question.utilisation()));
        JobSize size = JobSize.of(state, cores, taskManagers, micros,
                count(waiting) + " vectors x " + bytes(figures.waitingBytes()), question, figures, sheet);
        sheet.say("model store", "%s a release; none is deleted, so 20 GB hold %s", bytes(figures.releaseBytes()),
                count(Math.floor(20e9 / figures.releaseBytes())));
        return new TrainingJobSize(waiting, cores, size);
    }
}
