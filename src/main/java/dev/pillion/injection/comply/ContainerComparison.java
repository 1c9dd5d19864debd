package dev.pillion.injection.comply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.compare.FieldComparison;
import dev.pillion.injection.compare.KubernetesAdditions;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.ImageMirrors;
import dev.pillion.pod.Pod;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Finds whether a container runs what its profile says: every field is as rendered but for {@link KubernetesAdditions#OF_CONTAINER}. */
final class ContainerComparison {

    private static final FieldComparison FIELDS = new FieldComparison(KubernetesAdditions.OF_CONTAINER);

    private final ImageMirrors images;
    private final boolean hostNetwork;
    private final boolean clusterAssignsUsers;
    private final VariableComparison variables;
    private final MountComparison mounts;
    private final ResourceComparison resources;
    private final ContainerTolerance tolerance;

    ContainerComparison(Pod pod, InjectionSettings settings) {
        this.images = settings.images();
        this.hostNetwork = pod.spec("hostNetwork").asBoolean();
        this.clusterAssignsUsers = settings.clusterAssignsUsers();
        this.variables = new VariableComparison(FIELDS, settings.tolerated());
        this.mounts = new MountComparison(FIELDS, pod.volumes(), settings.tolerated());
        this.resources = new ResourceComparison(FIELDS, settings.tolerated());
        this.tolerance = new ContainerTolerance(pod, settings.tolerated());
    }

    /** The first difference as a sentence without a subject; empty where there is none. */
    Optional<String> difference(JsonNode wanted, JsonNode present) {
        JsonNode actual = tolerance.without(wanted, present);
        Set<String> fields = new LinkedHashSet<>();
        wanted.fieldNames().forEachRemaining(fields::add);
        actual.fieldNames().forEachRemaining(fields::add);
        for (String field : fields) {
            Optional<String> difference = difference(field, wanted, actual);
            if (difference.isPresent()) {
                return difference;
            }
        }
        return Optional.empty();
    }

    private Optional<String> difference(String field, JsonNode wanted, JsonNode actual) {
        JsonNode own = wanted.path(field);
        JsonNode present = actual.path(field);
        return switch (field) {
            case "image" -> image(own, present);
            case "imagePullPolicy" ->
                pullPolicy(own, present, actual.path("image").asText());
            case "env" -> variables.difference(own, present);
            case "volumeMounts" -> mounts.difference(own, present);
            case "resources" -> resources.difference(own, present);
            case "ports" -> FIELDS.difference(field, own, hostNetwork ? withoutHostPorts(own, present) : present);
            case "securityContext" -> FIELDS.difference(field, own, withoutAssignedUser(own, present));
            case "resizePolicy" -> resizePolicy(own, present);
            default -> FIELDS.difference(field, own, present);
        };
    }

    private Optional<String> image(JsonNode wanted, JsonNode actual) {
        return images.same(wanted.asText(), actual.asText())
                ? Optional.empty()
                : Optional.of(FieldComparison.sentence("image", wanted, actual)
                        + "; if another webhook replaces the registry, add it to the setting pillion.image-mirrors");
    }

    private static Optional<String> pullPolicy(JsonNode wanted, JsonNode actual, String image) {
        String policy = actual.asText("");
        boolean same = wanted.asText("").isEmpty()
                ? policy.isEmpty() || (policy.equals("IfNotPresent") && !ImageMirrors.isLatest(image))
                : wanted.equals(actual);
        return same || policy.equals("Always")
                ? Optional.empty()
                : Optional.of(FieldComparison.sentence("imagePullPolicy", wanted, actual));
    }

    /** On the node's network a port is the node's own: the API server says so. */
    private static JsonNode withoutHostPorts(JsonNode wanted, JsonNode actual) {
        if (!actual.isArray()) {
            return actual;
        }
        JsonNode ports = actual.deepCopy();
        for (int index = 0; index < ports.size(); index++) {
            JsonNode port = ports.get(index);
            if (port instanceof ObjectNode object
                    && !wanted.path(index).has("hostPort")
                    && port.path("hostPort").equals(port.path("containerPort"))) {
                object.remove("hostPort");
            }
        }
        return ports;
    }

    /** OpenShift's SecurityContextConstraints write the user that they assign into each container. */
    private JsonNode withoutAssignedUser(JsonNode wanted, JsonNode actual) {
        boolean assigned = clusterAssignsUsers
                && !wanted.hasNonNull("runAsUser")
                && actual.path("runAsUser").isIntegralNumber()
                && actual.path("runAsUser").longValue() > 0;
        if (!assigned) {
            return actual;
        }
        ObjectNode others = actual.deepCopy();
        others.remove("runAsUser");
        return others;
    }

    private static Optional<String> resizePolicy(JsonNode wanted, JsonNode actual) {
        boolean usual = actual.isArray() && !wanted.isArray();
        for (JsonNode policy : actual) {
            String resource = policy.path("resourceName").asText();
            usual &= policy.size() == 2
                    && (resource.equals("cpu") || resource.equals("memory"))
                    && policy.path("restartPolicy").asText().equals("NotRequired");
        }
        return FIELDS.difference("resizePolicy", wanted, usual ? MissingNode.getInstance() : actual);
    }
}
