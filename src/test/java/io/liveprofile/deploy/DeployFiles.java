package io.liveprofile.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What lies in {@code deploy/}, read as plain trees. */
final class DeployFiles {
    static final Path ROOT = Path.of("deploy");
    static final Path COMPOSE = ROOT.resolve("compose/docker-compose.yaml");
    static final Path KUBERNETES = ROOT.resolve("kubernetes");
    static final Path FLINK_CONFIG = Path.of("flink-conf/config.yaml");

    private static final ObjectMapper JSON = new ObjectMapper();

    private DeployFiles() {}

    static List<Path> all() {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The documents of a YAML or JSON file; a key that is there twice is refused. */
    static List<JsonNode> documents(Path file) {
        return documents(file.toString(), text(file));
    }

    static List<JsonNode> documents(String name, String yaml) {
        List<JsonNode> documents = new ArrayList<>();
        new Load(LoadSettings.builder().setLabel(name).setAllowDuplicateKeys(false).build())
                .loadAllFromString(yaml)
                .forEach(document -> documents.add(JSON.valueToTree(document)));
        return documents;
    }

    static JsonNode document(Path file) {
        List<JsonNode> documents = documents(file);
        if (documents.size() != 1) {
            throw new IllegalArgumentException(file + " holds " + documents.size() + " documents");
        }
        return documents.get(0);
    }

    /** The resources that the kustomization lists, in its order. */
    static List<JsonNode> kubernetes() {
        List<JsonNode> resources = new ArrayList<>();
        document(KUBERNETES.resolve("kustomization.yaml")).get("resources")
                .forEach(file -> resources.addAll(documents(KUBERNETES.resolve(file.asText()))));
        return resources;
    }

    static List<JsonNode> kubernetes(String kind) {
        return kubernetes().stream().filter(resource -> resource.get("kind").asText().equals(kind)).toList();
    }

    static String name(JsonNode resource) {
        return resource.at("/metadata/name").asText();
    }

    /** A map of texts by dotted key, however deep it is nested. */
    static Map<String, String> flat(JsonNode map) {
        Map<String, String> flat = new LinkedHashMap<>();
        flatten("", map, flat);
        return flat;
    }

    private static void flatten(String prefix, JsonNode map, Map<String, String> flat) {
        map.fields().forEachRemaining(entry -> {
            if (entry.getValue().isObject()) {
                flatten(prefix + entry.getKey() + ".", entry.getValue(), flat);
            } else {
                flat.put(prefix + entry.getKey(), entry.getValue().asText());
            }
        });
    }
}
