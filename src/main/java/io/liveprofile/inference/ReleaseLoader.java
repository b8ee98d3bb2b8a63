package io.liveprofile.inference;

import java.io.Serializable;
import java.util.Optional;

/** Opens releases where they will score; travels to the workers in serialised form. Thread-safe. */
public interface ReleaseLoader extends Serializable {

    /**
     * A scorer of the newest release, which the caller closes, or nothing when no model has been released yet.
     *
     * @throws io.liveprofile.model.ReleaseException when there is a release that must not be used
     */
    Optional<Scorer> latest();

    /**
     * A scorer of one release, proven whole, which the caller closes.
     *
     * @throws io.liveprofile.model.ReleaseException when it is missing, changed, made for other features, or does not score
     */
    Scorer load(String releaseId);
}
