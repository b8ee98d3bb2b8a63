package io.liveprofile.config;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A configuration file's name and text: what a job carries to its workers, where the file itself may not lie. Checked
 * where the job is submitted, read again where it runs.
 */
public record ConfigText(String file, String text) implements Serializable {

    public static ConfigText read(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new ConfigException(path + ": no such file");
        }
        try {
            return new ConfigText(path.toString(), Files.readString(path, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new ConfigException(path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    public ConfigNode parse() {
        return ConfigNode.parse(file, text);
    }
}
