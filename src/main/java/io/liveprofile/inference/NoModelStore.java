package io.liveprofile.inference;

import io.liveprofile.model.ReleaseException;
import java.util.Optional;

/** Where there is no model store: profiles carry no predictions. */
public final class NoModelStore implements ReleaseLoader {
    private static final long serialVersionUID = 1L;

    @Override
    public Optional<Scorer> latest() {
        return Optional.empty();
    }

    @Override
    public Scorer load(String releaseId) {
        throw new ReleaseException("Release " + releaseId + " was announced, but this job has no model store");
    }
}
