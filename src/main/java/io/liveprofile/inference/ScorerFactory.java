package io.liveprofile.inference;

import java.io.Serializable;
import java.util.Optional;

/** Opens a scorer where it will run; travels to the workers in serialised form. */
@FunctionalInterface
public interface ScorerFactory extends Serializable {

    /**
     * A new scorer that the caller closes, or nothing when no model has been released yet.
     *
     * @throws io.liveprofile.model.ReleaseException when there is a release that must not be used
     */
    Optional<Scorer> open();
}
