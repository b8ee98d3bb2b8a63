package io.liveprofile.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Signature;

/** Writes a session's graph and variables as a TensorFlow SavedModel with its signatures. */
public final class SavedModelExport {
    private SavedModelExport() {}

    /**
     * @param signatures those of the graph or of the bundle that the session was made from
     * @param directory does not exist yet
     */
    public static void write(MlpSession session, List<Signature> signatures, Path directory) {
        try {
            SavedModelBundle.exporter(directory.toString())
                    .withSession(session.session())
                    .withSignatures(signatures.toArray(Signature[]::new))
                    .export();
        } catch (IOException e) {
            throw new UncheckedIOException("Writing a SavedModel to " + directory + " failed: " + e.getMessage(), e);
        }
    }
}
