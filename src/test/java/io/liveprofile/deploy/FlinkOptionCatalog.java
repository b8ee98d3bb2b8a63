package io.liveprofile.deploy;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.FallbackKey;

/** Every option that the Flink on the class path declares, so that a key that is written wrong does not pass for one. */
final class FlinkOptionCatalog {
    private static final Pattern REPORTER = Pattern.compile("metrics\\.reporter\\.[a-z]+\\.(.+)");
    /** Read from the reporter's properties, declared as no option. */
    private static final Set<String> REPORTER_KEYS = Set.of("port", "filterLabelValueCharacters");
    /** Handed on to the file system of S3 as they are; Flink's documentation of it names them. */
    private static final Set<String> S3_KEYS = Set.of("s3.endpoint", "s3.path.style.access");
    /** Of the operator, whose implementation is on no repository: from its documentation (KubernetesOperatorConfigOptions). */
    private static final Set<String> OPERATOR_KEYS = Set.of(
            "kubernetes.operator.periodic.savepoint.interval",
            "kubernetes.operator.savepoint.history.max.age",
            "kubernetes.operator.savepoint.history.max.count",
            "kubernetes.operator.job.restart.failed",
            "kubernetes.operator.cluster.health-check.enabled",
            "kubernetes.operator.jm-deployment-recovery.enabled",
            "kubernetes.operator.pod-template.merge-arrays-by-name");

    private final Map<String, ConfigOption<?>> options = new HashMap<>();
    private final Set<String> deprecated = new HashSet<>();

    private FlinkOptionCatalog() {}

    static FlinkOptionCatalog load() {
        FlinkOptionCatalog catalog = new FlinkOptionCatalog();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (entry.matches(".*/flink-[^/]*\\.jar") && !entry.endsWith("-tests.jar")) {
                catalog.addJar(entry);
            }
        }
        return catalog;
    }

    /** What is wrong with the setting; empty when it is an option and its value can be read. */
    Optional<String> problem(String key, String value) {
        if (S3_KEYS.contains(key) || OPERATOR_KEYS.contains(key)) {
            return value.isBlank() ? Optional.of(key + ": no value") : Optional.empty();
        }
        Matcher reporter = REPORTER.matcher(key);
        if (reporter.matches() && REPORTER_KEYS.contains(reporter.group(1))) {
            return Optional.empty();
        }
        String declared = reporter.matches() ? reporter.group(1) : key;
        ConfigOption<?> option = options.get(declared);
        if (option == null) {
            return Optional.of(key + ": " + (deprecated.contains(key) ? "a deprecated option" : "no option of Flink"));
        }
        try {
            Configuration configuration = new Configuration();
            configuration.setString(declared, value);
            configuration.getOptional(option);
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of(key + " = '" + value + "': " + e.getMessage());
        }
    }

    private void addJar(String path) {
        try (JarFile jar = new JarFile(path)) {
            jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith("org/apache/flink/") && name.endsWith("Options.class") && !name.contains("$"))
                    .filter(name -> !name.contains("/shaded/"))
                    .forEach(name -> addClass(name.substring(0, name.length() - ".class".length()).replace('/', '.')));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void addClass(String name) {
        try {
            for (Field field : Class.forName(name).getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) && Modifier.isPublic(field.getModifiers())
                        && field.getType() == ConfigOption.class) {
                    ConfigOption<?> option = (ConfigOption<?>) field.get(null);
                    options.put(option.key(), option);
                    for (FallbackKey fallback : option.fallbackKeys()) {
                        deprecated.add(fallback.getKey());
                    }
                }
            }
        } catch (ReflectiveOperationException | LinkageError e) {
            // Options of something that is not on the class path are none that a file here may use.
        }
    }
}
