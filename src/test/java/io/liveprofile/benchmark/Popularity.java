package io.liveprofile.benchmark;

/** How often each user comes. */
enum Popularity {
    /** All alike: the worst there is for whatever keeps users at hand. */
    UNIFORM("uniform users"),
    /** The n-th user 1/n as often as the first: Zipf's law with exponent 1. */
    ZIPF("Zipf users");

    /** What all sources of this JVM do now. They look at each event, so that a job filled once serves both. */
    private static volatile Popularity current = UNIFORM;

    private final String title;

    Popularity(String title) {
        this.title = title;
    }

    static Popularity current() {
        return current;
    }

    void set() {
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
