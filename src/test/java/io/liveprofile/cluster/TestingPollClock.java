package io.liveprofile.cluster;

import java.time.Duration;

/** A clock that goes on only when somebody sleeps, by 5 s however long it is; when it is late enough something happens, once. */
final class TestingPollClock implements PollClock {
    private static final Duration STEP = Duration.ofSeconds(5);

    private final Duration when;
    private Runnable then;
    private long nanos;

    TestingPollClock(Duration when, Runnable then) {
        this.when = when;
        this.then = then;
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public void sleep(long millis) {
        nanos += STEP.toNanos();
        if (nanos >= when.toNanos()) {
            then.run();
            then = () -> {};
        }
    }
}
