package io.liveprofile.sizing;

import static io.liveprofile.sizing.Quantity.bytes;
import static io.liveprofile.sizing.Quantity.count;
import static io.liveprofile.sizing.Quantity.percent;

import io.liveprofile.sizing.SizeQuestion.TaskManager;

/**
 * What the profile job needs. Users are taken to come evenly, which is the worst case: the more of the events are of few users,
 * the more of them find their user in memory.
 *
 * @param inMemory share of the users that all TaskManagers together keep in memory
 * @param eventMicros processor time an event, of one core
 * @param coresNeeded for the rate at the utilisation
 * @param size what holds its state
 */
public record ProfileJobSize(double inMemory, double eventMicros, double coresNeeded, JobSize size) {

    static ProfileJobSize of(SizeQuestion question, SizeFigures figures, Sheet sheet) {
        TaskManager each = question.taskManager();
        double stateBytes = figures.stateBytes().at(question.eventsAUser());
        double memoryBytes = figures.memoryBytes().at(question.eventsAUser());
        JobSize.State state = JobSize.State.of(question.users() * stateBytes, stateBytes, question, figures);
        int taskManagers = Math.max(state.taskManagersForDisk(each), state.taskManagersForCheckpoints(question));
        while (taskManagers <= JobSize.MOST_PARALLELISM
                && taskManagers * (double) each.cores() < cores(question, figures, taskManagers, memoryBytes)) {
            taskManagers++;
        }
        double inMemory = inMemory(question, taskManagers, memoryBytes);
        double micros = micros(figures, inMemory);
        double cores = cores(question, figures, taskManagers, memoryBytes);

        sheet.title("Profile job");
        sheet.add("a user", bytes(stateBytes) + " of state, " + bytes(memoryBytes) + " in memory",
                "measured at %s events in 30 d", count(question.eventsAUser()));
        sheet.add("users in memory", percent(inMemory), "%d TaskManagers x %s / %s / %s users, at most all",
                taskManagers, bytes(each.hot()), bytes(memoryBytes), count(question.users()));
        sheet.add("an event", count(micros) + " µs of a core", "%s µs + %s not in memory x %s µs",
                count(figures.eventMicros()), percent(1 - inMemory), count(figures.coldMicros()));
        sheet.add("cores", count(cores), "%s events/s x %s µs / %s", count(question.rate()), count(micros),
                count(question.utilisation()));
        JobSize size = JobSize.of(state, cores, taskManagers, micros,
                count(question.users()) + " users x " + bytes(stateBytes), question, figures, sheet);
        return new ProfileJobSize(inMemory, micros, cores, size);
    }

    private static double inMemory(SizeQuestion question, int taskManagers, double memoryBytes) {
        return Math.min(1, taskManagers * (double) question.taskManager().hot() / memoryBytes / question.users());
    }

    private static double micros(SizeFigures figures, double inMemory) {
        return figures.eventMicros() + (1 - inMemory) * figures.coldMicros();
    }

    private static double cores(SizeQuestion question, SizeFigures figures, int taskManagers, double memoryBytes) {
        return question.rate() * micros(figures, inMemory(question, taskManagers, memoryBytes)) / 1e6 / question.utilisation();
    }
}
