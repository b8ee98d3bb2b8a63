package io.liveprofile.local;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import sun.misc.Signal;

/** Asks a run to end. Thread-safe. */
public final class StopSignal {
    private static final int INTERRUPTED = 130;

    private final CountDownLatch asked = new CountDownLatch(1);

    public void ask() {
        asked.countDown();
    }

    public boolean isAsked() {
        return asked.getCount() == 0;
    }

    /** Returns after that time, or at once when the run shall end. */
    public void await(long millis) throws InterruptedException {
        asked.await(millis, TimeUnit.MILLISECONDS);
    }

    /**
     * Ctrl-C and TERM ask from now on, and end the process at once when they come again. Not a shutdown hook: the
     * cluster's own hooks would remove its files beside a job that is still being drained.
     */
    public void listen() {
        for (String name : new String[] {"INT", "TERM"}) {
            Signal.handle(new Signal(name), signal -> {
                if (isAsked()) {
                    Runtime.getRuntime().halt(INTERRUPTED);
                }
                ask();
            });
        }
    }
}
