package io.liveprofile.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code make package} made: a thin job jar, which together with Flink's lib/ and TensorFlow's is whole. */
class JobJarTest {
    private static final Path JAR = Path.of("target/liveprofile-job.jar");
    private static final Path TENSORFLOW = Path.of("target/cluster/lib");
    private static final Path FLINK = Path.of("target/cluster/flink/lib");

    private static final List<String> NOT_OF_A_JOB = List.of(
            "io/liveprofile/cluster/", "io/liveprofile/local/", "io/liveprofile/serving/", "io/liveprofile/simulation/",
            "kafka/", "org/apache/kafka/controller/", "org/apache/kafka/metadata/", "org/apache/kafka/raft/",
            "org/apache/logging/", "org/bytedeco/", "org/rocksdb/", "org/slf4j/", "org/tensorflow/", "picocli/", "scala/");

    @BeforeEach
    void isThere() {
        assumeThat(JAR).as("made by 'make package', which has not run here").exists();
    }

    @Test
    void bothJobsAreInIt() throws IOException {
        assertThat(entries(JAR)).contains(
                "io/liveprofile/job/ProfileJob.class",
                "io/liveprofile/job/TrainingJob.class",
                "org/apache/flink/connector/kafka/source/KafkaSource.class",
                "org/apache/kafka/clients/producer/KafkaProducer.class",
                "org/apache/avro/specific/SpecificRecord.class",
                "dev/cel/runtime/CelRuntime.class",
                "com/google/crypto/tink/KeysetHandle.class");
    }

    @Test
    void noClassOfFlinksDistributionIsInIt() throws IOException {
        List<String> flink = Stream.concat(jars(FLINK), jars(TENSORFLOW))
                // Of versions of their own: Avro's, and what reads our YAML.
                .filter(jar -> !jar.getFileName().toString().matches("(commons|snakeyaml)-.*"))
                .flatMap(jar -> entries(jar).stream())
                .filter(JobJarTest::isClass)
                .toList();
        assertThat(flink).contains(
                "org/apache/flink/runtime/taskexecutor/TaskManagerRunner.class",
                "org/apache/flink/state/rocksdb/EmbeddedRocksDBStateBackend.class",
                "org/tensorflow/SavedModelBundle.class",
                "com/google/protobuf/Message.class");
        assertThat(entries(JAR).stream().filter(Set.copyOf(flink)::contains)).isEmpty();
    }

    @Test
    void neitherBrokerNorSimulatorNorCommandLineIsInIt() throws IOException {
        assertThat(entries(JAR).stream()
                        .filter(JobJarTest::isClass)
                        .filter(entry -> NOT_OF_A_JOB.stream().anyMatch(entry::startsWith)))
                .isEmpty();
        assertThat(entries(JAR)).doesNotContain("log4j2.properties");
    }

    /** Of an own class left out, or a library taken for Flink's, a job would learn only when it needs it. */
    @Test
    void ourClassesFindAllThatTheyName() {
        String beside = Stream.concat(jars(FLINK), jars(TENSORFLOW)).map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        ToolProvider.findFirst("jdeps").orElseThrow().run(new PrintWriter(out), new PrintWriter(err),
                "--multi-release", "17", "--missing-deps", "--class-path", beside, JAR.toString());
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString().lines().map(String::strip).filter(line -> line.startsWith("io.liveprofile."))).isEmpty();
        assertThat(out.toString()).contains("not found"); // of libraries, for what they can do without: jdeps did look
    }

    private static boolean isClass(String entry) {
        return entry.endsWith(".class") && !entry.endsWith("-info.class") && !entry.startsWith("META-INF/");
    }

    private static List<String> entries(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream().map(entry -> entry.getName()).toList();
        } catch (IOException e) {
            throw new AssertionError(jar + " cannot be read", e);
        }
    }

    private static Stream<Path> jars(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> jars = files.sorted().toList();
            assertThat(jars).isNotEmpty();
            return jars.stream();
        } catch (IOException e) {
            throw new AssertionError(directory + " cannot be read", e);
        }
    }
}
