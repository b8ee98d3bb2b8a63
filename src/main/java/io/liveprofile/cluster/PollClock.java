package io.liveprofile.cluster;

/** The time of whoever asks again and again until something is so; tests have their own. */
interface PollClock {
    PollClock SYSTEM = new PollClock() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void sleep(long millis) throws InterruptedException {
            Thread.sleep(millis);
        }
    };

    /** Of which only differences count. */
    long nanoTime();

    void sleep(long millis) throws InterruptedException;
}
