package dev.pillion.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The protection of Pillion's own Pods in {@code deploy/base}. */
class OwnPodTest {

    private static final Path BASE = Path.of("deploy/base");

    @Test
    void noPrivilegedPodCanStartInPillionsNamespace() throws IOException {
        assertThat(read("namespace.yaml")
                        .path("metadata")
                        .path("labels")
                        .path("pod-security.kubernetes.io/enforce")
                        .asText())
                .isEqualTo("restricted");
    }

    @Test
    void theContainerCanWriteToItsTemporaryDirectoryOnly() throws IOException {
        JsonNode pod = read("workload.patch.yaml").at("/spec/template/spec");

        assertThat(pod.at("/containers/0/securityContext/readOnlyRootFilesystem")
                        .asBoolean())
                .isTrue();
        assertThat(pod.at("/containers/0/securityContext/capabilities/drop/0").asText())
                .isEqualTo("ALL");
        assertThat(pod.path("volumes")).hasSize(1);
        assertThat(pod.at("/volumes/0/emptyDir").isObject()).isTrue();
    }

    @Test
    void pillionCanConnectToThePortsOfTheApiServerAndDnsOnly() throws IOException {
        JsonNode policy = read("network-policy.yaml").path("spec");

        assertThat(texts(policy.path("policyTypes"))).containsExactly("Ingress", "Egress");
        List<String> ports = StreamSupport.stream(policy.path("egress").spliterator(), false)
                .flatMap(rule -> StreamSupport.stream(rule.path("ports").spliterator(), false))
                .map(port ->
                        port.path("protocol").asText() + " " + port.path("port").asText())
                .toList();
        assertThat(ports).containsExactlyInAnyOrder("TCP 443", "TCP 6443", "UDP 53", "TCP 53");
        assertThat(policy.path("egress"))
                .allSatisfy(rule -> assertThat(rule.path("ports")).isNotEmpty());
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static JsonNode read(String file) throws IOException {
        return new YAMLMapper().readTree(BASE.resolve(file).toFile());
    }
}
