package io.liveprofile.local;

import java.util.function.UnaryOperator;

/** A local run of the product's own traffic with {@link TestingJob}; the pseudonym of {@code shop-X} is {@code user-X}. */
final class TestingParts implements Parts {
    @Override
    public LiveJob job(RunPlan plan) {
        return new TestingJob(false);
    }

    @Override
    public Traffic traffic(RunPlan plan) {
        return new BuiltInParts().traffic(plan);
    }

    @Override
    public UnaryOperator<String> pseudonyms(JobSettings settings) {
        return user -> user.replace("shop-", "user-");
    }

    /** The command line over the testing parts. */
    public static void main(String[] args) {
        System.exit(Liveprofile.commandLine(new TestingParts()).execute(args));
    }
}
