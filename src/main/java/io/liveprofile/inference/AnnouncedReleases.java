package io.liveprofile.inference;

import io.liveprofile.event.ModelRelease;
import java.io.Serializable;
import java.util.List;

/** What was announced before a task began; travels to the workers in serialised form. */
public interface AnnouncedReleases extends Serializable {
    /** Nothing was. */
    AnnouncedReleases NONE = List::of;

    /**
     * All announcements until now, in order.
     *
     * @throws java.io.UncheckedIOException when they cannot be read now
     */
    List<ModelRelease> untilNow();
}
