package dev.pillion.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.pod.ContainerList;
import dev.pillion.pod.Pod;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Changes workloads and their Pods. Only {@code pillion rollout} does that, with the credentials of its user. */
public final class WorkloadWriter {

    /** The manager of the changed fields, in {@code metadata.managedFields}. */
    private static final String FIELD_MANAGER = "pillion-rollout";

    /** The annotation of {@code kubectl rollout restart}. */
    public static final String RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";

    private static final String RESIZE = "resize";

    /** No right, no subresource, and invalid for this Pod. */
    private static final Set<Integer> REJECTED = Set.of(403, 404, 405, 422);

    private final ApiPaths api;

    public WorkloadWriter(ClusterReader reader) {
        this.api = reader.api();
    }

    /**
     * Restarts a workload as {@code kubectl rollout restart} does: changes an annotation of its Pod template.
     *
     * @return whether the workload still exists
     */
    public boolean restart(ResourceType type, String namespace, String name, Instant now)
            throws UnreachableClusterException {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("spec")
                .putObject("template")
                .putObject("metadata")
                .putObject("annotations")
                .put(RESTARTED_AT, now.truncatedTo(ChronoUnit.SECONDS).toString());
        return patch(type, namespace, name, patch);
    }

    /**
     * Changes images and annotations of a live Pod.
     *
     * @param pod as it was read; a Pod that has changed since then stays as it is
     * @param images by list and name of the container
     * @return whether the Pod was changed; false if it was deleted or has changed since it was read
     */
    public boolean update(Pod pod, Map<ContainerList, Map<String, String>> images, Map<String, String> annotations)
            throws UnreachableClusterException {
        JsonNode present = pod.tree().path("metadata");
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = patch.putObject("metadata");
        metadata.set("resourceVersion", present.path("resourceVersion"));
        annotations.forEach(metadata.putObject("annotations")::put);
        ObjectNode spec = patch.putObject("spec");
        images.forEach((list, byName) -> {
            ArrayNode containers = spec.putArray(list.field());
            byName.forEach(
                    (name, image) -> containers.addObject().put("name", name).put("image", image));
        });
        return patch(ResourceType.POD, present.path("namespace").asText(), pod.name(), patch);
    }

    /**
     * Changes the resources of containers of a live Pod by its subresource {@code resize}.
     *
     * @param pod as it was read; a Pod that has changed since then stays as it is
     * @param resources by list and name of the container
     * @return whether the Pod was changed; false if it was deleted or has changed since it was read
     * @throws RejectedResizeException if the API server has no such subresource, does not permit the change, or the change is invalid
     */
    public boolean resize(Pod pod, Map<ContainerList, Map<String, JsonNode>> resources)
            throws UnreachableClusterException, RejectedResizeException {
        JsonNode present = pod.tree().path("metadata");
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata").set("resourceVersion", present.path("resourceVersion"));
        ObjectNode spec = patch.putObject("spec");
        resources.forEach((list, byName) -> {
            ArrayNode containers = spec.putArray(list.field());
            byName.forEach(
                    (name, needed) -> containers.addObject().put("name", name).set("resources", needed));
        });
        String namespace = present.path("namespace").asText();
        try {
            resource(ResourceType.POD, namespace, pod.name())
                    .subresource(RESIZE)
                    .patch(strategicMerge(), patch.toString());
            return true;
        } catch (KubernetesClientException e) {
            if (isGone(e)) {
                return false;
            }
            if (!REJECTED.contains(e.getCode())) {
                throw new UnreachableClusterException(api.problem("patch", "pods/resize in namespace " + namespace, e));
            }
            throw new RejectedResizeException("Pod " + pod.name() + ": the API server rejects the resize ("
                    + e.getCode() + ")"
                    + Optional.ofNullable(e.getStatus())
                            .map(Status::getMessage)
                            .map(message -> ": " + message)
                            .orElse(""));
        }
    }

    /** Whether the Pod has changed or was deleted. A response of a cluster without the subresource names no object. */
    private static boolean isGone(KubernetesClientException e) {
        return e.getCode() == HttpURLConnection.HTTP_CONFLICT
                || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
                        && Optional.ofNullable(e.getStatus())
                                .map(Status::getDetails)
                                .map(StatusDetails::getName)
                                .filter(name -> !name.isEmpty())
                                .isPresent();
    }

    /** @return whether the patch was applied; false if the object was deleted, or differs from the version in the patch */
    private boolean patch(ResourceType type, String namespace, String name, JsonNode patch)
            throws UnreachableClusterException {
        try {
            resource(type, namespace, name).patch(strategicMerge(), patch.toString());
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND || e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return false;
            }
            throw new UnreachableClusterException(
                    api.problem("patch", type.plural() + " in namespace " + namespace, e));
        }
    }

    private Resource<GenericKubernetesResource> resource(ResourceType type, String namespace, String name) {
        return api.client()
                .genericKubernetesResources(definition(type))
                .inNamespace(namespace)
                .resource(named(type, name));
    }

    private static PatchContext strategicMerge() {
        PatchContext context = PatchContext.of(PatchType.STRATEGIC_MERGE);
        context.setFieldManager(FIELD_MANAGER);
        return context;
    }

    /** With an object instead of a name, the client does not read the object first. */
    private static GenericKubernetesResource named(ResourceType type, String name) {
        GenericKubernetesResource object = new GenericKubernetesResource();
        object.setApiVersion(type.apiVersion());
        object.setKind(type.kind());
        object.setMetadata(new ObjectMetaBuilder().withName(name).build());
        return object;
    }

    private static ResourceDefinitionContext definition(ResourceType type) {
        return new ResourceDefinitionContext.Builder()
                .withGroup(type.group())
                .withVersion(type.version())
                .withKind(type.kind())
                .withPlural(type.plural())
                .withNamespaced(true)
                .build();
    }
}
