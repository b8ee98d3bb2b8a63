package io.liveprofile.inference;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/** Opens releases where they will score; travels to the workers in serialised form. Thread-safe. */
public interface ReleaseLoader extends Serializable {

    /**
     * Ids of the newest releases, newest first, of which the first that can be used is to be taken; empty when no model has been
     * released yet.
     *
     * @throws java.io.UncheckedIOException when the store cannot be read now
     */
    List<String> newest();

    /**
     * A scorer of one release, proven whole, which the caller closes.
     *
     * @param sha256 seal that its manifest must have; empty = any
     * @throws io.liveprofile.model.ReleaseException when it is missing, changed, another than was sealed so, made for other
     *     features, or does not score or explain
     * @throws java.io.UncheckedIOException when it cannot be read now
     */
    Scorer load(String releaseId, String sha256);

    /** As the other, whatever its seal. */
    default Scorer load(String releaseId) {
        return load(releaseId, "");
    }

    /** A scorer of the newest release; nothing when no model has been released yet. Throws as {@link #load} does. */
    default Optional<Scorer> latest() {
        return newest().stream().findFirst().map(this::load);
    }
}
