package dev.pillion.cli.doctor.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The parts of Pillion's Deployment and Pods that several checks read. */
final class PillionWorkload {

    private static final String DEFAULT_SECRET = "pillion-certificate";

    private PillionWorkload() {}

    private static JsonNode podSpec(JsonNode deployment) {
        return deployment.path("spec").path("template").path("spec");
    }

    /** Pillion's container. Other webhooks can add more to the Pod. */
    static JsonNode container(JsonNode podSpec) {
        return podSpec.path("containers")
                .valueStream()
                .filter(each -> each.path("name").asText().equals(Inspection.PILLION))
                .findFirst()
                .orElseGet(() -> podSpec.path("containers").path(0));
    }

    static String image(JsonNode deployment) {
        return container(podSpec(deployment)).path("image").asText();
    }

    static JsonNode imagePullSecrets(JsonNode deployment) {
        return podSpec(deployment).path("imagePullSecrets");
    }

    static String serviceAccount(JsonNode deployment) {
        return podSpec(deployment).path("serviceAccountName").asText("default");
    }

    static Map<String, String> labels(JsonNode deployment) {
        return labelsOf(deployment.path("spec").path("template"));
    }

    static Map<String, String> labelsOf(JsonNode object) {
        return object.path("metadata").path("labels").properties().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, label -> label.getValue().asText()));
    }

    /** Whether Pillion creates and renews its certificate. */
    static boolean isSelfManaged(JsonNode deployment) {
        return env(deployment, "PILLION_TLS_SELF_MANAGED")
                .filter("true"::equals)
                .isPresent();
    }

    /** The Secret with the server's certificate. */
    static String certificateSecret(JsonNode deployment) {
        Stream<String> mounted = podSpec(deployment)
                .path("volumes")
                .valueStream()
                .filter(volume -> volume.path("name").asText().equals("certificate"))
                .map(volume -> volume.path("secret").path("secretName").asText())
                .filter(name -> !name.isEmpty());
        return mounted.findFirst()
                .or(() -> env(deployment, "PILLION_TLS_SECRET"))
                .orElse(DEFAULT_SECRET);
    }

    private static Optional<String> env(JsonNode deployment, String name) {
        return container(podSpec(deployment))
                .path("env")
                .valueStream()
                .filter(each -> each.path("name").asText().equals(name))
                .map(each -> each.path("value").asText())
                .findFirst();
    }

    static String name(JsonNode object) {
        return object.path("metadata").path("name").asText();
    }

    static boolean isRunning(JsonNode pod) {
        return pod.path("status").path("phase").asText().equals("Running");
    }
}
