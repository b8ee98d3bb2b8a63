package io.liveprofile.inference;

import io.liveprofile.model.UnfitReleaseException;
import java.util.List;

/** Where there is no model store: profiles carry no predictions. */
public final class NoModelStore implements ReleaseLoader {
    private static final long serialVersionUID = 1L;

    @Override
    public List<String> newest() {
        return List.of();
    }

    @Override
    public Scorer load(String releaseId, String sha256) {
        throw new UnfitReleaseException("Release " + releaseId + " was announced, but this job has no model store");
    }
}
