package io.liveprofile.config;

import java.io.StringReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A place in a YAML configuration file that knows its file, line and key, so that whatever is wrong with it is said in
 * one line. Readers take what they know with the typed getters and then call {@link #rejectOtherKeys}, so a misspelt key
 * never passes silently.
 *
 * <p>Immutable; every getter throws {@link ConfigException} when the value is missing (where required), of another type
 * or out of range.
 */
public final class ConfigNode {
    private final String file;
    private final String key;
    private final Node node;

    private ConfigNode(String file, String key, Node node) {
        this.file = file;
        this.key = key;
        this.node = node;
    }

    /** Reads a YAML file (UTF-8) whose top level is a map. */
    public static ConfigNode read(Path path) {
        return ConfigText.read(path).parse();
    }

    /** Parses YAML text; {@code file} is the name that errors carry. */
    public static ConfigNode parse(String file, String yaml) {
        Optional<Node> root;
        try {
            LoadSettings settings = LoadSettings.builder().setLabel(file).setAllowDuplicateKeys(false).build();
            root = new Compose(settings).composeReader(new StringReader(yaml));
        } catch (MarkedYamlEngineException e) {
            String line = e.getProblemMark().map(m -> ":" + (m.getLine() + 1)).orElse("");
            throw new ConfigException(file + line + ": not YAML: " + e.getProblem(), e);
        }
        if (root.isEmpty() || !(root.get() instanceof MappingNode)) {
            throw new ConfigException(file + ": must be a map of keys to values");
        }
        ConfigNode node = new ConfigNode(file, "", root.get());
        node.keys(); // rejects keys that stand twice
        return node;
    }

    /** File and line, as errors print it. */
    public String place() {
        return file + node.getStartMark().map(m -> ":" + (m.getLine() + 1)).orElse("");
    }

    /** The error for this node: place, key, value where it is short, and {@code problem} (which says what is allowed). */
    public ConfigException error(String problem) {
        String value = node instanceof ScalarNode s && !key.isEmpty() ? " = '" + s.getValue() + "'" : "";
        return new ConfigException(place() + ": " + (key.isEmpty() ? "" : key) + value
                + (key.isEmpty() && value.isEmpty() ? "" : ": ") + problem);
    }

    // ---- maps

    public boolean isMap() {
        return node instanceof MappingNode;
    }

    public boolean isList() {
        return node instanceof SequenceNode;
    }

    public boolean isScalar() {
        return node instanceof ScalarNode;
    }

    /** Whether there is nothing behind the key, or null. */
    public boolean isEmpty() {
        return isNull(node);
    }

    /** Keys of this map in file order. */
    public Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        for (NodeTuple tuple : map().getValue()) {
            String name = keyOf(tuple);
            if (!keys.add(name)) {
                throw new ConfigNode(file, child(name), tuple.getKeyNode()).error("stands twice");
            }
        }
        return keys;
    }

    public boolean has(String name) {
        return find(name).isPresent();
    }

    /** The node under {@code name}, or nothing when the key is absent or null. */
    public Optional<ConfigNode> find(String name) {
        for (NodeTuple tuple : map().getValue()) {
            if (keyOf(tuple).equals(name)) {
                Node value = tuple.getValueNode();
                return isNull(value) ? Optional.empty() : Optional.of(new ConfigNode(file, child(name), value));
            }
        }
        return Optional.empty();
    }

    public ConfigNode get(String name) {
        return find(name).orElseThrow(() -> error("'" + name + "' is missing"));
    }

    /** This map as name to node, in file order. */
    public Map<String, ConfigNode> entries() {
        Map<String, ConfigNode> entries = new LinkedHashMap<>();
        for (String name : keys()) {
            find(name).ifPresent(value -> entries.put(name, value));
        }
        return entries;
    }

    /** The same with the keys that have nothing behind them. */
    public Map<String, ConfigNode> entriesWithEmpty() {
        Map<String, ConfigNode> entries = new LinkedHashMap<>();
        keys();
        for (NodeTuple tuple : map().getValue()) {
            String name = keyOf(tuple);
            entries.put(name, new ConfigNode(file, child(name), tuple.getValueNode()));
        }
        return entries;
    }

    /** Refuses any key of this map that is not named here. */
    public void rejectOtherKeys(String... allowed) {
        List<String> known = Arrays.asList(allowed);
        for (NodeTuple tuple : map().getValue()) {
            String name = keyOf(tuple);
            if (!known.contains(name)) {
                throw new ConfigNode(file, child(name), tuple.getKeyNode())
                        .unknown("unknown key; allowed: " + String.join(", ", known));
            }
        }
    }

    // ---- lists

    public List<ConfigNode> items() {
        if (!(node instanceof SequenceNode sequence)) {
            throw error("must be a list");
        }
        List<ConfigNode> items = new ArrayList<>();
        for (int i = 0; i < sequence.getValue().size(); i++) {
            items.add(new ConfigNode(file, key + "[" + i + "]", sequence.getValue().get(i)));
        }
        return items;
    }

    /** A list of texts; a single scalar counts as a list of one. */
    public List<String> texts() {
        if (node instanceof ScalarNode) {
            return List.of(text());
        }
        return items().stream().map(ConfigNode::text).toList();
    }

    // ---- scalars

    public String text() {
        if (!(node instanceof ScalarNode scalar)) {
            throw error("must be a single value");
        }
        return scalar.getValue();
    }

    public boolean bool() {
        return switch (text()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw error("must be true or false");
        };
    }

    /** A whole number within {@code min} and {@code max}, both inside. */
    public long wholeNumber(long min, long max) {
        long value;
        try {
            value = Long.parseLong(text().replace("_", ""));
        } catch (NumberFormatException e) {
            throw error("must be a whole number from " + min + " to " + max);
        }
        if (value < min || value > max) {
            throw error("must be from " + min + " to " + max);
        }
        return value;
    }

    /** A finite number within {@code min} and {@code max}, both inside. */
    public double number(double min, double max) {
        double value;
        try {
            value = Double.parseDouble(text().replace("_", ""));
        } catch (NumberFormatException e) {
            throw error("must be a number from " + min + " to " + max);
        }
        if (!(value >= min && value <= max)) {
            throw error("must be from " + min + " to " + max);
        }
        return value;
    }

    /** A positive duration such as {@code 500 ms}, {@code 10 s}, {@code 5 min}, {@code 1 h}, {@code 30 d}. */
    public Duration duration() {
        try {
            return Durations.parse(text());
        } catch (IllegalArgumentException e) {
            throw error(e.getMessage());
        }
    }

    /** One of an enum's constants, written in any case. */
    public <E extends Enum<E>> E oneOf(Class<E> type) {
        return oneOf(EnumSet.allOf(type));
    }

    /** One of some of an enum's constants, written in any case. */
    public <E extends Enum<E>> E oneOf(Set<E> allowed) {
        for (E constant : allowed) {
            if (constant.name().equalsIgnoreCase(text())) {
                return constant;
            }
        }
        throw error("must be one of " + allowed.stream()
                .map(c -> c.name().equals(c.name().toUpperCase(Locale.ROOT)) ? c.name() : c.toString())
                .toList());
    }

    @Override
    public String toString() {
        return place() + " " + key;
    }

    private ConfigException unknown(String problem) {
        return new ConfigException(place() + ": " + key + ": " + problem);
    }

    private static boolean isNull(Node node) {
        return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
    }

    private MappingNode map() {
        if (!(node instanceof MappingNode mapping)) {
            throw error("must be a map of keys to values");
        }
        return mapping;
    }

    private String keyOf(NodeTuple tuple) {
        if (tuple.getKeyNode() instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw error("keys must be plain text");
    }

    private String child(String name) {
        return key.isEmpty() ? name : key + "." + name;
    }
}
