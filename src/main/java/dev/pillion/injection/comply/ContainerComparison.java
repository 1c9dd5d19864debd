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

/** Compares a companion with the rendered container, except for {@link KubernetesAdditions#OF_CONTAINER}. */
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

    /** The first difference as a sentence without a subject; empty if there is none. */
    Optional<String> difference(JsonNode rendered, JsonNode present) {
        JsonNode actual = tolerance.without(rendered, present);
        Set<String> fields = new LinkedHashSet<>();
        rendered.fieldNames().forEachRemaining(fields::add);
        actual.fieldNames().forEachRemaining(fields::add);
        for (String field : fields) {
            Optional<String> difference = difference(field, rendered, actual);
            if (difference.isPresent()) {
                return difference;
            }
        }
        return Optional.empty();
    }

    private Optional<String> difference(String field, JsonNode rendered, JsonNode actual) {
        JsonNode own = rendered.path(field);
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

    private Optional<String> image(JsonNode rendered, JsonNode actual) {
        return images.same(rendered.asText(), actual.asText())
                ? Optional.empty()
                : Optional.of(FieldComparison.sentence("image", rendered, actual)
                        + "; if another webhook replaces the registry, add it to the setting pillion.image-mirrors");
    }

    private static Optional<String> pullPolicy(JsonNode rendered, JsonNode actual, String image) {
        String policy = actual.asText("");
        boolean same = rendered.asText("").isEmpty()
                ? policy.isEmpty() || (policy.equals("IfNotPresent") && !ImageMirrors.isLatest(image))
                : rendered.equals(actual);
        return same || policy.equals("Always")
                ? Optional.empty()
                : Optional.of(FieldComparison.sentence("imagePullPolicy", rendered, actual));
    }

    /** With {@code hostNetwork} the API server sets the host port of each port to its container port. */
    private static JsonNode withoutHostPorts(JsonNode rendered, JsonNode actual) {
        if (!actual.isArray()) {
            return actual;
        }
        JsonNode ports = actual.deepCopy();
        for (int index = 0; index < ports.size(); index++) {
            JsonNode port = ports.get(index);
            if (port instanceof ObjectNode object
                    && !rendered.path(index).has("hostPort")
                    && port.path("hostPort").equals(port.path("containerPort"))) {
                object.remove("hostPort");
            }
        }
        return ports;
    }

    /** OpenShift's SecurityContextConstraints set the assigned user in each container. */
    private JsonNode withoutAssignedUser(JsonNode rendered, JsonNode actual) {
        boolean assigned = clusterAssignsUsers
                && !rendered.hasNonNull("runAsUser")
                && actual.path("runAsUser").isIntegralNumber()
                && actual.path("runAsUser").longValue() > 0;
        if (!assigned) {
            return actual;
        }
        ObjectNode others = actual.deepCopy();
        others.remove("runAsUser");
        return others;
    }

    private static Optional<String> resizePolicy(JsonNode rendered, JsonNode actual) {
        boolean usual = actual.isArray() && !rendered.isArray();
        for (JsonNode policy : actual) {
            String resource = policy.path("resourceName").asText();
            usual &= policy.size() == 2
                    && (resource.equals("cpu") || resource.equals("memory"))
                    && policy.path("restartPolicy").asText().equals("NotRequired");
        }
        return FIELDS.difference("resizePolicy", rendered, usual ? MissingNode.getInstance() : actual);
    }
}
