package io.liveprofile.benchmark;

/** How often each user comes. */
enum Popularity {
    /** All alike: the worst there is for whatever keeps users at hand. */
    UNIFORM("uniform users"),
    /** The n-th user 1/n as often as the first: Zipf's law with exponent 1. */
    ZIPF("Zipf users");

    private static volatile Popularity current;

    private final String title;

    Popularity(String title) {
        this.title = title;
    }

    /**
     * By what all sources of this JVM draw their users now; null while they fill the state. They look at each event, so that
     * state filled once serves both popularities.
     */
    static Popularity current() {
        return current;
    }

    static void fill() {
        current = null;
    }

    void draw() {
        current = this;
    }

    String title() {
        return title;
    }

    /** What is added to the name of something measured with it. */
    String suffix() {
        return ", " + title;
    }
}
