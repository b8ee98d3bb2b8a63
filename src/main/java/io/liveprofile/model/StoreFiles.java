package io.liveprofile.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The files of a {@link ModelStore}, wherever they lie:
 *
 * <pre>
 * releases/r000001/manifest.json
 * releases/r000001/saved_model/…
 * </pre>
 *
 * <p>Every implementation keeps two promises: a reader sees a release whole or not at all, and of several writers that try
 * an id one gets it at most. Ids are checked before they come here. Thread-safe; {@link #toString} says where it is.
 */
public interface StoreFiles {

    /** Names found where releases lie: of releases, of what is still being written, and of anything else. */
    List<String> names() throws IOException;

    /** Whether the release is there, whole. */
    boolean isReleased(String id) throws IOException;

    /** The text of the release's manifest, or nothing when it has none. */
    Optional<String> manifest(String id) throws IOException;

    /**
     * Has a release's files read from a directory of this machine, which is not to be used afterwards.
     *
     * @param files paths below the release's directory, with {@code /}, none of which leaves it; one that is not in the
     *     store is not in the directory
     * @param reader is given the directory
     * @return what {@code reader} returned
     */
    <T> T read(String id, Set<String> files, Function<Path, T> reader) throws IOException;

    /** An empty directory of this machine in which to prepare a release. The caller closes it. */
    TemporaryDirectory stage() throws IOException;

    /**
     * Makes what was staged a release.
     *
     * @return false when the id cannot be had; nothing is released then, and another id may be tried
     */
    boolean publish(Path staged, String id, String manifest) throws IOException;
}
