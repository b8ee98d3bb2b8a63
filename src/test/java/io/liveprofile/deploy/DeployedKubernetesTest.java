package io.liveprofile.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.liveprofile.job.Options;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.kubernetes.operator.api.FlinkDeployment;
import org.apache.flink.kubernetes.operator.api.spec.FlinkVersion;
import org.apache.flink.kubernetes.operator.api.spec.UpgradeMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every resource is read into the class that its operator reads it into, and a field that the class does not have fails; then
 * what the resources say of each other.
 *
 * <p>The Flink operator's newest artefact on Maven Central is 1.10, which does not know Flink 2.2: {@code flinkVersion} is looked
 * at apart. The values of Flink's options are {@link DeployedFlinkConfigTest}'s.
 */
class DeployedKubernetesTest {
    private static final Map<String, Class<?>> CLASSES = Map.ofEntries(
            Map.entry("v1 Namespace", Namespace.class),
            Map.entry("v1 ServiceAccount", ServiceAccount.class),
            Map.entry("v1 PersistentVolumeClaim", PersistentVolumeClaim.class),
            Map.entry("rbac.authorization.k8s.io/v1 Role", Role.class),
            Map.entry("rbac.authorization.k8s.io/v1 RoleBinding", RoleBinding.class),
            Map.entry("networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class),
            Map.entry("monitoring.coreos.com/v1 PodMonitor", PodMonitor.class),
            Map.entry("monitoring.coreos.com/v1 PrometheusRule", PrometheusRule.class),
            Map.entry("kafka.strimzi.io/v1 Kafka", Kafka.class),
            Map.entry("kafka.strimzi.io/v1 KafkaNodePool", KafkaNodePool.class),
            Map.entry("kafka.strimzi.io/v1 KafkaTopic", KafkaTopic.class),
            Map.entry("flink.apache.org/v1beta1 FlinkDeployment", FlinkDeployment.class));
    private static final String FLINK_VERSION = "v2_2";
    private static final String PART_OF = "app.kubernetes.io/part-of";
    private static final String KAFKA_CLIENT = "liveprofile.io/kafka-client";
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .annotationIntrospector(new NothingIsPassedOver())
            .addHandler(new NewerFlink())
            .build();

    /** The classes keep unknown fields, or ignore them; here they are errors. */
    private static final class NothingIsPassedOver extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return null;
        }

        @Override
        public JsonIgnoreProperties.Value findPropertyIgnoralByName(MapperConfig<?> config, Annotated annotated) {
            return JsonIgnoreProperties.Value.empty();
        }
    }

    private static final class NewerFlink extends DeserializationProblemHandler {
        @Override
        public Object handleWeirdStringValue(DeserializationContext context, Class<?> type, String value, String failure) {
            return type == FlinkVersion.class && value.equals(FLINK_VERSION) ? FlinkVersion.v1_20 : NOT_HANDLED;
        }
    }

    static Stream<JsonNode> resources() {
        return DeployFiles.kubernetes().stream();
    }

    static Stream<JsonNode> deployments() {
        return DeployFiles.kubernetes("FlinkDeployment").stream();
    }

    @ParameterizedTest
    @MethodSource("resources")
    void everyFieldIsOneOfItsKind(JsonNode resource) throws JsonProcessingException {
        String kind = resource.get("apiVersion").asText() + " " + resource.get("kind").asText();
        assertThat(CLASSES).containsKey(kind);
        assertThat(STRICT.treeToValue(resource, CLASSES.get(kind))).isNotNull();
        assertThat(DeployFiles.name(resource)).matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");
    }

    @Test
    void aFieldThatIsNoneWouldBeFound() {
        for (String place : List.of("/spec", "/spec/jobManager", "/spec/job", "/spec/podTemplate/spec",
                "/spec/podTemplate/spec/containers/0", "/spec/taskManager/podTemplate/spec/affinity")) {
            JsonNode deployment = deployments().findFirst().orElseThrow();
            ((ObjectNode) deployment.at(place)).put("replica", 1);
            assertThatThrownBy(() -> STRICT.treeToValue(deployment, FlinkDeployment.class)).as(place)
                    .isInstanceOf(UnrecognizedPropertyException.class);
        }
        JsonNode topic = DeployFiles.kubernetes("KafkaTopic").get(0);
        ((ObjectNode) topic.get("spec")).put("partition", 1);
        assertThatThrownBy(() -> STRICT.treeToValue(topic, KafkaTopic.class)).isInstanceOf(UnrecognizedPropertyException.class);
    }

    @ParameterizedTest
    @MethodSource("deployments")
    void logsAreConfiguredAsInTheImageButJson(JsonNode deployment) {
        assertThat(deployment.at("/spec/logConfiguration/log4j-console.properties").asText()).isEqualTo(
                DeployFiles.text(Path.of("flink-conf/log4j-console.properties")).replace("${env:LOGS:-text}", "${env:LOGS:-json}"));
    }

    @Test
    void theKustomizationListsEveryFile() {
        Set<String> listed = new HashSet<>();
        DeployFiles.document(DeployFiles.KUBERNETES.resolve("kustomization.yaml")).get("resources")
                .forEach(file -> listed.add(file.asText()));
        Set<String> there = new HashSet<>();
        DeployFiles.all().stream().filter(file -> file.startsWith(DeployFiles.KUBERNETES))
                .forEach(file -> there.add(file.getFileName().toString()));
        there.removeAll(Set.of("kustomization.yaml", "kustomize-config.yaml"));
        assertThat(listed).isEqualTo(there);
        assertThat(resources().map(each -> each.get("kind").asText() + " " + DeployFiles.name(each))).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("deployments")
    void aJobIsStartedAsItsMainTakesIt(JsonNode deployment) throws Exception {
        JsonNode spec = deployment.get("spec");
        assertThat(spec.get("flinkVersion").asText()).isEqualTo(FLINK_VERSION);
        assertThat(spec.at("/job/jarURI").asText()).isEqualTo("local://" + DeployedJobs.JAR);
        assertThat(Class.forName(spec.at("/job/entryClass").asText()).getMethod("main", String[].class)).isNotNull();
        assertThat(UpgradeMode.valueOf(spec.at("/job/upgradeMode").asText().toUpperCase().replace('-', '_')))
                .isNotEqualTo(UpgradeMode.STATELESS);

        Configuration options = DeployedJobs.options(arguments(deployment));
        String cluster = DeployFiles.name(DeployFiles.kubernetes("Kafka").get(0));
        assertThat(options.get(Options.KAFKA_SERVERS)).isEqualTo(cluster + "-kafka-bootstrap:9092");
        List<String> mounts = new ArrayList<>();
        for (String template : List.of("/podTemplate", "/jobManager/podTemplate")) {
            spec.at(template + "/spec/containers/0/volumeMounts")
                    .forEach(mount -> mounts.add(mount.get("mountPath").asText() + "/"));
        }
        assertThat(DeployedJobs.mounted(options))
                .allSatisfy(file -> assertThat(mounts).anyMatch(mount -> (file + "/").startsWith(mount)));
        assertThat(mounts).contains(spec.at("/flinkConfiguration/state.backend.rocksdb.localdir").asText() + "/");
    }

    /** Main runs in the JobManager and reads the key there; no other pod needs the file. */
    @ParameterizedTest
    @MethodSource("deployments")
    void secretsComeByReferenceAndToWhomNeedsThem(JsonNode deployment) {
        JsonNode spec = deployment.get("spec");
        JsonNode volume = spec.at("/jobManager/podTemplate/spec/volumes/0");
        assertThat(volume.at("/secret/secretName").asText()).isEqualTo("liveprofile-pseudonym-key");
        assertThat(spec.at("/podTemplate").toString()).doesNotContain("pseudonym-key");
        assertThat(spec.at("/taskManager").toString()).doesNotContain("pseudonym-key");
        List<String> variables = new ArrayList<>();
        spec.at("/podTemplate/spec/containers/0/env").forEach(variable -> {
            assertThat(variable.at("/valueFrom/secretKeyRef/name").asText()).isEqualTo("liveprofile-object-store");
            variables.add(variable.get("name").asText());
        });
        assertThat(variables).containsExactly("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
        // What the kustomization tells people to create.
        assertThat(DeployFiles.text(DeployFiles.KUBERNETES.resolve("kustomization.yaml")))
                .contains("liveprofile-pseudonym-key -n liveprofile --from-file=pseudonym-key.json=")
                .contains("liveprofile-object-store -n liveprofile --from-file=access-key-id=")
                .contains("--from-file=secret-access-key=");
    }

    /** The operator merges the two templates of a pod, lists by position unless it is told to go by name. */
    @ParameterizedTest
    @MethodSource("deployments")
    void thePodsHaveTheVolumesOfBothTemplates(JsonNode deployment) {
        JsonNode spec = deployment.get("spec");
        boolean byName = spec.at("/flinkConfiguration/kubernetes.operator.pod-template.merge-arrays-by-name").asText().equals("true");
        Map.of("jobManager", List.of("models", "rocksdb", "pseudonym-key"), "taskManager", List.of("models", "rocksdb"))
                .forEach((process, names) -> {
                    JsonNode pod = spec.at("/podTemplate/spec").deepCopy();
                    merge(pod, spec.get(process).at("/podTemplate/spec"), byName);
                    assertThat(pod.get("volumes")).allMatch(volume -> volume.size() == 2, "a name and one source");
                    assertThat(pod.get("volumes")).extracting(volume -> volume.get("name").asText()).containsExactlyElementsOf(names);
                    assertThat(pod.get("containers")).hasSize(1);
                    assertThat(pod.at("/containers/0/volumeMounts")).extracting(mount -> mount.get("name").asText())
                            .containsExactlyElementsOf(names);
                });
    }

    /** As the operator's {@code FlinkUtils.mergePodTemplates} does. */
    private static void merge(JsonNode to, JsonNode from, boolean byName) {
        from.fields().forEachRemaining(field -> {
            JsonNode there = to.get(field.getKey());
            if (there == null || !there.isContainerNode()) {
                ((ObjectNode) to).set(field.getKey(), field.getValue());
            } else if (there.isObject()) {
                merge(there, field.getValue(), byName);
            } else {
                for (int i = 0; i < field.getValue().size(); i++) {
                    JsonNode element = field.getValue().get(i);
                    JsonNode same = byName ? named(there, element.get("name")) : there.get(i);
                    if (same == null) {
                        ((ArrayNode) there).add(element);
                    } else {
                        merge(same, element, byName);
                    }
                }
            }
        });
    }

    private static JsonNode named(JsonNode list, JsonNode name) {
        for (JsonNode element : list) {
            if (element.get("name").equals(name)) {
                return element;
            }
        }
        return null;
    }

    @ParameterizedTest
    @MethodSource("deployments")
    void podsAreFoundByWhatSelectsThem(JsonNode deployment) {
        String label = deployment.at("/spec/podTemplate/metadata/labels").get(PART_OF).asText();
        DeployFiles.kubernetes("NetworkPolicy").forEach(policy ->
                assertThat(policy.at("/spec/podSelector/matchLabels").get(PART_OF).asText()).isEqualTo(label));
        JsonNode monitor = DeployFiles.kubernetes("PodMonitor").get(0);
        assertThat(monitor.at("/spec/selector/matchLabels").get(PART_OF).asText()).isEqualTo(label);
        JsonNode port = deployment.at("/spec/podTemplate/spec/containers/0/ports/0");
        assertThat(monitor.at("/spec/podMetricsEndpoints/0/port")).isEqualTo(port.get("name"));
        assertThat(port.get("containerPort").asText())
                .isEqualTo(deployment.at("/spec/flinkConfiguration/metrics.reporter.prometheus.port").asText());
        JsonNode listener = DeployFiles.kubernetes("Kafka").get(0).at("/spec/kafka/listeners/0");
        assertThat(listener.at("/networkPolicyPeers/0/podSelector/matchLabels").get(PART_OF).asText()).isEqualTo(label);

        // Flink labels its pods with the name of the deployment and what they are.
        JsonNode apart = deployment.at("/spec/taskManager/podTemplate/spec/affinity/podAntiAffinity"
                + "/preferredDuringSchedulingIgnoredDuringExecution/0/podAffinityTerm/labelSelector/matchLabels");
        assertThat(apart.get("app").asText()).isEqualTo(DeployFiles.name(deployment));
        assertThat(apart.get("component").asText()).isEqualTo("taskmanager");
    }

    /** Who sends events or serves profiles runs elsewhere; Strimzi lets in whom the peers name, and no policy of ours selects its pods. */
    @Test
    void clientsOfKafkaInOtherNamespacesAreLetIn() {
        JsonNode kafka = DeployFiles.kubernetes("Kafka").get(0);
        JsonNode peers = kafka.at("/spec/kafka/listeners/0/networkPolicyPeers");
        assertThat(peers).hasSize(2);
        assertThat(DeployFiles.flat(peers.get(1).at("/podSelector/matchLabels"))).isEqualTo(Map.of(KAFKA_CLIENT, "true"));
        // One with nothing in it is every namespace; without one it is Kafka's own.
        assertThat(peers.get(1).get("namespaceSelector").isObject()).isTrue();
        assertThat(peers.get(1).get("namespaceSelector")).isEmpty();
        for (Path told : List.of(DeployFiles.KUBERNETES.resolve("kustomization.yaml"), Path.of("README.md"))) {
            assertThat(DeployFiles.text(told)).contains(KAFKA_CLIENT + ": \"true\"");
        }

        String partOfKafka = "strimzi-" + DeployFiles.name(kafka); // Strimzi's Labels.generateDefaultLabels
        DeployFiles.kubernetes("NetworkPolicy").forEach(policy ->
                assertThat(policy.at("/spec/podSelector/matchLabels").get(PART_OF).asText()).isNotEqualTo(partOfKafka));
    }

    @ParameterizedTest
    @MethodSource("deployments")
    void theObjectStoreIsWhereTheJobsMayGo(JsonNode deployment) {
        URI endpoint = URI.create(deployment.at("/spec/flinkConfiguration/s3.endpoint").asText());
        int port = endpoint.getPort() >= 0 ? endpoint.getPort() : endpoint.getScheme().equals("https") ? 443 : 80;
        JsonNode egress = DeployFiles.kubernetes("NetworkPolicy").get(0).at("/spec/egress");
        assertThat(egress).anyMatch(rule -> !rule.has("to") && rule.get("ports").findValuesAsText("port").contains("" + port));
    }

    @ParameterizedTest
    @MethodSource("deployments")
    void whatAJobNamesIsThere(JsonNode deployment) {
        assertThat(DeployFiles.kubernetes("ServiceAccount").stream().map(DeployFiles::name))
                .contains(deployment.at("/spec/serviceAccount").asText());
        assertThat(DeployFiles.kubernetes("PersistentVolumeClaim").stream().map(DeployFiles::name))
                .contains(deployment.at("/spec/podTemplate/spec/volumes/0/persistentVolumeClaim/claimName").asText());
        String image = deployment.at("/spec/image").asText();
        assertThat(image).isEqualTo(DeployFiles.document(DeployFiles.COMPOSE).at("/services/jobmanager/image").asText());
        assertThat(DeployFiles.document(DeployFiles.KUBERNETES.resolve("kustomization.yaml")).at("/images/0/name").asText())
                .isEqualTo(image.substring(0, image.indexOf(':')));
    }

    static List<String> arguments(JsonNode deployment) {
        List<String> arguments = new ArrayList<>();
        deployment.at("/spec/job/args").forEach(argument -> arguments.add(argument.asText()));
        return arguments;
    }
}
