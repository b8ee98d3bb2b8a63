package io.liveprofile.inference;

import io.liveprofile.model.ModelStore;
import java.io.IOException;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.Path;

/** The model store that a text names: a directory, or a URI of a file system of Flink's, such as {@code s3://bucket/models}. */
public final class ModelStores {
    private static final Pattern URI = Pattern.compile("\\p{Alpha}[\\p{Alnum}+.-]*:.*");
    private static final Pattern WHOLE_URI = Pattern.compile("[^:]*:/.*");

    private ModelStores() {}

    /**
     * The same store for any worker, whatever directory it runs in.
     *
     * @throws IllegalArgumentException saying what is allowed, when Flink has no such file system here
     */
    public static String absolute(String location) {
        if (!URI.matcher(location).matches()) {
            return java.nio.file.Path.of(location).toAbsolutePath().toString();
        }
        open(location);
        return location;
    }

    /** @throws IllegalArgumentException saying what is allowed, when Flink has no such file system here */
    public static ModelStore open(String location) {
        if (!URI.matcher(location).matches()) {
            return new ModelStore(java.nio.file.Path.of(location));
        }
        String allowed = "must be a directory or a URI of a file system that Flink has, such as s3://bucket/models";
        if (!WHOLE_URI.matcher(location).matches()) {
            throw new IllegalArgumentException(allowed);
        }
        try {
            Path root = new Path(location);
            return new ModelStore(new FileSystemFiles(root.getFileSystem(), root));
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(allowed + ": " + e.getMessage(), e);
        }
    }
}
