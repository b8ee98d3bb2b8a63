package io.liveprofile.inference;

import io.liveprofile.event.ModelRelease;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the topic holds when a task begins. One in a JVM, as operators get theirs in serialised form. */
final class TestingAnnouncements implements AnnouncedReleases {
    static final TestingAnnouncements INSTANCE = new TestingAnnouncements();
    static final List<ModelRelease> HELD = new CopyOnWriteArrayList<>();
    private static final long serialVersionUID = 1L;

    private TestingAnnouncements() {}

    @Override
    public List<ModelRelease> untilNow() {
        return List.copyOf(HELD);
    }
}
