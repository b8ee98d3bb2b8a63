package io.liveprofile.local;

import io.liveprofile.config.ConfigException;
import io.liveprofile.ingest.Pseudonymizer;
import io.liveprofile.job.Options;
import java.nio.file.Files;
import java.nio.file.Path;

/** The key of this machine's pseudonyms, made where there is none yet. */
public final class PseudonymKey {
    private PseudonymKey() {}

    /**
     * Makes a key unless there is one, and says so.
     *
     * @param hasState whether users are known by its pseudonyms already: by another key every one would be new
     * @param otherwise what to do without the key, for the message
     * @throws ConfigException when it is not there and users are known by it
     */
    public static void require(Path file, boolean hasState, String otherwise) {
        if (hasState && !Files.exists(file)) {
            throw new ConfigException(Options.KEY_FILE.key() + " = '" + file + "': is not there, and what the jobs know is of its"
                    + " pseudonyms: by another key every user is a new one. Bring it back, or " + otherwise);
        }
        if (Pseudonymizer.createKeyset(file)) {
            System.err.println("warning: there was no pseudonym key; made one in " + file
                    + ", good for this machine only: production brings its own (privacy.key-file)");
        }
    }
}
